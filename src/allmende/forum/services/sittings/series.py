"""Series of sittings and who belongs to them."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.registry.models import Mandate, Organisation

from ...models import Series
from ..concerns import UMLAUTS
from ..errors import Conflict

if TYPE_CHECKING:
    from allmende.accounts.models import User

# Addresses beside the series.
TAKEN = ("", "neu")


@audited
def add_series(
    *, actor: "User", mandate: Mandate | None, host: Organisation, name: str, months: int
) -> Series:
    """Begin a series; its host is its first member. Operators do it without a mandate."""
    series = Series.objects.create(
        name=name, slug=_free_slug(name), months=months, host=host, is_example=host.is_example
    )
    series.members.add(host)
    record(actor=actor, mandate=mandate, deed="forum.add_series", obj=series, host=host.slug)
    return series


def _free_slug(name: str) -> str:
    slug = slugify(name.lower().translate(UMLAUTS))[:60].strip("-")
    if slug in TAKEN or Series.objects.filter(slug=slug).exists():
        slug = f"{slug}-{uuid4().hex[:6]}".lstrip("-")
    return slug


@audited
def change_series(
    *, actor: "User", mandate: Mandate | None, series: Series, name: str, months: int
) -> None:
    """Give a series another name or distance; its address stays, for calendars subscribe to it."""
    Series.objects.filter(pk=series.pk).update(name=name, months=months)
    series.refresh_from_db()
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.change_series",
        obj=series,
        name=name,
        months=months,
    )


@audited
def add_members(
    *,
    actor: "User",
    mandate: Mandate | None,
    series: Series,
    organisations: QuerySet[Organisation],
) -> int:
    """Let organisations belong to a series; returns how many did not before.

    Invented ones belong to example data only, and real ones never do: others are left out.
    """
    fitting = organisations.filter(is_example=series.is_example).exclude(
        pk__in=series.members.values("pk")
    )
    new = list(fitting.order_by("pk").values_list("pk", flat=True))
    if new:
        series.members.add(*new)
        record(
            actor=actor, mandate=mandate, deed="forum.add_members", obj=series, organisations=new
        )
    return len(new)


@audited
def remove_member(
    *, actor: "User", mandate: Mandate | None, series: Series, organisation: Organisation
) -> None:
    """Invite an organisation no more; what it was invited to stays. Raises ``Conflict`` if it is gone."""
    if not series.members.filter(pk=organisation.pk).exists():
        raise Conflict(_("Diese Organisation gehört nicht mehr zur Reihe."))
    series.members.remove(organisation)
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.remove_member",
        obj=series,
        organisation=organisation.slug,
    )
