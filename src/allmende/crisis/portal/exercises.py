"""What exercises offer to the frame."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.portal.offers import PersonalData, Retention, Task, TaskKind

from ..models import (
    Choice,
    Exercise,
    ExerciseState,
    InjectTable,
    JoinRequest,
    Note,
    Part,
    PartKind,
    ScriptDraft,
    questionnaire_ends,
)
from ..queries.exercises import entrance_to, has_taken_part, running_exercises_of
from ..queries.observing import own_observations, unanswered_parts_of
from ..services import exercises as serve
from ..services.exercises.authoring import clear_drafts
from ..services.exercises.tables import clear_tables

if TYPE_CHECKING:
    from allmende.accounts.models import User


def personal_data(user: "User") -> Iterator[PersonalData]:
    """In which exercises a person takes part and as what, and what she said and decided there."""
    parts = Part.objects.filter(user=user).select_related("exercise__host")
    yield PersonalData(
        gettext("Übungen"),
        [
            {
                gettext("Übung"): part.exercise.title,
                gettext("Wer übt"): part.exercise.host.name,
                gettext("Aufgabe"): part.get_kind_display(),
                gettext("Rolle"): part.role,
                gettext("Seit"): part.joined_at,
                gettext("Fragebogen beantwortet"): part.has_answered,
            }
            for part in parts.defer("exercise__script")
        ],
    )
    requests = JoinRequest.objects.filter(user=user).select_related("exercise__host")
    yield PersonalData(
        gettext("Übungen, in die Sie eingelassen werden möchten"),
        [
            {
                gettext("Übung"): request.exercise.title,
                gettext("Wer übt"): request.exercise.host.name,
                gettext("Aufgabe"): request.get_kind_display(),
                gettext("Rolle"): request.role,
                gettext("Seit"): request.asked_at,
                gettext("Abgelehnt"): request.declined_at,
            }
            for request in requests.defer("exercise__script")
        ],
    )
    # These stand in the exercise's own log, not in that of the platform.
    notes = Note.objects.filter(sent_by=user).select_related("exercise").defer("exercise__script")
    choices = Choice.objects.filter(made_by=user).select_related("exercise")
    yield PersonalData(
        gettext("Nachrichten, Entscheidungen und Beobachtungen in Übungen"),
        [
            {gettext("Übung"): note.exercise.title, gettext("Text"): note.text}
            for note in notes.order_by("pk")
        ]
        + [
            {gettext("Übung"): choice.exercise.title, gettext("Text"): f"{choice} {choice.reason}"}
            for choice in choices.defer("exercise__script").order_by("pk")
        ]
        + [
            {
                gettext("Übung"): seen.exercise.title,
                gettext("Text"): f"{seen.get_mark_display()} {seen.text}".strip(),
            }
            for seen in own_observations(user)
        ],
    )
    drafts = ScriptDraft.objects.filter(changed_by=user).select_related("host")
    yield PersonalData(
        gettext("Drehbücher, an denen Sie zuletzt geschrieben haben"),
        [
            {
                gettext("Drehbuch"): draft.title,
                gettext("Wer übt"): draft.host.name,
                gettext("Wann"): draft.changed_at,
            }
            for draft in drafts.defer("script", "replaced").order_by("pk")
        ],
    )
    tables = InjectTable.objects.filter(created_by=user).select_related("draft")
    yield PersonalData(
        gettext("Tabellen mit Einlagen"),
        [
            {
                gettext("Datei"): table.file_name,
                gettext("Drehbuch"): table.draft.title,
                gettext("Wann"): table.created_at,
            }
            for table in tables.defer("cells", "draft__script", "draft__replaced").order_by("pk")
        ],
    )


def tasks(user: "User") -> Iterator[Task]:
    """Exercises that wait for her, go on without her, or are over and wait for her opinion."""
    if not has_taken_part(user):
        return
    for part in running_exercises_of(user):
        note = gettext("Die Übung ist vorbereitet.")
        if part.exercise.state == ExerciseState.RUNNING:
            runs = part.clock_runs  # type: ignore[attr-defined]
            note = gettext("Die Übung läuft.") if runs else gettext("Pause: Die Uhr steht.")
        yield Task(
            title=part.exercise.title,
            note=note,
            url=entrance_to(user, part.exercise, part.kind),
            due=None,
            kind=TaskKind.EXERCISE,
            whose=part.exercise.host.whose,
        )
    for part in unanswered_parts_of(user):
        yield Task(
            title=part.exercise.title,
            note=gettext("Wie war die Übung? Der Fragebogen ist anonym."),
            url=reverse("exercises:questionnaire", args=[part.exercise_id]),
            due=questionnaire_ends(part.exercise),
            kind=TaskKind.EXERCISE,
            whose=part.exercise.host.whose,
        )


def known(user: "User") -> Iterator[int]:
    """Who takes part in the same exercises."""
    own = Part.objects.filter(user=user).values("exercise")
    yield from Part.objects.filter(exercise__in=own).values_list("user_id", flat=True)


def forget(user: "User") -> list[str]:
    """What she did in exercises stays, without her; one that only she controlled is over."""
    for part in Part.objects.filter(user=user, kind=PartKind.CONTROL).select_related("exercise"):
        others = part.exercise.parts.filter(kind=PartKind.CONTROL).exclude(user=user)
        if not others.exists():
            serve.end_exercise(actor=None, exercise=part.exercise)
    Part.objects.filter(user=user).delete()
    JoinRequest.objects.filter(user=user).delete()
    # Scripts are her crisis staff's.
    ScriptDraft.objects.filter(changed_by=user).update(changed_by=None)
    InjectTable.objects.filter(created_by=user).update(created_by=None)
    return []


def tick() -> None:
    """Go on with exercises at which nobody looks, so that they end when their time is over."""
    due = Exercise.objects.filter(
        state=ExerciseState.RUNNING, next_wall__lte=serve.microseconds()
    ).defer("script")
    for exercise in due:
        serve.advance(exercise)


deeds = {
    "crisis.add_exercise": _("Übung vorbereitet."),
    "crisis.replace_script": _("Übung: anderes Drehbuch."),
    "crisis.remove_exercise": _("Übung vor ihrem Beginn gelöscht."),
    "crisis.start_exercise": _("Übung begonnen."),
    "crisis.end_exercise": _("Übung beendet."),
    "crisis.let_into_exercise": _("Übung: zu den Einrichtungen eines Registers eingelassen."),
    "crisis.take_out_of_exercise": _("Übung: Sicht auf die Einrichtungen eines Registers beendet."),
    "crisis.add_draft": _("Drehbuch begonnen."),
    "crisis.change_draft": _("Drehbuch geändert."),
    "crisis.remove_draft": _("Drehbuch gelöscht."),
    "crisis.export_draft": _("Drehbuch als Datei abgerufen."),
    "crisis.restore_draft": _("Gelöschtes Drehbuch wiederhergestellt."),
    "crisis.close_questionnaire": _("Übung: Fragebogen geschlossen."),
}


def clear_remarks(before: datetime) -> int:
    """Delete the words of questionnaires about exercises that ended before; the counts stay."""
    ended = Exercise.objects.filter(ended_at__lt=before)
    return serve.clear_remarks(ended.values_list("pk", flat=True))


kinds = {"crisis.Exercise": _("Übung"), "crisis.ScriptDraft": _("Drehbuch")}
retention = (
    Retention(
        "crisis.exercise",
        _("Übungen: Drehbuch, Nachrichten, Entscheidungen, Beobachtungen, Verlauf"),
        None,
        _("Solange die Installation besteht, zum Lernen. Wer mitgespielt hat, geht mit dem Konto."),
    ),
    Retention(
        "crisis.remark",
        _("Übungen: freie Texte des Fragebogens, ohne Namen"),
        timedelta(days=365),
        _("Ab dem Ende der Übung, bis ihre Lehren gezogen sind. Die Zahlen bleiben."),
        clear_remarks,
    ),
    Retention(
        "crisis.draft",
        _("Drehbücher, an denen ein Krisenstab schreibt"),
        None,
        _("Bis jemand sie löscht."),
    ),
    Retention(
        "crisis.removed_draft",
        _("Gelöschte Drehbücher"),
        timedelta(days=30),
        _("Damit sich das Löschen rückgängig machen lässt."),
        clear_drafts,
    ),
    Retention(
        "crisis.inject_table",
        _("Geladene Tabellen mit Einlagen"),
        timedelta(days=7),
        _("Bis sie übernommen sind; was übernommen ist, steht im Drehbuch."),
        clear_tables,
    ),
)
