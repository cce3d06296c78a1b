"""The one clock of an exercise: what time it is there, for every moment here.

Exercise time runs at a speed, stands still in a pause, and may jump forward. The clock is the list of its
changes, and between two of them a straight line. It asks no other clock: the time here is always an argument.
All times are whole microseconds, so that nothing drifts; a change forgets less than one of them.

>>> clock = Clock(end=3 * HOUR).start(wall=0, speed=48 * REAL_TIME).pause(wall=60 * SECOND)
>>> clock.at(60 * SECOND) // MINUTE, clock.at(600 * SECOND) // MINUTE
(48, 48)
>>> clock = clock.resume(wall=600 * SECOND)
>>> clock.wall_of(HOUR) // SECOND, clock.pause(wall=610 * SECOND).wall_of(HOUR)
(615, None)
"""

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import NamedTuple

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

REAL_TIME = 1_000  # speeds are whole thousandths of it
# Slower than a tenth is a pause for everybody who waits.
SLOWEST = REAL_TIME // 10
# An hour in ten seconds. A page may take two seconds to show what has come: twelve minutes at this speed.
# Beyond it, what comes a quarter of an hour apart can no longer be read one after the other.
FASTEST = 360 * REAL_TIME


class ClockError(ValueError):
    """What a clock cannot do. ``reason`` is one of the words below, for those who say it in their own."""

    NOT_STARTED = "not started"
    TOO_SLOW = "too slow"
    TOO_FAST = "too fast"
    BACKWARDS = "backwards"
    AFTER_THE_END = "after the end"

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(f"{reason}: {message}")
        self.reason = reason


class Segment(NamedTuple):
    """From ``wall`` on, exercise time goes on from ``exercise``, at ``speed`` thousandths if it runs."""

    wall: int
    exercise: int
    speed: int
    runs: bool


@dataclass(frozen=True)
class Clock:
    """An exercise clock. Every change returns a new one, or the same if there is nothing to change.

    segments : its changes, ascending; none before the start
    end : exercise time at which it stops for good; None: never
    """

    segments: tuple[Segment, ...] = ()
    end: int | None = None

    @property
    def started(self) -> bool:
        return bool(self.segments)

    @property
    def runs(self) -> bool:
        """Whether it was left running; it may have come to its end since."""
        return self.started and self.segments[-1].runs

    @property
    def speed(self) -> int:
        """Thousandths at which it runs, or would run after the pause."""
        return self.segments[-1].speed if self.segments else REAL_TIME

    def at(self, wall: int) -> int:
        """Exercise time at a moment here; 0 before the start. Never less at a later moment."""
        place = bisect_right(self.segments, wall, key=lambda segment: segment.wall) - 1
        if place < 0:
            return 0
        wall_then, exercise, speed, runs = self.segments[place]
        found = exercise + (wall - wall_then) * speed // REAL_TIME if runs else exercise
        return found if self.end is None else min(found, self.end)

    def wall_of(self, exercise: int) -> int | None:
        """The first moment here at which it is that late there, or later.

        None if it will not be at the present speed: in a pause, before the start, after the end.
        """
        if self.end is not None and exercise > self.end:
            return None
        for place, segment in enumerate(self.segments):
            last = place + 1 == len(self.segments)
            if exercise <= segment.exercise:
                return segment.wall  # here it began, or jumped over it
            if not segment.runs:
                continue
            wall = segment.wall - (segment.exercise - exercise) * REAL_TIME // segment.speed
            if last or wall < self.segments[place + 1].wall:
                return wall
        return None

    def start(self, *, wall: int, speed: int = REAL_TIME) -> "Clock":
        """Begin at 0; a second start changes nothing."""
        _check_speed(speed)
        return self if self.started else self._with(Segment(wall, 0, speed, True))

    def pause(self, *, wall: int) -> "Clock":
        """Stand still. If somebody else has just pressed pause, nothing changes."""
        return self._change(wall, runs=False)

    def resume(self, *, wall: int) -> "Clock":
        """Go on at the speed from before the pause."""
        return self._change(wall, runs=True)

    def set_speed(self, *, wall: int, speed: int) -> "Clock":
        """Go on at another speed; in a pause, once it is over."""
        _check_speed(speed)
        return self._change(wall, speed=speed)

    def jump(self, *, wall: int, to: int) -> "Clock":
        """Go on from a later exercise time.

        Never from an earlier one: what was delivered since then cannot be taken back. A jump to where it is
        changes nothing.
        """
        now = self.at(self._not_before(wall))
        if to < now:
            raise ClockError(ClockError.BACKWARDS, f"from {now} to {to}")
        if self.end is not None and to > self.end:
            raise ClockError(ClockError.AFTER_THE_END, f"to {to}, the end is {self.end}")
        return self._change(wall, to=to)

    def _change(
        self,
        wall: int,
        *,
        runs: bool | None = None,
        speed: int | None = None,
        to: int | None = None,
    ) -> "Clock":
        wall = self._not_before(wall)
        now, last = self.at(wall), self.segments[-1]
        changed = Segment(
            wall,
            now if to is None else to,
            last.speed if speed is None else speed,
            last.runs if runs is None else runs,
        )
        if changed == (wall, now, last.speed, last.runs):
            return self
        return self._with(changed)

    def _not_before(self, wall: int) -> int:
        """Two machines never agree to the microsecond: who comes too early comes right after the last change."""
        if not self.segments:
            raise ClockError(ClockError.NOT_STARTED, "start it first")
        return max(wall, self.segments[-1].wall)

    def _with(self, segment: Segment) -> "Clock":
        return replace(self, segments=(*self.segments, segment))


def _check_speed(speed: int) -> None:
    if speed < SLOWEST:
        raise ClockError(ClockError.TOO_SLOW, f"{speed} thousandths, at least {SLOWEST}")
    if speed > FASTEST:
        raise ClockError(ClockError.TOO_FAST, f"{speed} thousandths, at most {FASTEST}")
