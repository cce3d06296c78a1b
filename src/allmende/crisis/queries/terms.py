"""What is due for a person, for her calendar: days of duties, deadlines of incident reports, when an exercise begins."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.formats.calendars import Term
from allmende.formats.exercise_script.words import MARK

from ..models import Exercise
from .duties import duties_in_charge
from .incidents import incidents_in_charge, next_deadline

if TYPE_CHECKING:
    from allmende.accounts.models import User


def terms_of(user: "User", *, now: datetime, absolute: Callable[[str], str]) -> Iterator[Term]:
    """What her organisations have to do, as far as she may write about it; every open day, however far."""
    # A file is German, whoever fetches it.
    with override(settings.LANGUAGE_CODE):
        for incident in incidents_in_charge(user):
            stage, until = next_deadline(incident)
            yield Term(
                uid=_uid(f"stoerung-{incident.pk}-{stage.value}", absolute),
                title=_("%(stage)s: %(facility)s")
                % {"stage": stage.label, "facility": incident.facility.name},
                due=until,
                changed_at=now,
                description=incident.what,
                url=absolute(incident.get_absolute_url()),
            )
        for duties in duties_in_charge(user, on=timezone.localdate(now)):
            for due in duties.open:
                assert due.due_on is not None  # noqa: S101  it is open: it has a day
                yield Term(
                    uid=_uid(f"pflicht-{duties.facility.pk}-{due.duty.key}", absolute),
                    title=_("%(duty)s: %(facility)s")
                    % {"duty": due.duty.title, "facility": duties.facility.name},
                    due=due.due_on,
                    changed_at=now,
                    description=due.duty.paragraph if duties.is_legal else _("freiwillig"),
                    url=absolute(reverse("crisis:facility_duties", args=[duties.facility.pk])),
                )


def beginning_of(exercise: Exercise, *, now: datetime, absolute: Callable[[str], str]) -> Term:
    """When an exercise is meant to begin. It says no more than everybody reads who has a link to it.

    How long it takes here nobody knows: its clock runs as its control sets it.
    """
    assert exercise.planned_at is not None  # noqa: S101  the view has seen to it
    with override(settings.LANGUAGE_CODE):
        said = _("Eine Übung von %(host)s") % {"host": exercise.host}
    return Term(
        uid=_uid(f"uebung-{exercise.pk}", absolute),
        title=f"{MARK}: {exercise.title}",
        due=exercise.planned_at,
        changed_at=now,
        description=said,
        url=absolute(exercise.get_absolute_url()),
    )


def _uid(what: str, absolute: Callable[[str], str]) -> str:
    """The name of an entry in calendars; other installations count from 1, too."""
    return f"{what}@{urlsplit(absolute('/')).netloc}"
