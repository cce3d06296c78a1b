"""Exercises: who takes part, and what they see."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, F, Max, Min, OuterRef, Q, QuerySet, Subquery

from allmende.formats.exercise_script.values import RESERVED
from allmende.portal.prepared import Prepared, slot
from allmende.registry.models import Mandate, Organisation

from ..models import (
    CONTROL,
    STAFF_KINDS,
    Choice,
    ClockChange,
    Delivery,
    Exercise,
    ExerciseState,
    Note,
    Part,
    PartKind,
)
from .games import script_of_exercise
from .recipients import addresses_of, readers_of
from .staff import seats_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


# A longer number is the key of nothing.
MOST_DIGITS = 19
# What comes on this way every team could know, and so may who only looks on.
PUBLIC_CHANNEL = "media"


def _clock_runs(exercise: str) -> Subquery:
    """Whether the clock of an exercise runs: None before its beginning, False in a pause."""
    changes = ClockChange.objects.filter(exercise=OuterRef(exercise)).order_by("-number")
    return Subquery(changes.values("runs")[:1])


def exercises_of(user: "Person") -> QuerySet[Exercise]:
    """Those in which a person takes part, as what (``kind``); ``clock_runs`` is False in a pause."""
    if not user.is_authenticated:
        return Exercise.objects.none()
    found = Exercise.objects.filter(parts__user=user).select_related("host").defer("script")
    return found.annotate(kind=F("parts__kind"), clock_runs=_clock_runs("pk"))


# Two hundred people ask for their exercise every second or two.
_exercises = Prepared(
    lambda: (
        Exercise.objects.select_related("host")
        .defer("script")
        .filter(pk=slot("number", BigIntegerField()))
    )
)
_parts = Prepared(
    lambda: Part.objects.filter(
        exercise=slot("exercise", BigIntegerField()), user=slot("user", BigIntegerField())
    )
)


def get_exercise(number: int) -> Exercise:
    """An exercise; its script is read where it is needed."""
    for found in _exercises(number=number):
        return found
    raise Exercise.DoesNotExist


def get_by_token(token: str) -> Exercise:
    """The exercise that a link to join leads to."""
    return Exercise.objects.select_related("host").defer("script").get(token=token)


def get_by_spectator_token(token: str) -> Exercise:
    """The exercise that a link to look on leads to."""
    return Exercise.objects.select_related("host").defer("script").get(spectator_token=token)


def part_of(user: "Person", exercise: Exercise) -> Part | None:
    """What a person does in an exercise; asked once a request. None while a second factor is missing."""
    if not user.is_authenticated:
        return None
    part = user.remember(
        f"part in {exercise.pk}",
        lambda: next(iter(_parts(exercise=exercise.pk, user=user.pk)), None),
    )
    return part if part is not None and opens_to(user, exercise, part.kind) else None


def opens_to(user: "User", exercise: Exercise, kind: str) -> bool:
    """Whether a person may be shown what her part shows: facilities of a register need a second factor."""
    return kind == PartKind.SPECTATOR or not exercise.from_register or user.has_second_factor


def open_parts_of(user: "User") -> QuerySet[Part]:
    """What a person does in exercises, as far as it is open to her: ``part_of`` says the same of one."""
    found = Part.objects.filter(user=user)
    if user.has_second_factor:
        return found
    return found.exclude(~Q(kind=PartKind.SPECTATOR), exercise__from_register=True)


def entrance_to(user: "User", exercise: Exercise, kind: str) -> str:
    """Where a person goes on in an exercise; while it is not open to her, where it is said why."""
    is_open = opens_to(user, exercise, kind)
    return exercise.get_absolute_url() if is_open else exercise.get_join_url()


def hosting_mandates(user: "Person") -> dict[Organisation, Mandate]:
    """The organisations in whose name a person can prepare an exercise: those of her crisis staffs."""
    return {
        seat.mandate.organisation: seat.mandate
        for seat in seats_of(user)
        if seat.mandate.organisation.kind in STAFF_KINDS
    }


def parts_in(exercise: Exercise) -> QuerySet[Part]:
    """Who takes part, with their accounts."""
    return exercise.parts.select_related("user").order_by("kind", "role", "pk")


def taken_in(exercise: Exercise) -> list[str]:
    """The roles that somebody plays, one for each who does."""
    return list(exercise.parts.exclude(role="").values_list("role", flat=True))


def get_part(number: int) -> Part:
    return (
        Part.objects.select_related("exercise__host", "user")
        .defer("exercise__script")
        .get(pk=number)
    )


def get_delivery(number: int) -> Delivery:
    found = Delivery.objects.select_related("exercise__host").defer("exercise__script")
    return found.get(pk=number)


def deliveries_to(part: Part) -> QuerySet[Delivery]:
    """What somebody has been told, newest first: players their role's, spectators what media say once, all
    others everybody's.
    """
    found = Delivery.objects.filter(exercise=part.exercise_id)
    if part.is_player:
        found = found.filter(recipient=part.role)
    if part.is_spectator:
        public = found.filter(channel=PUBLIC_CHANNEL).order_by()
        once = public.values("inject", "attempt").annotate(first=Min("pk"))
        found = found.filter(pk__in=once.values("first"))
        script = script_of_exercise(part.exercise)
        closed = [row.key for row in script.injects if row.classification != "open"]
        found = found.exclude(inject__in=closed)
        # What the simulation tells names facilities, which of a register only who needs to know them may read.
        if part.exercise.from_register:
            found = found.exclude(inject__startswith=RESERVED)
    return found.order_by("-due", "-pk")


def injects_to(part: Part) -> "QuerySet[Delivery, tuple[str, int]]":
    """The same, each inject once, however many roles it went to: its key, and which attempt it was."""
    found = deliveries_to(part).order_by().values("inject", "attempt")
    newest_first = found.annotate(at=Max("due"), newest=Max("pk")).order_by("-at", "-newest")
    return newest_first.values_list("inject", "attempt")


def deliveries_of(part: Part, injects: Collection[tuple[str, int]]) -> list[Delivery]:
    """Some of ``injects_to`` as they came, newest first."""
    found = deliveries_to(part).filter(inject__in={inject for inject, _attempt in injects})
    return [each for each in found if (each.inject, each.attempt) in injects]


def notes_of(part: Part) -> QuerySet[Note]:
    """The messages that somebody may read, newest first: players those of their role, and those to
    their whole team, spectators none.
    """
    found = Note.objects.filter(exercise=part.exercise_id)
    if part.is_spectator:
        return found.none()
    if part.is_player:
        to_her = addresses_of(script_of_exercise(part.exercise), part.role)
        found = found.filter(Q(sender=part.role) | Q(recipient__in=to_her))
    return found.order_by("-pk")


def choices_of(part: Part) -> QuerySet[Choice]:
    """What has been decided, newest first: for players by their role, for spectators nothing."""
    found = Choice.objects.filter(exercise=part.exercise_id)
    if part.is_spectator:
        return found.none()
    return (found.filter(role=part.role) if part.is_player else found).order_by("-at")


def newest_choice(exercise: Exercise, decision: str) -> int:
    """Which decision of its kind was made last; 0 if none was."""
    rows = Choice.objects.filter(exercise=exercise, decision=decision).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def stand_of(part: Part, exercise: Exercise) -> str:
    """What a page shows: where it is another than the one that was seen, something on it is new.

    For a player only what her role knows of is news. Nobody has to be asked: whatever happens is counted in
    the exercise's row. Who does something else from now on has another page.
    """
    if part.is_player:
        return f"{part.role}-{exercise.state}-{exercise.news.get(part.role, 0)}"
    observed = exercise.observed if part.observes else 0
    return f"{part.kind}-{exercise.revision}-{observed}"


def has_taken_part(user: "User") -> bool:
    """Whether she was ever in an exercise: most people were not, and are asked nothing more about them."""
    return user.remember(
        "has taken part in exercises", lambda: Part.objects.filter(user=user).exists()
    )


_running = Prepared(
    lambda: (
        Part.objects.filter(user=slot("user", BigIntegerField()))
        .exclude(exercise__state=ExerciseState.ENDED)
        .annotate(clock_runs=_clock_runs("exercise"))
        .select_related("exercise__host")
        .defer("exercise__script")
    )
)


def running_exercises_of(user: "User") -> list[Part]:
    """What a person takes part in and is not over, for her start page; ``clock_runs`` is False in a pause."""
    return list(_running(user=user.pk))


def waiting_notes(exercise: Exercise, unplayed: Collection[str] = ()) -> list[int]:
    """The messages that wait for the control's answer, newest last: of each role the last to each whom it asked.

    The control answers for people outside, and for those whom nobody plays, roles and whole teams; what they wrote
    while somebody did is an answer as well. Who answers in another name answers the last question.
    """
    script = script_of_exercise(exercise)
    asked = {CONTROL, *unplayed}
    waiting: dict[str, dict[str, int]] = {}  # by role, by whom it asked
    pairs = exercise.notes.filter(Q(recipient__in=asked) | Q(sender__in=asked)).order_by("pk")
    for number, sender, recipient, outside in pairs.values_list(
        "pk", "sender", "recipient", "outside"
    ):
        other = recipient if sender not in asked else sender
        name = outside if other == CONTROL else script.people.get(other, other)
        if sender not in asked:
            # What was asked last stands last.
            questions = waiting.setdefault(sender, {})
            questions.pop(name, None)
            questions[name] = number
            continue
        for role in readers_of(script, recipient):
            if questions := waiting.get(role, {}):
                questions.pop(name if name in questions else next(reversed(questions)))
    return sorted(number for questions in waiting.values() for number in questions.values())


def note_to_answer(part: Part, number: str) -> Note | None:
    """The message that somebody wants to answer, if she may read it and did not write it herself."""
    if not (number.isascii() and number.isdecimal() and len(number) < MOST_DIGITS):
        return None
    own = CONTROL if part.is_control else part.role
    return notes_of(part).filter(pk=int(number)).exclude(sender=own).first()


def is_control(part: Part | None) -> bool:
    return part is not None and part.kind == PartKind.CONTROL
