"""Random play: pauses, speeds, jumps, orders, two workers that crash. Nothing lost, doubled or out of order."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from allmende.algorithms.exercise.clock import FASTEST, HOUR, MINUTE, REAL_TIME, SECOND, Clock
from allmende.algorithms.exercise.conditions import Facts, condition_of
from allmende.algorithms.exercise.cues import AGAIN, SKIP, TRIGGER, Cue, Order
from allmende.algorithms.exercise.delivery import Delivery, Ledger, StaleError, missing, still_open

END = 10 * HOUR
TIMED = [Cue(f"t{n}", ("a", "b")[: 1 + n % 2], at=n * 31 * MINUTE) for n in range(8)]
BY_HAND = Cue("hand", ("a", "b"), at=None)
MOVED = {"t0", "t1", "t2", "t3", "t4"}
DECIDED = Cue("antwort", ("a",), at=HOUR, condition=condition_of({"decision": "d"}))
UNDECIDED = Cue(
    "mahnung",
    ("b",),
    at=3 * HOUR,
    until=3 * HOUR,
    condition=condition_of({"not": {"decision": "d"}}),
)
CHAINED = Cue("folge", ("a", "b"), at=0, condition=condition_of({"inject": "t5"}))
# One of three: it holds until 5:00, or breaks a moment later, or else floods at 7:00.
HELD = Cue(
    "gehalten",
    ("a",),
    at=4 * HOUR,
    until=5 * HOUR,
    condition=condition_of({"decision": "d", "option": "ja"}),
    fallback="gebrochen",
)
BROKEN = Cue(
    "gebrochen",
    ("b", "a"),
    at=None,
    condition=condition_of({"not": {"decision": "d", "option": "nein"}}),
    fallback="flut",
)
FLOOD = Cue("flut", ("a", "b"), at=7 * HOUR)
CUES = [CHAINED, FLOOD, *TIMED, BY_HAND, BROKEN, DECIDED, UNDECIDED, HELD]
ORDERED = st.sampled_from([cue.inject for cue in CUES if cue.inject not in MOVED])


class Play(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.wall = 1_790_000_000 * SECOND
        self.clock = Clock(end=END).start(wall=self.wall, speed=48 * REAL_TIME)
        self.cues = list(CUES)
        self.orders: list[Order] = []
        self.decided: list[tuple[int, str]] = []
        self.ledger = Ledger()
        self.stored: list[Delivery] = []
        self.plans: dict[int, list[Delivery]] = {}

    @property
    def now(self) -> int:
        return self.clock.at(self.wall)

    @property
    def facts(self) -> Facts:
        return Facts({"d": self.decided})

    def missing(self) -> list[Delivery]:
        return missing(self.cues, self.ledger, now=self.now, orders=self.orders, facts=self.facts)

    def store(self, deliveries: list[Delivery]) -> None:
        before = set(self.ledger.delivered)
        self.ledger = self.ledger.append(deliveries)
        self.stored += [each for each in deliveries if each.id not in before]

    @rule(later=st.integers(0, 4 * MINUTE))
    def time_passes(self, later: int) -> None:
        self.wall += later

    @rule()
    def pause(self) -> None:
        self.clock = self.clock.pause(wall=self.wall)

    @rule()
    def resume(self) -> None:
        self.clock = self.clock.resume(wall=self.wall)

    @rule(speed=st.integers(REAL_TIME, FASTEST))
    def change_speed(self, speed: int) -> None:
        self.clock = self.clock.set_speed(wall=self.wall, speed=speed)

    @rule(forward=st.integers(0, 2 * HOUR))
    def jump(self, forward: int) -> None:
        self.clock = self.clock.jump(wall=self.wall, to=min(END, self.now + forward))

    @rule(cue=st.sampled_from([*TIMED, DECIDED, UNDECIDED, HELD, FLOOD]))
    def jump_to_when_it_is_due(self, cue: Cue) -> None:
        if cue.at is not None and cue.at >= self.now:
            self.clock = self.clock.jump(wall=self.wall, to=cue.at)

    @rule(inject=ORDERED, kind=st.sampled_from([TRIGGER, SKIP]))
    def order(self, inject: str, kind: str) -> None:
        self.orders.append(Order(self.ledger.stamp(self.now), kind, inject))

    @rule(inject=ORDERED)
    def order_again(self, inject: str) -> None:
        attempts = [id_[2] for id_ in self.ledger.delivered if id_[0] == inject]
        if attempts:
            stamp = self.ledger.stamp(self.now)
            self.orders.append(Order(stamp, AGAIN, inject, max(attempts) + 1))

    @rule(option=st.sampled_from(["ja", "nein"]))
    def decide(self, option: str) -> None:
        self.decided.append((self.ledger.stamp(self.now), option))

    @rule(inject=st.sampled_from(sorted(MOVED)), later=st.integers(-HOUR, HOUR))
    def rewrite(self, inject: str, later: int) -> None:
        place = [cue.inject for cue in self.cues].index(inject)
        at = min(END, max(0, self.now + later))
        changed = replace(self.cues[place], at=at, since=self.ledger.stamp(self.now))
        self.cues = [*self.cues[:place], changed, *self.cues[place + 1 :]]

    @rule(worker=st.sampled_from([1, 2]))
    def compute(self, worker: int) -> None:
        self.plans[worker] = self.missing()

    @precondition(lambda self: self.plans)
    @rule(chosen=st.randoms(use_true_random=False), crash=st.booleans())
    def store_a_plan(self, chosen, crash: bool) -> None:  # type: ignore[no-untyped-def]
        """All of it, or what was stored when the worker crashed."""
        plan = self.plans.pop(chosen.choice(sorted(self.plans)))
        with suppress(StaleError):  # computed anew by the next one
            self.store(plan[: chosen.randint(0, len(plan))] if crash else plan)

    @rule()
    def restart(self) -> None:
        self.plans.clear()
        self.ledger = Ledger(dict(self.ledger.delivered))

    @invariant()
    def nothing_is_doubled_or_out_of_order(self) -> None:
        ids = [each.id for each in self.stored]
        assert len(set(ids)) == len(ids)
        dues = [each.due for each in self.stored]
        assert dues == sorted(dues)

    def teardown(self) -> None:
        self.clock = self.clock.resume(wall=self.wall)
        self.wall = (self.clock.wall_of(END) or self.wall) + 1
        self.store(self.missing())
        assert self.missing() == []
        assert (
            still_open(
                self.cues, self.ledger, now=self.now, end=END, orders=self.orders, facts=self.facts
            )
            == []
        )
        self.nothing_is_doubled_or_out_of_order()
        told = {each.id for each in self.stored}
        assert told == {
            (cue.inject, recipient, attempt)
            for cue in self.cues
            for attempt in self.expected(cue)
            for recipient in cue.recipients
        }

    def expected(self, cue: Cue) -> list[int]:
        """Which attempts must have come, found the long way."""

        def first(kind: str) -> float:
            found = [o.at for o in self.orders if (o.inject, o.kind) == (cue.inject, kind)]
            return min(found, default=float("inf"))

        natural = float("inf") if cue.at is None else float(max(cue.at, cue.since))
        if cue.inject == DECIDED.inject:
            natural = max(natural, self.decided[0][0] if self.decided else float("inf"))
        if cue.inject == UNDECIDED.inject and self.decided and self.decided[0][0] <= 3 * HOUR:
            natural = float("inf")
        if cue.inject == CHAINED.inject:
            natural = min(
                (each.due for each in self.stored if each.inject == "t5"), default=float("inf")
            )
        if cue in (HELD, BROKEN, FLOOD):
            natural = self.one_of_three(cue)
        # An order given when the end had come lets come what was due until then.
        last = max([END, *(o.at for o in self.orders)])
        if first(TRIGGER) == float("inf") and not natural < min(first(SKIP), last + 1):
            return []
        repeated = {o.attempt for o in self.orders if (o.inject, o.kind) == (cue.inject, AGAIN)}
        return [1, *repeated]

    def one_of_three(self, cue: Cue) -> float:
        """When one of them comes by itself, found the long way."""
        never = float("inf")

        def latest(at: int) -> str:
            return next((option for when, option in reversed(self.decided) if when <= at), "")

        def untouched(which: Cue, until: int) -> bool:
            return not any(o.inject == which.inject and o.at <= until for o in self.orders)

        last = 5 * HOUR
        moments = sorted([4 * HOUR, *(when for when, _option in self.decided)])
        held = [at for at in moments if 4 * HOUR <= at <= last and latest(at) == "ja"]
        if cue == HELD:
            return held[0] if held else never
        broken = last + 1
        if held or not untouched(HELD, last):
            return never
        triggered = [o.at for o in self.orders if (o.inject, o.kind) == (HELD.inject, TRIGGER)]
        if any(at <= broken for at in triggered):
            return never
        if cue == BROKEN:
            return never if latest(broken) == "nein" else broken
        if latest(broken) != "nein" or not untouched(BROKEN, broken):
            return never
        triggered = [o.at for o in self.orders if (o.inject, o.kind) == (BROKEN.inject, TRIGGER)]
        return never if any(at <= 7 * HOUR for at in triggered) else 7 * HOUR


Play.TestCase.settings = settings(max_examples=300, stateful_step_count=50, deadline=None)


class TestPlay(Play.TestCase):  # type: ignore[misc, name-defined]
    pass


def test_the_machine_sees_a_fault() -> None:
    """A delivery that forgets what was stored would be noticed."""
    play = Play()
    play.store(play.missing())
    play.stored += play.stored[:1]
    with pytest.raises(AssertionError):
        play.nothing_is_doubled_or_out_of_order()
