"""The exercise clock: straight lines between changes, whole microseconds, no way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.algorithms.exercise.clock import (
    FASTEST,
    HOUR,
    MINUTE,
    REAL_TIME,
    SECOND,
    SLOWEST,
    Clock,
    ClockError,
)

START = 1_790_000_000 * SECOND
changes = st.lists(
    st.tuples(
        st.integers(0, 10 * MINUTE),
        st.sampled_from(["pause", "resume", "speed", "jump"]),
        st.integers(SLOWEST, FASTEST),
    ),
    max_size=12,
)


def played(steps: list[tuple[int, str, int]], *, end: int | None = None) -> tuple[Clock, int]:
    """A clock after such steps, and the moment of the last one."""
    clock, wall = Clock(end=end).start(wall=START, speed=48 * REAL_TIME), START
    for later, what, number in steps:
        wall += later
        if what == "pause":
            clock = clock.pause(wall=wall)
        elif what == "resume":
            clock = clock.resume(wall=wall)
        elif what == "speed":
            clock = clock.set_speed(wall=wall, speed=number)
        else:
            to = clock.at(wall) + number * SECOND
            clock = clock.jump(wall=wall, to=to if end is None else min(to, end))
    return clock, wall


def test_before_the_start_it_is_zero_and_nothing_can_be_pressed() -> None:
    clock = Clock()
    assert (clock.at(START), clock.wall_of(0), clock.runs) == (0, None, False)
    for press in (clock.pause, clock.resume):
        with pytest.raises(ClockError, match="not started"):
            press(wall=START)


def test_pause_speed_and_jump_add_up() -> None:
    clock = Clock().start(wall=START)
    clock = clock.pause(wall=START + 10 * SECOND).resume(wall=START + 100 * SECOND)
    clock = clock.set_speed(wall=START + 110 * SECOND, speed=60 * REAL_TIME)
    clock = clock.jump(wall=START + 120 * SECOND, to=HOUR)
    assert [clock.at(START + s * SECOND) for s in (5, 50, 105, 115, 120, 121)] == [
        5 * SECOND,
        10 * SECOND,
        15 * SECOND,
        20 * SECOND + 5 * MINUTE,
        HOUR,
        HOUR + MINUTE,
    ]


def test_two_who_press_pause_at_once_change_it_once() -> None:
    running = Clock().start(wall=START)
    once = running.pause(wall=START + 10)
    assert once.pause(wall=START + 10) is once
    assert once.pause(wall=START + 11) is once
    assert once.pause(wall=START + 9) is once  # the other machine's clock is behind
    back = once.resume(wall=START + 20)
    assert back.resume(wall=START + 30) is back
    assert back.start(wall=START + 40) is back


@pytest.mark.parametrize(
    ("speed", "reason"),
    [(1_000 * REAL_TIME, "too fast"), (FASTEST + 1, "too fast"), (0, "too slow"), (-5, "too slow")],
)
def test_speeds_nobody_can_play_at_are_refused(speed: int, reason: str) -> None:
    clock = Clock().start(wall=START)
    with pytest.raises(ClockError) as refused:
        clock.set_speed(wall=START, speed=speed)
    assert refused.value.reason == reason
    with pytest.raises(ClockError):
        Clock().start(wall=START, speed=speed)


def test_a_speed_set_in_a_pause_counts_afterwards() -> None:
    clock = Clock().start(wall=START).pause(wall=START + SECOND)
    clock = clock.set_speed(wall=START + 2 * SECOND, speed=10 * REAL_TIME)
    assert (clock.runs, clock.at(START + MINUTE)) == (False, SECOND)
    clock = clock.resume(wall=START + MINUTE)
    assert clock.at(START + MINUTE + SECOND) == 11 * SECOND


def test_nobody_jumps_back_or_past_the_end() -> None:
    clock = Clock(end=HOUR).start(wall=START, speed=60 * REAL_TIME)
    with pytest.raises(ClockError, match="backwards"):
        clock.jump(wall=START + 10 * SECOND, to=9 * MINUTE)
    with pytest.raises(ClockError, match="after the end"):
        clock.jump(wall=START, to=HOUR + 1)
    assert clock.jump(wall=START + 10 * SECOND, to=10 * MINUTE) is clock
    assert clock.at(START + 24 * HOUR) == HOUR
    assert clock.wall_of(HOUR) == START + 60 * SECOND
    assert clock.wall_of(HOUR + 1) is None


@given(changes, st.lists(st.integers(0, 3 * HOUR), min_size=2, max_size=20))
def test_exercise_time_never_goes_back(steps: list[tuple[int, str, int]], walls: list[int]) -> None:
    clock, _ = played(steps, end=500 * HOUR)
    told = [clock.at(START - SECOND + wall) for wall in sorted(walls)]
    assert told == sorted(told)


@given(changes, st.integers(1, 400 * HOUR))
def test_the_inverse_is_the_first_moment(steps: list[tuple[int, str, int]], exercise: int) -> None:
    clock, last = played(steps)
    wall = clock.wall_of(exercise)
    if wall is None:
        assert not clock.runs
        assert clock.at(last + 1_000 * HOUR) < exercise
    else:
        assert clock.at(wall - 1) < exercise <= clock.at(wall)


@given(changes)
def test_a_change_alters_nothing_before_it(steps: list[tuple[int, str, int]]) -> None:
    clock, last = played(steps)
    changed = (
        clock.pause(wall=last + MINUTE)
        .resume(wall=last + HOUR)
        .jump(wall=last + HOUR, to=clock.at(last) + 400 * HOUR)
    )
    for wall in range(START, last + MINUTE, (last + MINUTE - START) // 50):
        assert changed.at(wall) == clock.at(wall)


@given(st.integers(1, 40), st.integers(1, 1_000))
def test_nothing_drifts(times: int, every: int) -> None:
    """A thousand pauses cost less than a microsecond each."""
    clock, wall = Clock().start(wall=0, speed=333), 0
    for _ in range(times):
        wall += every
        clock = clock.pause(wall=wall).resume(wall=wall)
    exact = wall * 333 / REAL_TIME
    assert exact - times - 1 < clock.at(wall) <= exact
