"""An exercise as it is played: script, clock, what was decided and what follows from it.

What only depends on the script and on the decisions is computed once per process and kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, Min

from allmende.formats.exercise_script.document import script_of
from allmende.formats.exercise_script.model import Script
from allmende.portal.prepared import PreparedRows, slot

from ..models import ClockChange, Exercise, ExerciseState

if TYPE_CHECKING:
    from allmende.algorithms.exercise.announcements import Announcement
    from allmende.algorithms.exercise.clock import Clock
    from allmende.algorithms.exercise.cues import Cue, Order
    from allmende.algorithms.exercise.decisions import Made
    from allmende.algorithms.exercise.delivery import Ledger
    from allmende.algorithms.exercise.rehearsal import Exercise as Plan
    from allmende.algorithms.exercise.replay import Future

# An exercise has a few dozen decisions; each makes one more future.
MOST_FUTURES = 64


_clock_changes = PreparedRows(
    lambda: (
        ClockChange.objects.filter(exercise=slot("exercise", BigIntegerField()))
        .order_by("number")
        .values_list("wall", "at", "speed", "runs")
    )
)


@lru_cache(maxsize=16)
def _plan(script_hash: str) -> "tuple[Script, Plan]":
    """The script with this hash, and as it is laid out to be played."""
    from allmende.algorithms.exercise.rehearsal import exercise_of

    document = Exercise.objects.filter(script_hash=script_hash).values_list("script", flat=True)[0]
    return script_of(document), exercise_of(document)


@lru_cache(maxsize=16)
def _world(script_hash: str) -> str:
    from allmende.algorithms.exercise.runs import world_hash

    document = Exercise.objects.filter(script_hash=script_hash).values_list("script", flat=True)[0]
    return world_hash(document)


@lru_cache(maxsize=MOST_FUTURES)
def _future(
    script_hash: str, made: "tuple[Made, ...]"
) -> "tuple[Future | None, dict[str, Announcement]]":
    """What comes of these decisions, and what the simulation tells of it."""
    from allmende.algorithms.exercise.rehearsal import told_by

    plan = _plan(script_hash)[1]
    future = plan.replay.future(made) if plan.replay is not None else None
    return future, {each.key: each for each in told_by(plan, future)}


def script_of_exercise(exercise: Exercise) -> Script:
    """The script of an exercise."""
    return _plan(exercise.script_hash)[0]


def world_of_exercise(exercise: Exercise) -> str:
    """The hash of the world in which it is played."""
    return _world(exercise.script_hash)


def clock_of(exercise: Exercise) -> "Clock":
    """Its clock, with all changes so far."""
    from allmende.algorithms.exercise.clock import MINUTE, Clock, Segment

    rows = _clock_changes(exercise=exercise.pk)
    end = script_of_exercise(exercise).duration_minutes * MINUTE
    return Clock(tuple(Segment(*row) for row in rows), end)


@dataclass(frozen=True)
class Game:
    """An exercise at one moment here, ``wall``."""

    exercise: Exercise
    wall: int

    @cached_property
    def script(self) -> Script:
        return script_of_exercise(self.exercise)

    @cached_property
    def plan(self) -> "Plan":
        return _plan(self.exercise.script_hash)[1]

    @cached_property
    def clock(self) -> "Clock":
        return clock_of(self.exercise)

    @property
    def now(self) -> int:
        """Exercise time."""
        return self.clock.at(self.wall)

    def planned(self, at: int) -> datetime | None:
        """When an exercise time was meant to be here: by the planned beginning, else the real one, and the script."""
        begin = self.exercise.planned_at or self.exercise.started_at
        return begin + timedelta(microseconds=at / self.script.speed) if begin else None

    @property
    def speed(self) -> float:
        """How many times as fast as here."""
        from allmende.algorithms.exercise.clock import REAL_TIME

        started: float = self.clock.speed / REAL_TIME
        return started if self.clock.started else self.script.speed

    @property
    def is_over(self) -> bool:
        """Whether its time has run out, or the control has ended it."""
        return self.clock.end is not None and self.now >= self.clock.end

    @cached_property
    def made(self) -> "tuple[Made, ...]":
        """What was decided, in its order."""
        rows = self.exercise.choices.order_by("at").values_list("at", "decision", "option")
        return tuple(self.plan.decide(*row) for row in rows)

    @cached_property
    def orders(self) -> "list[Order]":
        from allmende.algorithms.exercise.cues import Order

        rows = self.exercise.orders.order_by("at", "pk")
        return [Order(*row) for row in rows.values_list("at", "kind", "inject", "attempt")]

    @cached_property
    def ledger(self) -> "Ledger":
        from allmende.algorithms.exercise.delivery import Ledger

        rows = self.exercise.deliveries.values_list("inject", "recipient", "attempt", "due")
        return Ledger({(inject, to, attempt): due for inject, to, attempt, due in rows})

    @property
    def future(self) -> "Future | None":
        return _future(self.exercise.script_hash, self.made)[0]

    def future_of(self, made: "tuple[Made, ...]") -> "Future | None":
        """What would have come of other decisions."""
        return _future(self.exercise.script_hash, made)[0]

    @property
    def stopped_early(self) -> bool:
        """Whether the control ended it before its script was over."""
        over = self.exercise.state == ExerciseState.ENDED
        return over and self.clock.started and self.now < self.plan.duration

    @property
    def announced(self) -> "Mapping[str, Announcement]":
        return _future(self.exercise.script_hash, self.made)[1]

    @cached_property
    def cues(self) -> "list[Cue]":
        from allmende.algorithms.exercise.rehearsal import cues_now

        # What nobody hears would be due for ever.
        cues = cues_now(self.plan, list(self.announced.values()))
        return [cue for cue in cues if cue.recipients]

    @cached_property
    def open_since(self) -> "dict[str, int]":
        """From when on each decision is open, in exercise time; those for which nobody has asked yet are not there."""
        from allmende.algorithms.exercise.delivery import openings

        asking = {cue.inject for cue in self.plan.cues if cue.asks_for}
        rows = self.exercise.deliveries.filter(inject__in=asking).order_by().values_list("inject")
        delivered = dict(rows.annotate(Min("due"))) if asking else {}
        decisions = [each.key for each in self.script.decisions]
        return openings(self.plan.cues, decisions, delivered)

    def stamp(self) -> int:
        """The exercise time from which on something counts that somebody does now."""
        return self.ledger.stamp(self.now)

    @property
    def coming(self) -> "list[tuple[int, Cue]]":
        """All that came and will if nobody acts, each with its exercise time."""
        from allmende.algorithms.exercise.cues import due_times
        from allmende.algorithms.exercise.rehearsal import facts_of

        told = {inject: due for (inject, _to, _attempt), due in self.ledger.delivered.items()}
        return due_times(
            self.cues,
            until=self.plan.duration,
            orders=self.orders,
            facts=facts_of(self.made, self.future),
            delivered=told,
        )

    def next_due(self) -> int | None:
        """The moment here at which something is due next, if nobody acts until then."""
        told = {inject for inject, _to, _attempt in self.ledger.delivered}
        first = next((at for at, cue in self.coming if cue.inject not in told), None)
        times = [first, self.clock.end]
        walls = (self.clock.wall_of(at) for at in times if at is not None)
        return min((wall for wall in walls if wall is not None), default=None)
