"""The report of an exercise: written together, shared, closed and reopened.

What somebody saw on an older page is compared with what is there now, so that two who write the same section
lose nothing.
"""

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.forum.services import Conflict, Overtaken

from ...models import (
    FEWEST_ANSWERS,
    Exercise,
    Passage,
    Questionnaire,
    Report,
    takes_answers,
)
from ...queries.reports import passage_of
from .observing import open_questionnaire

if TYPE_CHECKING:
    from allmende.accounts.models import User

# As many as somebody looks through; older ones go.
MOST_VERSIONS = 20


@audited
def write_passage(
    *, actor: "User", exercise: Exercise, section: str, seen: int, text: str, rating: str = ""
) -> Passage:
    """Write a section of which the actor had the version ``seen`` before her; 0 is none.

    Raises ``Overtaken`` if somebody else has written since, and ``Conflict`` if the report is closed or nothing
    was changed.
    """
    _require_open(exercise)
    last = passage_of(exercise, section)
    if last.number != seen:
        raise Overtaken(
            _(
                "Jemand anderes hat diesen Abschnitt inzwischen geändert. Was Sie geschrieben haben, steht "
                "noch hier. Vergleichen Sie beides und speichern Sie dann noch einmal."
            ),
            there=last,
        )
    if (last.text, last.rating) == (text, rating):
        raise Conflict(_("Sie haben nichts geändert. Es bleibt bei dem, was dort steht."))
    passage = Passage.objects.create(
        exercise=exercise,
        section=section,
        number=last.number + 1,
        text=text,
        rating=rating,
        written_by=actor,
    )
    exercise.passages.filter(section=section, number__lte=passage.number - MOST_VERSIONS).delete()
    record(
        actor=actor,
        deed="crisis.write_report",
        obj=exercise,
        section=section,
        version=passage.number,
    )
    return passage


@audited
def share_report(*, actor: "User", exercise: Exercise, shared: bool) -> None:
    """Let all who took part read the draft, or no more."""
    report = _require_open(exercise)
    if report.is_shared != shared:
        report.is_shared = shared
        report.save(update_fields=["is_shared"])
        record(actor=actor, deed="crisis.share_report", obj=exercise, shared=shared)


@audited
def close_report(*, actor: "User", exercise: Exercise) -> None:
    """Make it final: nobody writes any more, all who took part read it. Twice is once."""
    report = _report(exercise)
    if report.closed_at is None:
        report.closed_at = timezone.now()
        report.save(update_fields=["closed_at"])
        # What it rests on does not change any more.
        asked = Questionnaire.objects.filter(exercise=exercise).first()
        if takes_answers(exercise, asked):
            asked = asked or open_questionnaire(exercise)
            asked.closed_at = report.closed_at
            asked.save(update_fields=["closed_at"])
        record(actor=actor, deed="crisis.close_report", obj=exercise)


@audited
def reopen_report(*, actor: "User", exercise: Exercise) -> bool:
    """Make it a draft again, as it was before it was closed; returns whether the questionnaire is open again, too.

    It is while so few have answered that nothing of it was shown: closed, nothing ever would be.
    """
    report = _report(exercise)
    if report.closed_at is None:
        return False
    report.closed_at = None
    report.save(update_fields=["closed_at"])
    record(actor=actor, deed="crisis.reopen_report", obj=exercise)
    asked = Questionnaire.objects.filter(exercise=exercise)
    asked.filter(answered__lt=FEWEST_ANSWERS).update(closed_at=None)
    return takes_answers(exercise, asked.first())


def _report(exercise: Exercise) -> Report:
    """As it is now: whoever holds the chain of the audit log is the only one who changes it."""
    exercise.report = Report.objects.get_or_create(exercise=exercise)[0]
    return exercise.report


def _require_open(exercise: Exercise) -> Report:
    report = _report(exercise)
    if report.closed_at is not None:
        raise Conflict(
            _("Der Bericht ist abgeschlossen. Die Übungsleitung kann ihn wieder öffnen.")
        )
    return report
