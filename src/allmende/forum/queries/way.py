"""The way of a concern as a line: what lies behind it, where it is, what comes."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from ..models import Concern, ConcernState, Extension, Step

LABELS = {
    ConcernState.DRAFT: pgettext_lazy("station", "Entwurf"),
    ConcernState.OPEN: gettext_lazy("Aussagen und Stimmen"),
    ConcernState.POSITION: gettext_lazy("Gemeinsame Position"),
    ConcernState.SENT: gettext_lazy("Beim Ministerium"),
    ConcernState.ANSWERED: gettext_lazy("Antwort"),
    ConcernState.PURSUED: gettext_lazy("Zusagen"),
    ConcernState.CLOSED: gettext_lazy("Abschluss"),
}
ORDER = list(LABELS)


@dataclass(frozen=True)
class Stop:
    """One state on the way; ``progress`` is done, now, or empty where it is still to come."""

    state: ConcernState
    label: str
    note: str
    office: str
    reason: str
    progress: str
    is_late: bool = False


def way_of(concern: Concern) -> list[Stop]:
    """All states that lie on a concern's way, with dates, offices and reasons; one query.

    What a finished concern has left out is not on its way any more.
    """
    steps: dict[str, Step] = {
        step.state: step for step in concern.steps.select_related("mandate__organisation")
    }
    now = _current(concern)
    place = ORDER.index(now)
    at = _dates(concern, steps)
    is_finished = concern.state == ConcernState.CLOSED
    stops = []
    for number, state in enumerate(ORDER):
        if is_finished and at[state] is None:
            continue
        progress = "done" if number < place else "now" if number == place else ""
        step = steps.get(state)
        stops.append(
            Stop(
                state=state,
                label=str(LABELS[state]),
                note=_note(concern, state, progress, at[state]),
                office=_office(step) if progress else "",
                reason=_reason(concern, state, step if progress else None),
                progress=progress,
                is_late=state == ConcernState.ANSWERED and not progress and _is_late(concern),
            )
        )
    return stops


def _current(concern: Concern) -> ConcernState:
    """Where it is: at its position as soon as its deadline has passed, before the tick has said so."""
    if concern.state == ConcernState.OPEN and concern.is_over:
        return ConcernState.POSITION
    return ConcernState(concern.state)


def _dates(concern: Concern, steps: dict[str, Step]) -> dict[ConcernState, datetime | None]:
    """When each state was reached."""
    told = {state: step.at for state, step in steps.items()}
    of_concern = {
        ConcernState.DRAFT: concern.created_at,
        ConcernState.OPEN: concern.opened_at,
        ConcernState.POSITION: concern.ends_at
        if _current(concern) not in (ConcernState.DRAFT, ConcernState.OPEN, ConcernState.CLOSED)
        else None,
        ConcernState.SENT: concern.sent_at,
        ConcernState.ANSWERED: concern.answered_at,
        ConcernState.CLOSED: concern.closed_at,
    }
    dates = {state: told.get(state) or of_concern.get(state) for state in ORDER}
    if concern.state == ConcernState.CLOSED and dates[ConcernState.CLOSED] is None:
        dates[ConcernState.CLOSED] = concern.ends_at
    return dates


def _note(concern: Concern, state: ConcernState, progress: str, at: datetime | None) -> str:
    """A date in words: when it was, until when it is, or when it comes."""
    if progress == "now":
        if state == ConcernState.OPEN:
            return _("bis %(day)s") % {"day": _day(concern.deadline)}
        if state in (ConcernState.POSITION, ConcernState.SENT, ConcernState.PURSUED) and at:
            return _("seit %(day)s") % {"day": _day(at)}
    if progress:
        return _day(at) if at else ""
    return _to_come(concern, state)


def _to_come(concern: Concern, state: ConcernState) -> str:
    """When, or under which condition, a state will be reached."""
    if state == ConcernState.ANSWERED and concern.answer_due is not None:
        days = {"day": _day(concern.answer_due)}
        if _is_late(concern):
            return _("überfällig seit %(day)s") % days
        if extension := _extension(concern):
            days["before"] = _day(extension.before)
            return _("bis %(day)s, bisher %(before)s") % days
        return _("bis %(day)s") % days
    deadline = {"day": _day(concern.deadline)}
    quorum = _("sobald genug mitzeichnen")
    return {
        ConcernState.OPEN: _("bis %(day)s") % deadline,
        ConcernState.POSITION: _("nach dem %(day)s") % deadline,
        ConcernState.SENT: _("sobald die Position versiegelt ist") if concern.quorum_at else quorum,
        ConcernState.ANSWERED: _("mit Frist"),
        ConcernState.PURSUED: _("bis sie eingehalten sind"),
    }.get(state, "")


def _extension(concern: Concern) -> Extension | None:
    """That of its date, if it was moved; no query where the concern was read with it."""
    return getattr(concern, "extension", None) if concern.answer_due else None


def _reason(concern: Concern, state: ConcernState, step: Step | None) -> str:
    """Why it came into a state, or why its answer comes later."""
    if step is not None:
        # What nobody has written is a text of ours.
        by_itself = step.actor_id is None and step.mandate is None
        return _(step.reason) if by_itself and step.reason else step.reason
    extension = _extension(concern) if state == ConcernState.ANSWERED else None
    return extension.reason if extension else ""


def _is_late(concern: Concern) -> bool:
    return (
        concern.answered_at is None
        and concern.answer_due is not None
        and concern.answer_due < timezone.now()
    )


def _office(step: Step | None) -> str:
    """In whose name it was done; a deadline and the quorum act for nobody."""
    if step is None:
        return ""
    if step.mandate is not None:
        return step.mandate.organisation.name
    if step.state == ConcernState.SENT:
        return _("Quorum erreicht")
    if step.actor_id is None or step.state == ConcernState.DRAFT:
        return ""
    return pgettext("actor", "Betrieb")


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at))
