"""What observers note, and answers to the questionnaire.

Marks and notes stand in the exercise's own log, not in that of the platform. An answer stands in none.
"""

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.forum.services import Conflict

from ...models import (
    Delivery,
    Exercise,
    ExerciseState,
    Mark,
    Observation,
    Part,
    Questionnaire,
    Remark,
    Tally,
    questionnaire_ends,
    takes_answers,
)
from ...queries.games import Game, script_of_exercise
from ...queries.observing import takes_observations
from ...queries.questions import questions_of
from ...queries.situation import is_task
from .playing import lock, microseconds

if TYPE_CHECKING:
    from allmende.accounts.models import User

MOST_OF_ONE = 2_000  # notes of one observer: more is a program


def mark_task(
    *,
    actor: "User",
    part: Part,
    inject: str,
    role: str,
    mark: str,
    text: str | None = None,
    wall: int | None = None,
) -> Observation:
    """Say how a role did a task that has come. Said again it is changed; the same twice changes nothing.

    Without ``text`` the words stay that were there. Raises ``Conflict`` if there is no such task, it has not
    come to this role, or the report is final.
    """
    wall = microseconds() if wall is None else wall
    with transaction.atomic():
        game = _observed(part, wall)
        if mark not in Mark.values:
            raise Conflict(_("Bitte wählen Sie eine der Möglichkeiten."))
        came = Delivery.objects.filter(exercise=game.exercise, inject=inject, recipient=role)
        tasks = {row.key for row in game.script.injects if is_task(row)}
        if inject not in tasks or not came.exists():
            raise Conflict(_("Diese Aufgabe ist bei dieser Rolle nicht angekommen."))
        own = Observation.objects.filter(
            exercise=game.exercise, inject=inject, role=role, made_by=actor
        ).first()
        words = (own.text if own is not None else "") if text is None else text
        if own is not None and (own.mark, own.text) == (mark, words):
            return own
        own = own or Observation(exercise=game.exercise, inject=inject, role=role, made_by=actor)
        own.mark, own.text, own.at, own.wall = mark, words, game.now, wall
        own.save()
        noted(game.exercise)
    return own


def unmark_task(*, actor: "User", part: Part, inject: str, role: str) -> None:
    """Take back one's mark of a task; twice is once. Raises ``Conflict`` if the report is final."""
    with transaction.atomic():
        _require_unreported(lock(part.exercise, 0).exercise)
        own = Observation.objects.filter(
            exercise=part.exercise_id, inject=inject, role=role, made_by=actor
        )
        if inject and own.delete()[0]:
            noted(part.exercise)


def note_observation(
    *,
    actor: "User",
    part: Part,
    key: UUID,
    text: str,
    role: str = "",
    wall: int | None = None,
) -> Observation:
    """Note something about a role, or about the whole exercise. Sent twice, it is one.

    Raises ``Conflict`` if there is no such role, or the report is final.
    """
    wall = microseconds() if wall is None else wall
    with transaction.atomic():
        game = _observed(part, wall)
        if there := Observation.objects.filter(exercise=game.exercise, key=key).first():
            return there
        if role and role not in {each.key for each in game.script.roles}:
            raise Conflict(_("Bitte wählen Sie eine Rolle dieser Übung."))
        if game.exercise.observations.filter(made_by=actor).count() >= MOST_OF_ONE:
            raise Conflict(
                _("Sie haben schon %(most)s Beobachtungen notiert.") % {"most": MOST_OF_ONE}
            )
        note = Observation.objects.create(
            exercise=game.exercise,
            key=key,
            role=role,
            text=text,
            at=game.now,
            wall=wall,
            made_by=actor,
        )
        noted(game.exercise)
    return note


def remove_observation(*, actor: "User", observation: Observation) -> None:
    """Take back a note of one's own; twice is once. Raises ``Conflict`` if the report is final."""
    own = Observation.objects.filter(pk=observation.pk, made_by=actor)
    with transaction.atomic():
        _require_unreported(lock(observation.exercise, 0).exercise)
        if own.delete()[0]:
            noted(observation.exercise)


def _observed(part: Part, wall: int) -> Game:
    """The exercise, held; it has begun, and this person observes it."""
    game = lock(part.exercise, wall)
    if not part.observes:
        raise Conflict(_("Beobachtungen notieren Beobachtende und die Übungsleitung."))
    if game.exercise.state == ExerciseState.PREPARED:
        raise Conflict(_("Die Übung hat noch nicht begonnen."))
    _require_unreported(game.exercise)
    return game


def _require_unreported(exercise: Exercise) -> None:
    """What a final report rests on does not change any more."""
    if not takes_observations(exercise):
        raise Conflict(
            _("Der Bericht ist abgeschlossen. Die Übungsleitung kann ihn wieder öffnen.")
        )


def noted(exercise: Exercise) -> None:
    """Let the pages of observers ask for what is new, and no others."""
    Exercise.objects.filter(pk=exercise.pk).update(observed=F("observed") + 1)


def answer_questionnaire(
    *, part: Part, scores: Mapping[str, int], remarks: Mapping[str, str]
) -> None:
    """Add somebody's answers to those of all others, so that nothing leads back to her; twice is once.

    There is no ``actor``: who answers is nobody's to know. Raises ``Conflict`` if it is closed, nothing was
    said, or a question is not asked.
    """
    with transaction.atomic():
        held = (
            Exercise.objects.select_for_update(of=("self",))
            .defer("script")
            .get(pk=part.exercise_id)
        )
        there = Questionnaire.objects.filter(exercise=held).first()
        if not takes_answers(held, there):
            raise Conflict(_("Dieser Fragebogen ist geschlossen."))
        words = {question: text.strip() for question, text in remarks.items() if text.strip()}
        _check(held, scores, words)
        if not part.is_asked:
            raise Conflict(_("Gefragt wird, wer mitgespielt, beobachtet oder geleitet hat."))
        if not Part.objects.filter(pk=part.pk, has_answered=False).update(has_answered=True):
            return
        questionnaire = there or open_questionnaire(held)
        for question, score in scores.items():
            questionnaire.tallies.filter(question=question, score=score).update(
                count=F("count") + 1
            )
        _shuffle(questionnaire, words)
        questionnaire.answered += 1
        questionnaire.save(update_fields=["answered"])


def _check(exercise: Exercise, scores: Mapping[str, int], words: Mapping[str, str]) -> None:
    asked = questions_of(script_of_exercise(exercise))
    scales = {each.key for each in asked if each.is_scale}
    texts = {each.key for each in asked if not each.is_scale}
    if not scores and not words:
        raise Conflict(_("Bitte beantworten Sie mindestens eine Frage."))
    if scores.keys() - scales or words.keys() - texts or set(scores.values()) - set(range(1, 6)):
        raise Conflict(_("Bitte laden Sie die Seite neu und versuchen Sie es noch einmal."))


def open_questionnaire(exercise: Exercise) -> Questionnaire:
    """All counts from the start: which were needed first is nobody's to know."""
    questionnaire = Questionnaire.objects.create(exercise=exercise)
    Tally.objects.bulk_create(
        Tally(questionnaire=questionnaire, question=question.key, score=score)
        for question in questions_of(script_of_exercise(exercise))
        if question.is_scale
        for score in range(1, 6)
    )
    return questionnaire


def _shuffle(questionnaire: Questionnaire, words: Mapping[str, str]) -> None:
    """Put new remarks among the others, all of them in a new order and under new keys."""
    remarks: list[Remark] = [
        *questionnaire.remarks.all(),
        *(
            Remark(questionnaire=questionnaire, question=question, text=text)
            for question, text in words.items()
        ),
    ]
    secrets.SystemRandom().shuffle(remarks)
    questionnaire.remarks.all().delete()
    for each in remarks:
        each.key = uuid4()
    Remark.objects.bulk_create(remarks)


@audited
def close_questionnaire(*, actor: "User", exercise: Exercise) -> None:
    """Close it before its time; twice is once. Raises ``Conflict`` if the exercise was not played."""
    held = Exercise.objects.select_for_update(of=("self",)).defer("script").get(pk=exercise.pk)
    if questionnaire_ends(held) is None:
        raise Conflict(_("Diese Übung wurde nicht gespielt."))
    there = Questionnaire.objects.filter(exercise=held).first()
    if not takes_answers(held, there):
        return
    Questionnaire.objects.filter(pk=(there or open_questionnaire(held)).pk).update(
        closed_at=timezone.now()
    )
    record(actor=actor, deed="crisis.close_questionnaire", obj=exercise)


def clear_remarks(exercises: QuerySet[Exercise, int]) -> int:
    """Delete what was written in the questionnaires of these exercises; the counts stay."""
    return Remark.objects.filter(questionnaire__exercise__in=exercises).delete()[0]
