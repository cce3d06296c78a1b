"""What follows from exercises, for the frame: tasks, reminders, and what stays of whom."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.portal.offers import PersonalData, Retention, Task, TaskKind

from ..models import TO_DO, Improvement, ImprovementStep, Passage
from ..queries.exercises import has_taken_part
from ..services import exercises as serve
from ..services.exercises.improvements import TOLD

if TYPE_CHECKING:
    from allmende.accounts.models import User

# Later ones are nobody's task yet.
SHOWN_BEFORE = timedelta(days=14)


def personal_data(user: "User") -> Iterator[PersonalData]:
    """What she has taken on, and what she wrote in reports."""
    own = Improvement.objects.filter(owner=user).select_related("exercise")
    yield PersonalData(
        gettext("Maßnahmen aus Übungen"),
        [
            {
                gettext("Übung"): each.exercise.title,
                gettext("Maßnahme"): each.what,
                gettext("Bis wann"): each.due_on,
                gettext("Stand"): each.get_state_display(),
            }
            for each in own.defer("exercise__script")
        ],
    )
    written = Passage.objects.filter(written_by=user).select_related("exercise")
    yield PersonalData(
        gettext("Abschnitte von Übungsberichten"),
        [
            {
                gettext("Übung"): each.exercise.title,
                gettext("Text"): each.text,
                gettext("Bewertung"): each.rating,
            }
            for each in written.defer("exercise__script").order_by("pk")
        ],
    )
    steps = ImprovementStep.objects.filter(taken_by=user).select_related("improvement")
    yield PersonalData(
        gettext("Stand von Maßnahmen aus Übungen"),
        [
            {
                gettext("Maßnahme"): each.improvement.what,
                gettext("Stand"): each.get_state_display(),
                gettext("Bemerkung"): each.note,
                gettext("Wann"): each.at,
            }
            for each in steps.order_by("pk")
        ],
    )


def tasks(user: "User") -> Iterator[Task]:
    """What she has taken on and is soon due, or overdue."""
    if not has_taken_part(user):
        return
    own = Improvement.objects.filter(
        owner=user, state__in=TO_DO, due_on__lte=timezone.localdate() + SHOWN_BEFORE
    )
    for each in own.select_related("exercise__host").defer("exercise__script"):
        yield Task(
            title=each.what,
            note=gettext("Maßnahme aus der Übung „%(exercise)s“")
            % {"exercise": each.exercise.title},
            url=each.get_absolute_url(),
            due=timezone.make_aware(datetime.combine(each.due_on, time(23, 59, 59))),
            kind=TaskKind.EXERCISE,
            whose=each.exercise.host.whose,
        )


def forget(user: "User") -> list[str]:
    """What she wrote and took on stays, and nothing there leads to her any more."""
    stays = (
        Improvement.objects.filter(owner=user).update(owner=None),
        Passage.objects.filter(written_by=user).update(written_by=None),
        ImprovementStep.objects.filter(taken_by=user).update(taken_by=None),
    )
    if not any(stays):
        return []
    return [
        gettext(
            "Was Sie in Übungsberichten und zu Maßnahmen geschrieben haben, ohne Ihren Namen: Andere bauen darauf."
        )
    ]


def tick() -> None:
    """Remind people of what they have taken on, and begin anew with figures that a worker has left lying."""
    serve.remind_owners()
    serve.pick_up_yardsticks()


notices = {TOLD: _("Maßnahmen aus Übungen")}
deeds = {
    "crisis.write_report": _("Übungsbericht: Abschnitt geschrieben."),
    "crisis.share_report": _("Übungsbericht: geteilt oder nicht mehr geteilt."),
    "crisis.close_report": _("Übungsbericht abgeschlossen."),
    "crisis.export_report": _("Übungsbericht als Datei abgerufen."),
    "crisis.export_log": _("Verlauf einer Übung als Datei abgerufen."),
    "crisis.export_observations": _("Beobachtungen einer Übung als Datei abgerufen."),
    "crisis.reopen_report": _("Übungsbericht wieder geöffnet."),
    "crisis.add_improvement": _("Maßnahme aus einer Übung eingetragen."),
    "crisis.change_improvement": _("Maßnahme aus einer Übung geändert."),
    "crisis.settle_improvement": _("Maßnahme aus einer Übung: anderer Stand."),
    "crisis.raise_concern": _("Anliegen aus einer Übung entworfen."),
}
kinds = {"crisis.Improvement": _("Maßnahme")}
retention = (
    Retention(
        "crisis.report",
        _("Übungsberichte und Maßnahmen: Texte, Bewertungen, Stand"),
        None,
        _(
            "Solange die Installation besteht, zum Lernen. Wer sie schrieb oder übernahm, geht mit dem Konto."
        ),
    ),
    Retention(
        "crisis.improvement_person",
        _("Wer ohne Konto eine Maßnahme aus einer Übung übernommen hat: Name oder Funktion"),
        timedelta(days=2 * 365),
        _("Seit sie erledigt oder verworfen ist. So lange fragt die nächste Übung nach."),
        serve.clear_improvement_persons,
    ),
)
