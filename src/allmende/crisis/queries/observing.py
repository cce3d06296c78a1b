"""What observers saw, and what those who took part say."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, DateTimeField, QuerySet
from django.utils import timezone

from allmende.portal.prepared import Prepared, slot

from ..models import (
    FEWEST_ANSWERS,
    QUESTIONNAIRE_LASTS,
    Delivery,
    Exercise,
    ExerciseState,
    Mark,
    Observation,
    Part,
    PartKind,
    Questionnaire,
    Report,
    takes_answers,
)
from .exercises import opens_to
from .games import Game
from .questions import Question, questions_of
from .situation import (
    Coming,
    ExerciseTime,
    answers_in,
    asks_for_deeds,
    coming_in,
    exercise_time,
    moment_of,
    role_names,
)

if TYPE_CHECKING:
    from allmende.accounts.models import User


@dataclass(frozen=True)
class Observed:
    """A mark of a task (``inject``, ``title``), or a note; ``role`` is empty if about the whole exercise."""

    key: int
    inject: str
    title: str
    role: str
    role_name: str
    mark: str
    label: str
    text: str
    time: ExerciseTime
    wall: datetime
    by: str
    by_key: int | None

    @property
    def is_mark(self) -> bool:
        return bool(self.inject)


def observations_of(exercise: Exercise, game: Game | None = None) -> list[Observed]:
    """All that was observed, marks and notes, in the order of exercise time."""
    game = game or Game(exercise, 0)
    names = role_names(game)
    titles = {row.key: row.title for row in game.script.injects}
    rows = Observation.objects.filter(exercise=exercise).select_related("made_by")
    return [
        Observed(
            key=row.pk,
            inject=row.inject,
            title=titles.get(row.inject, row.inject),
            role=row.role,
            role_name=names.get(row.role, row.role),
            mark=row.mark,
            label=row.get_mark_display(),
            text=row.text,
            time=exercise_time(game, row.at),
            wall=moment_of(row.wall),
            by=row.made_by.name if row.made_by is not None else "",
            by_key=row.made_by_id,
        )
        for row in rows.order_by("at", "pk")
    ]


@dataclass(frozen=True)
class Task:
    """What a role was expected to do when an inject had come, and how observers saw it.

    Minutes of the exercise, from the inject on: ``within`` those expected, ``opened`` until the role read it,
    ``answered`` until it first wrote or decided once the inject had come, read or not; below zero if the
    decision that the inject asks for was made before; None if it did not, or nothing was expected.
    """

    delivery: int
    inject: str
    role: str
    title: str
    role_name: str
    expected: str
    hint: str
    at: int
    time: ExerciseTime
    within: int | None
    opened: int | None
    answered: int | None
    marks: tuple[Observed, ...]

    def mark_of(self, person: int) -> Observed | None:
        """How somebody saw it."""
        return next((each for each in self.marks if each.by_key == person), None)

    def counted(self) -> dict[str, int]:
        """How many observers gave it which mark."""
        return {mark: sum(each.mark == mark for each in self.marks) for mark in Mark.values}


def tasks_of(
    exercise: Exercise, game: Game | None = None, seen: "list[Observed] | None" = None
) -> list[Task]:
    """The tasks of the script that have come, each for each role that it came to, oldest first.

    ``seen`` is what was observed, if somebody has read it already.
    """
    game = game or Game(exercise, 0)
    hints = {row.key: row.note for row in game.script.injects}
    marks: dict[tuple[str, str], list[Observed]] = {}
    for each in observations_of(exercise, game) if seen is None else seen:
        if each.is_mark:
            marks.setdefault((each.inject, each.role), []).append(each)
    return [
        Task(
            delivery=row.delivery,
            inject=row.inject,
            role=row.role,
            title=row.title,
            role_name=row.who,
            expected=row.expected,
            hint=hints[row.inject],
            at=row.at,
            time=exercise_time(game, row.at),
            within=row.within,
            opened=row.opened,
            answered=row.acted,
            marks=tuple(marks.get((row.inject, row.role), ())),
        )
        for row in answers_in(game)
    ]


def coming_tasks(game: Game, role: str = "") -> list[Coming]:
    """The tasks that the script still has for a role or for all, as far as it is known when they come."""
    if game.exercise.state != ExerciseState.RUNNING:
        return []
    name = role_names(game).get(role, "")
    return [
        each
        for each in coming_in(game)
        if asks_for_deeds(each.kind, each.expected)
        and each.time is not None
        and not each.skipped
        and (not name or name in each.to)
    ]


def task_of(delivery: Delivery, game: Game) -> Task | None:
    """The task that came with a delivery, if it is one."""
    return next(
        (each for each in tasks_of(delivery.exercise, game) if each.delivery == delivery.pk), None
    )


def takes_observations(exercise: Exercise) -> bool:
    """Whether something can be noted: from its beginning until its report is final."""
    if exercise.state == ExerciseState.PREPARED:
        return False
    return not Report.objects.filter(exercise=exercise, closed_at__isnull=False).exists()


def own_observations(user: "User") -> QuerySet[Observation]:
    """What a person observed, for her copy."""
    found = Observation.objects.filter(made_by=user).select_related("exercise")
    return found.defer("exercise__script").order_by("pk")


def get_observation(number: int) -> Observation:
    found = Observation.objects.select_related("exercise__host").defer("exercise__script")
    return found.get(pk=number, inject="")


@dataclass(frozen=True)
class ScaleResult:
    """How often each step of a scale was chosen, from the least on."""

    question: Question
    counts: tuple[int, ...]

    @property
    def number(self) -> int:
        """How many answered it."""
        return sum(self.counts)

    @property
    def mean(self) -> float | None:
        if not self.number:
            return None
        return sum(step * count for step, count in enumerate(self.counts, 1)) / self.number

    @property
    def median(self) -> float | None:
        """The score in the middle; between two, halfway."""
        scores = [step for step, count in enumerate(self.counts, 1) for _each in range(count)]
        if not scores:
            return None
        return (scores[(len(scores) - 1) // 2] + scores[len(scores) // 2]) / 2

    @property
    def rows(self) -> list[tuple[str, int, float]]:
        """Each step: its name, how often it was chosen, and its share."""
        return [
            (name, count, count / self.number if self.number else 0.0)
            for name, count in zip(self.question.options, self.counts, strict=True)
        ]


@dataclass(frozen=True)
class Results:
    """What those who ``answered`` said."""

    answered: int
    scales: tuple[ScaleResult, ...]
    remarks: tuple[tuple[Question, tuple[str, ...]], ...]


def questionnaire_in(exercise: Exercise) -> Questionnaire | None:
    """What there is of an exercise's questionnaire so far."""
    return Questionnaire.objects.filter(exercise=exercise).first()


def questionnaire_of(exercise: Exercise) -> Results | None:
    """The results of the questionnaire; None as long as it is open, or if fewer than five have answered.

    Shown before, they would say by their difference what the next one answered.
    """
    there = questionnaire_in(exercise)
    if there is None or there.answered < FEWEST_ANSWERS or takes_answers(exercise, there):
        return None
    counts = {(row.question, row.score): row.count for row in there.tallies.all()}
    texts: dict[str, list[str]] = {}
    for row in there.remarks.order_by("key"):
        texts.setdefault(row.question, []).append(row.text)
    asked = questions_of(Game(exercise, 0).script)
    return Results(
        answered=there.answered,
        scales=tuple(
            ScaleResult(each, tuple(counts.get((each.key, score), 0) for score in range(1, 6)))
            for each in asked
            if each.is_scale
        ),
        remarks=tuple(
            (each, tuple(texts.get(each.key, ()))) for each in asked if not each.is_scale
        ),
    )


_unanswered = Prepared(
    lambda: (
        Part.objects.filter(
            user=slot("user", BigIntegerField()),
            has_answered=False,
            exercise__state=ExerciseState.ENDED,
            exercise__started_at__isnull=False,
            exercise__ended_at__gt=slot("since", DateTimeField()),
            exercise__questionnaire__closed_at__isnull=True,
        )
        .exclude(kind=PartKind.SPECTATOR)
        .select_related("exercise__host")
        .defer("exercise__script")
        .order_by("pk")
    )
)


def unanswered_parts_of(user: "User") -> list[Part]:
    """What she took part in, was played, and is asked about still, for her start page."""
    found = _unanswered(user=user.pk, since=timezone.now() - QUESTIONNAIRE_LASTS)
    return [part for part in found if opens_to(user, part.exercise, part.kind)]
