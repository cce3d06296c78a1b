"""Managing the people of an organisation: changing, extending and ending their mandates."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.audit.services import audited, record

from .. import queries
from ..models import Mandate, Right, as_columns
from .mandates import MandateError
from .telling import tell_of_end

if TYPE_CHECKING:
    from allmende.accounts.models import User

MOST_WARNINGS = 500


class LastManagerError(MandateError):
    """Nobody would be left to manage the people; ``operator_takes_over`` says that this is meant."""

    def __init__(self) -> None:
        super().__init__(
            gettext(
                "Sie sind die letzte Person, die hier Menschen verwaltet. Geben Sie das Recht zuerst "
                "jemand anderem, oder bestätigen Sie, dass der Betrieb übernimmt."
            )
        )


NOT_FOR_YOURSELF = _(
    "Eigene Rechte und die eigene Zeit können Sie nur verringern. Mehr gibt Ihnen eine andere "
    "Person, die hier Menschen verwaltet, oder der Betrieb."
)


@audited
def change_mandate(
    *,
    actor: "User",
    mandate: Mandate,
    rights: frozenset[Right],
    until: date | None,
    title: str,
    operator_takes_over: bool = False,
) -> Mandate:
    """Change what a mandate allows, and until when it holds.

    Raises
    ------
    MandateError
        If it has ended, if the day has passed, or if the actor would gain by it.
    LastManagerError
        If the actor gives up the last right to manage.
    """
    mandate = _still_held(mandate)
    if until is not None and until < timezone.localdate():
        raise MandateError(
            gettext("Das Ende liegt in der Vergangenheit. Zum Beenden gibt es „Beenden“.")
        )
    if mandate.user_id == actor.pk:
        longer = mandate.until is not None and (until is None or until > mandate.until)
        if rights - mandate.rights or longer:
            raise MandateError(NOT_FOR_YOURSELF)
        if Right.MANAGE not in rights:
            _check_not_last(mandate, operator_takes_over=operator_takes_over)
    before = {"rights": sorted(mandate.rights), "until": _iso(mandate.until)}
    acting = queries.acting_mandate(actor, mandate.organisation, Right.MANAGE)
    if mandate.until != until:
        mandate.warned_at = None
    mandate.until, mandate.title = until, title
    for field, value in as_columns(rights).items():
        setattr(mandate, field, value)
    mandate.save()
    actor.forget_remembered()
    record(
        actor=actor,
        deed="registry.change_mandate",
        obj=mandate,
        mandate=acting,
        before=before,
        rights=sorted(rights),
        until=_iso(until),
    )
    return mandate


@audited
def end_mandate_of(
    *,
    actor: "User",
    mandate: Mandate,
    reason: str,
    last_day: date | None = None,
    operator_takes_over: bool = False,
) -> Mandate:
    """End a mandate: with the end of ``last_day``, or at once. What was said stays where it is.

    Raises
    ------
    MandateError
        If it has ended already, or the day has passed or is later than its end.
    LastManagerError
        If the actor gives up the last right to manage.
    """
    mandate = _still_held(mandate)
    today = timezone.localdate()
    if last_day is not None and last_day < today:
        raise MandateError(gettext("Dieser Tag ist vorbei. Beenden Sie das Mandat sofort."))
    if last_day is not None and mandate.until is not None and last_day > mandate.until:
        raise MandateError(
            gettext("Das Mandat endet schon am %(until)s.")
            % {"until": date_format(mandate.until, "SHORT_DATE_FORMAT")}
        )
    if mandate.user_id == actor.pk:
        _check_not_last(mandate, operator_takes_over=operator_takes_over)
    acting = queries.acting_mandate(actor, mandate.organisation, Right.MANAGE)
    # Its last day is the one before: so it stops now, even where it began today.
    mandate.until = last_day or today - timedelta(days=1)
    mandate.save(update_fields=["until"])
    actor.forget_remembered()
    record(
        actor=actor,
        deed="registry.end_mandate",
        obj=mandate,
        reason=reason,
        mandate=acting,
        until=_iso(mandate.until),
    )
    return mandate


def _still_held(mandate: Mandate) -> Mandate:
    """The mandate as it stands in this transaction."""
    fresh = Mandate.objects.select_related("organisation__region", "user").get(pk=mandate.pk)
    if fresh.until is not None and fresh.until < timezone.localdate():
        raise MandateError(gettext("Dieses Mandat ist schon beendet."))
    return fresh


def _check_not_last(mandate: Mandate, *, operator_takes_over: bool) -> None:
    if not operator_takes_over and queries.is_last_manager(mandate):
        raise LastManagerError


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def warn_of_ends() -> int:
    """Tell once, 60 days before, whose mandates end, and who could extend them; returns how many."""
    ending = (
        queries.ending_soon(Mandate.objects.current())
        .filter(warned_at=None)
        .select_related("user", "organisation")
        .order_by("until", "pk")[:MOST_WARNINGS]
    )
    return sum(_warn(mandate) for mandate in ending)


@audited
def _warn(mandate: Mandate) -> bool:
    unwarned = Mandate.objects.filter(pk=mandate.pk, until=mandate.until, warned_at=None)
    if not unwarned.update(warned_at=timezone.now()):
        return False
    tell_of_end(mandate, queries.managers_of(mandate.organisation))
    record(actor=None, deed="registry.warn_of_end", obj=mandate, until=_iso(mandate.until))
    return True
