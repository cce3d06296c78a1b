"""What is public of the forum, in the words of queries."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from allmende.portal.open_data.model import Column, Kind
from allmende.registry.models import Office

from ..models import ConcernQuerySet
from ..queries import visible_concerns

AT_ONCE = 2_000
CONCERN = Column("concern", Kind.TEXT, _("Anliegen"), refers_to="anliegen.slug")
# What ``office_of`` needs of a mandate.
OFFICE = ("mandate__office", "mandate__organisation__name")


def public_concerns() -> ConcernQuerySet:
    """Those that a visitor without an account may see."""
    return visible_concerns(AnonymousUser()).select_related(None).order_by("pk")


def of_public_concerns(path: str = "concern") -> Q:
    """Rows that belong to one of them; ``path`` leads there.

    Asked of each row, so that rows come in the order of their keys: „in“ would make SQLite begin with
    the concerns and sort two million votes in memory.
    """
    return Q(Exists(public_concerns().order_by().filter(pk=OuterRef(path))))


def stream(rows: QuerySet[Any, Any], *columns: str) -> Iterator[tuple[Any, ...]]:
    """Rows by their key, a few at a time."""
    return rows.order_by("pk").values_list(*columns).iterator(chunk_size=AT_ONCE)


def office_of(office: str | None, organisation: str | None) -> str | None:
    """In which office somebody acted: „Bürgermeisterin · Lindenfurt“."""
    if office is None:
        return None
    return f"{_offices().get(office, office)} · {organisation}"


@cache
def _offices() -> dict[str, str]:
    # Data speak German, whoever asks for them first.
    with override(settings.LANGUAGE_CODE):
        return {str(value): str(label) for value, label in Office.choices}
