"""Delivery: what is due in which order, and the faults that others' users reported, each once."""

from dataclasses import replace

import pytest

from allmende.algorithms.exercise.clock import HOUR, MINUTE, REAL_TIME, SECOND, Clock
from allmende.algorithms.exercise.conditions import Facts, condition_of
from allmende.algorithms.exercise.delivery import (
    AGAIN,
    SKIP,
    TRIGGER,
    Cue,
    Delivery,
    Ledger,
    Order,
    StaleError,
    due_times,
    missing,
    openings,
    still_open,
)

FIRST = Cue("erste", ("stab",), at=10 * MINUTE)
SECOND_ONE = Cue("zweite", ("stab", "presse"), at=20 * MINUTE)
BY_HAND = Cue("reserve", ("stab",), at=None)
SCRIPT = [FIRST, SECOND_ONE, BY_HAND]


def names(deliveries: list[Delivery]) -> list[str]:
    return [f"{each.inject}>{each.recipient}#{each.attempt}" for each in deliveries]


def test_what_is_due_comes_in_order_and_once() -> None:
    ledger = Ledger()
    assert names(missing(SCRIPT, ledger, now=9 * MINUTE)) == []
    ledger = ledger.append(missing(SCRIPT, ledger, now=30 * MINUTE))
    assert list(ledger.delivered) == [
        ("erste", "stab", 1),
        ("zweite", "stab", 1),
        ("zweite", "presse", 1),
    ]
    assert missing(SCRIPT, ledger, now=2 * HOUR) == []


def test_decisions_open_with_the_first_inject_that_asks_for_them() -> None:
    cues = [
        replace(FIRST, asks_for=("pumpe",)),
        replace(SECOND_ONE, asks_for=("pumpe", "deich")),
        Cue("aus", ("stab",), asks_for=("frei",), enabled=False),
        Cue("leer", (), asks_for=("frei",)),
    ]
    decisions = ("pumpe", "deich", "frei")
    assert openings(cues, decisions, {}) == {"frei": 0}
    assert openings(cues, decisions, {"zweite": 7}) == {"pumpe": 7, "deich": 7, "frei": 0}
    assert openings(cues, decisions, {"erste": 9, "zweite": 7, "aus": 1})["pumpe"] == 7


def test_a_batch_stored_in_part_is_completed() -> None:
    whole = missing(SCRIPT, Ledger(), now=HOUR)
    half = Ledger().append(whole[:2])
    assert missing(SCRIPT, half, now=HOUR) == whole[2:]
    assert half.append(whole) == Ledger().append(whole)


def test_whoever_comes_with_an_old_plan_is_refused_whole() -> None:
    ledger = Ledger().append([Delivery(20, "zweite", "stab", 1)])
    with pytest.raises(StaleError):
        ledger.append([Delivery(10, "erste", "stab", 1)])


def test_what_comes_late_is_due_now() -> None:
    """Somebody writes an inject for a time that is over."""
    ledger = Ledger().append(missing(SCRIPT, Ledger(), now=30 * MINUTE))
    late = Cue("spät", ("stab",), at=5 * MINUTE)
    assert missing([*SCRIPT, late], ledger, now=30 * MINUTE) == [
        Delivery(20 * MINUTE, "spät", "stab", 1)
    ]
    stamped = replace(late, since=ledger.stamp(30 * MINUTE))
    assert missing([*SCRIPT, stamped], ledger, now=31 * MINUTE)[0].due == 30 * MINUTE + 1


def test_orders_deliver_leave_out_and_repeat() -> None:
    orders = [
        Order(3 * MINUTE, TRIGGER, "reserve"),
        Order(4 * MINUTE, SKIP, "erste"),
        Order(25 * MINUTE, SKIP, "zweite"),  # too late
    ]
    found = missing(SCRIPT, Ledger(), now=30 * MINUTE, orders=orders)
    assert names(found) == ["reserve>stab#1", "zweite>stab#1", "zweite>presse#1"]
    ledger = Ledger().append(found)
    after_all = [*orders, Order(31 * MINUTE, TRIGGER, "erste")]
    again = [*after_all, *[Order(at, AGAIN, "reserve", 2) for at in (32 * MINUTE, 33 * MINUTE)]]
    assert names(missing(SCRIPT, ledger, now=40 * MINUTE, orders=again)) == [
        "erste>stab#1",
        "reserve>stab#2",
    ]


def test_chains_wait_for_decisions_injects_and_facilities() -> None:
    cues = [
        Cue("nachfrage", ("stab",), condition=condition_of({"inject": "meldung"})),
        Cue("lob", ("stab",), condition=condition_of({"decision": "pumpe", "option": "ja"})),
        Cue(
            "mahnung",
            ("stab",),
            at=50,
            until=60,
            condition=condition_of({"not": {"decision": "pumpe"}}),
        ),
        Cue(
            "meldung",
            ("stab",),
            at=10,
            condition=condition_of({"facility": "werk", "state": "failed"}),
        ),
    ]
    states = {"werk": [(0, 30, "operational"), (30, 90, "failed")]}

    def due(decided: dict[str, list[tuple[int, str]]]) -> list[tuple[int, str]]:
        facts = Facts(decided, states)
        return [(at, cue.inject) for at, cue in due_times(cues, until=100, facts=facts)]

    assert due({}) == [(30, "meldung"), (30, "nachfrage"), (50, "mahnung")]
    assert due({"pumpe": [(40, "ja")]}) == [(30, "meldung"), (30, "nachfrage"), (40, "lob")]
    assert due({"pumpe": [(55, "nein")]}) == [(30, "meldung"), (30, "nachfrage"), (50, "mahnung")]


def test_circles_never_fire_and_do_not_hang() -> None:
    circle = [
        Cue("a", ("stab",), condition=condition_of({"inject": "b"})),
        Cue("b", ("stab",), condition=condition_of({"inject": "a"})),
    ]
    assert due_times(circle, until=HOUR) == []


def test_two_injects_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        due_times([FIRST, FIRST], until=1)


# The classic faults of the peers (public issues of OpenAEV), told as behaviour. Numbers 6 and 7 need people
# and texts: tests/crisis/test_playing.py.


def test_regression_1_ordered_after_a_pause_it_comes_at_once() -> None:
    """OpenAEV #1395: what was ordered after a pause came later by the length of the pause."""
    clock = Clock().start(wall=0).pause(wall=5 * MINUTE).resume(wall=65 * MINUTE)
    now = clock.at(66 * MINUTE)
    order = Order(Ledger().stamp(now), TRIGGER, "reserve")
    assert missing(SCRIPT, Ledger(), now=now, orders=[order]) == [
        Delivery(6 * MINUTE + 1, "reserve", "stab", 1)
    ]
    assert clock.wall_of(order.at) == 66 * MINUTE + 1


def test_regression_1_ordered_in_a_pause_it_comes_in_the_pause() -> None:
    clock = Clock().start(wall=0).pause(wall=12 * MINUTE)
    ledger = Ledger().append(missing(SCRIPT, Ledger(), now=clock.at(12 * MINUTE)))
    orders = []
    for inject in ("reserve", "zweite"):
        orders.append(Order(ledger.stamp(clock.at(30 * MINUTE)), TRIGGER, inject))
        ledger = ledger.append(missing(SCRIPT, ledger, now=clock.at(30 * MINUTE), orders=orders))
    assert [key[0] for key in ledger.delivered] == ["erste", "reserve", "zweite", "zweite"]


def test_regression_2_the_first_inject_after_a_pause_comes() -> None:
    """OpenAEV #2282: it was left out."""
    clock = Clock().start(wall=0).pause(wall=9 * MINUTE).resume(wall=HOUR)
    told = [names(missing(SCRIPT, Ledger(), now=clock.at(HOUR + s * MINUTE))) for s in (0, 1)]
    assert told == [[], ["erste>stab#1"]]


def test_regression_3_nothing_is_too_old() -> None:
    """OpenAEV #2798: after a pause, injects were refused as too old."""
    clock = Clock().start(wall=0).pause(wall=11 * MINUTE).resume(wall=24 * HOUR)
    clock = clock.jump(wall=24 * HOUR, to=48 * HOUR)
    found = missing(SCRIPT, Ledger(), now=clock.at(24 * HOUR + SECOND))
    assert names(found) == ["erste>stab#1", "zweite>stab#1", "zweite>presse#1"]


def test_regression_4_whoever_begins_anew_begins_with_nothing() -> None:
    """OpenAEV #5608: after a reset, injects kept their state."""
    before = missing(SCRIPT, Ledger(), now=HOUR)
    Ledger().append(before)
    due_times(SCRIPT, until=HOUR, orders=[Order(0, SKIP, "erste")])
    assert missing(SCRIPT, Ledger(), now=HOUR) == before
    assert Clock().start(wall=24 * HOUR).at(24 * HOUR) == 0


@pytest.mark.parametrize("how", ["disabled", "deleted", "skipped", "lapsed", "by hand", "circle"])
def test_regression_5_what_can_no_longer_come_keeps_nobody_waiting(how: str) -> None:
    """OpenAEV #1586, #2091: with disabled or deleted injects, runs never ended."""
    last = Cue("letzte", ("stab",), at=40 * MINUTE)
    cues, orders = [FIRST, SECOND_ONE], []
    if how == "disabled":
        cues.append(replace(last, enabled=False))
    elif how == "skipped":
        cues.append(last)
        orders = [Order(35 * MINUTE, SKIP, "letzte")]
    elif how == "lapsed":
        never = condition_of({"decision": "nie"})
        cues.append(replace(last, until=45 * MINUTE, condition=never))
    elif how == "by hand":
        cues.append(BY_HAND)
    elif how == "circle":
        cues.append(replace(last, condition=condition_of({"inject": "letzte"})))
    ledger = Ledger().append(missing(cues, Ledger(), now=30 * MINUTE, orders=orders))
    end = 2 * HOUR if how != "circle" else 50 * MINUTE
    assert still_open(cues, Ledger(), now=0, end=end, orders=orders)[:2] == ["erste", "zweite"]
    assert still_open(cues, ledger, now=50 * MINUTE, end=end, orders=orders) == []


def test_what_is_still_to_come_is_open() -> None:
    ledger = Ledger().append(missing(SCRIPT, Ledger(), now=15 * MINUTE))
    assert still_open(SCRIPT, ledger, now=15 * MINUTE, end=HOUR) == ["zweite"]
    assert still_open(SCRIPT, ledger, now=15 * MINUTE, end=18 * MINUTE) == []


def test_speed_changes_when_it_comes_not_what_comes() -> None:
    slow = Clock().start(wall=0)
    fast = slow.set_speed(wall=MINUTE, speed=60 * REAL_TIME)
    assert missing(SCRIPT, Ledger(), now=fast.at(2 * MINUTE)) == missing(
        SCRIPT, Ledger(), now=slow.at(61 * MINUTE)
    )
