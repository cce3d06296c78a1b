"""Programs are killed while people exercise: all that was confirmed is there once, and each inject came once.

``ALLMENDE_KILLS`` says how often in one run (3 without it; ``make bench`` does 50).
"""

import random
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from http.client import HTTPException
from itertools import groupby
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from allmende.algorithms.exercise.delivery import Ledger, missing
from allmende.algorithms.exercise.rehearsal import facts_of
from allmende.crisis.models import (
    Choice,
    ClockChange,
    Delivery,
    Exercise,
    Mark,
    Note,
    Observation,
    Part,
)
from allmende.crisis.queries.games import Game
from allmende.crisis.services import exercises as serve
from allmende.formats.exercise_script.fields import MOST_MINUTES
from allmende.formats.exercise_script.model import Script
from tests.crisis.small import small_script
from tests.factories import OrganisationFactory, UserFactory
from tests.load.installation import Browser, Fields, Installation, pause
from tests.load.killing import assert_the_database_is_whole, kill_by_turns, kills

KILLS = kills(without=3)
# Minutes of the exercise in which something is due: more than pass at this speed.
MINUTES, SPEED = 60 + 30 * KILLS, 100
MINUTE = 60_000_000
TASK = re.compile(r'action="(/krise/uebungen/einlagen/(\d+)/beobachtet/)')
HAND = [f"hand-{number}" for number in range(20 * (KILLS + 1))]


def fast_script() -> Script:
    """Every minute something for everybody and a task; much by hand; and a grid that fails soon."""
    timed = [
        {"key": f"{kind}-{minute}", "at": minute, "title": f"{kind} {minute}.", **more}
        for minute in range(1, MINUTES)
        for kind, more in (
            ("Nachricht", {"to": ["lindenfurt"]}),
            ("Aufgabe", {"to": ["stab"], "expected_action": "Anrufen", "expected_minutes": 5}),
        )
    ]
    by_hand = [{"key": key, "at": None, "title": key, "to": ["presse"]} for key in HAND]
    lasting = min(20 * MINUTES, MOST_MINUTES)
    script = small_script(duration_minutes=lasting, injects=[*timed, *by_hand], speed=SPEED)
    script.model["scenario"]["damages"] = [{"facility": "netz", "at": 0.2, "hours": 1}]
    return script


@dataclass
class Somebody:
    """One person in the exercise, who does one thing after the other and repeats it until it is confirmed."""

    browser: Browser
    address: str
    chance: random.Random
    deed: "Callable[[Somebody, int], None]"
    confirmed: dict[str, Any] = field(default_factory=dict)
    refused: Counter[int] = field(default_factory=Counter)

    def act(self, stop: Event) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            self.deed(self, number)

    def ask(self, send: Callable[[], tuple[int, str]], status: int) -> str:
        """What comes back in the end: whoever gets no answer asks again, as the page does, with the same key."""
        while True:
            try:
                found, page = send()
            except (OSError, HTTPException):
                pause(0.02)
                continue
            if found == status:
                return page
            self.refused[found] += 1
            pause(0.02)

    def send(self, path: str, fields: Fields) -> None:
        self.ask(lambda: self.browser.post(path, fields), 303)


def play(head: Somebody, number: int) -> None:
    """Write or decide."""
    key = str(uuid4())
    if head.chance.random() < 0.5:
        text = f"Meldung {number}"
        head.send(f"{head.address}schreiben/", {"key": key, "recipient": "presse", "text": text})
        head.confirmed[key] = text
    else:
        option = head.chance.choice(("nord", "sued"))
        head.send(f"{head.address}entscheiden/wohin/", {"key": key, "option": option})
        head.confirmed[key] = option


def observe(observer: Somebody, number: int) -> None:
    """Mark a task that has come, or note something."""
    address = f"{observer.address}beobachten/"
    tasks = TASK.findall(observer.ask(lambda: observer.browser.get(address), 200))
    if tasks and observer.chance.random() < 0.5:
        path, delivery = observer.chance.choice(tasks)
        mark = observer.chance.choice(Mark.values)
        observer.send(path, {"mark": mark})
        observer.confirmed[delivery] = mark
    else:
        key, text = str(uuid4()), f"Beobachtung {number}"
        observer.send(address, {"key": key, "text": text})
        observer.confirmed[key] = text


def control(director: Somebody, number: int) -> None:
    """Set the clock to a speed of its own, or let something come."""
    if number <= len(HAND) and director.chance.random() < 0.5:
        inject = HAND[number - 1]
        director.send(f"{director.address}einlage/", {"kind": "trigger", "inject": inject})
        director.confirmed[inject] = "ordered"
    else:
        speed = f"{SPEED + Decimal(number % 10_000) / 1000}".replace(".", ",")
        director.send(f"{director.address}stellen/", {"change": "speed", "speed": speed})
        director.confirmed[f"{number}"] = speed


def look(press: Somebody, _number: int) -> None:
    """See what is new; what somebody has seen has come."""
    page = press.ask(lambda: press.browser.get(f"{press.address}neues/"), 200)
    for title in re.findall(r"ÜBUNG: (?:(?:Nachricht|Aufgabe) \d+\.|hand-\d+)", page):
        press.confirmed[title] = "seen"


@pytest.fixture
def exercise(transactional_db: None) -> Exercise:
    return serve.add_exercise(
        actor=UserFactory(), mandate=None, host=OrganisationFactory(), script=fast_script()
    )


@pytest.mark.slow
def test_an_exercise_goes_on_whatever_dies(installation: Installation, exercise: Exercise) -> None:
    chance = random.Random(20)  # noqa: S311
    director = Part.objects.get(exercise=exercise).user
    joined = {
        kind + role: serve.join(actor=UserFactory(), exercise=exercise, kind=kind, role=role).user
        for kind, role in (("spiel", "stab"), ("spiel", "presse"), ("beobachtung", ""))
    }
    head, press, observer, leader = people = [
        Somebody(
            Browser(installation.port, user),
            exercise.get_absolute_url(),
            random.Random(user.pk),  # noqa: S311
            deed,
        )
        for user, deed in zip(
            [joined["spielstab"], joined["spielpresse"], joined["beobachtung"], director],
            (play, look, observe, control),
            strict=True,
        )
    ]
    serve.start_exercise(actor=director, exercise=exercise)
    connection.close()  # else the file would never be opened anew after a crash
    installation.start_server()
    installation.start_worker()
    stop = Event()
    with ThreadPoolExecutor(len(people)) as pool:
        acting = [pool.submit(person.act, stop) for person in people]
        try:
            kill_by_turns(
                installation,
                chance,
                times=KILLS,
                accepted=lambda: sum(len(each.confirmed) for each in (head, observer, leader)),
                acting=acting,
            )
        finally:
            stop.set()
    assert [deeds.result() for deeds in acting] == [None] * len(people)
    installation.stop()

    if connection.vendor == "sqlite":
        assert [dict(each.refused) for each in people] == [{}] * len(people), (
            installation.log.read_text()[-4000:]
        )
    assert_the_database_is_whole(installation)
    assert said_and_decided() == head.confirmed
    assert observed() == observer.confirmed
    assert_the_clock_obeyed(leader)
    serve.deliver_due(exercise=exercise)
    assert_each_inject_came_once(exercise)
    came = Delivery.objects.filter(recipient="presse")
    assert press.confirmed.keys() <= set(came.values_list("title", flat=True))
    ordered = {key for key, what in leader.confirmed.items() if what == "ordered"}
    assert ordered == set(
        Delivery.objects.filter(inject__startswith="hand-").values_list("inject", flat=True)
    )


def said_and_decided() -> dict[str, str]:
    """By the key under which it was sent: what was sent twice is there once."""
    notes = Note.objects.values_list("key", "text")
    choices = Choice.objects.values_list("key", "option")
    return {str(key): what for key, what in (*notes, *choices)}


def observed() -> dict[str, str]:
    """Notes by their key, marks by the delivery that they are about."""
    deliveries = {(each.inject, each.recipient): str(each.pk) for each in Delivery.objects.all()}
    return {
        deliveries[each.inject, each.role] if each.inject else str(each.key): each.mark or each.text
        for each in Observation.objects.all()
    }


def assert_the_clock_obeyed(leader: Somebody) -> None:
    """Every speed, in its order, after that of the beginning; what was sent twice changes nothing."""
    speeds = ClockChange.objects.order_by("number").values_list("speed", flat=True)
    said = [
        int(Decimal(what.replace(",", ".")) * 1000)
        for what in leader.confirmed.values()
        if what != "ordered"
    ]
    assert [speed for speed, _same in groupby(speeds)] == [SPEED * 1000, *said]


def assert_each_inject_came_once(exercise: Exercise) -> None:
    """What came is what an exercise in which nothing dies would have delivered, in the order of its times."""
    exercise.refresh_from_db()
    game = Game(exercise, serve.microseconds())
    rows = Delivery.objects.order_by("pk").values_list("inject", "recipient", "attempt", "due")
    ids = [row[:3] for row in rows]
    dues = [row[3] for row in rows]
    undisturbed = missing(
        game.cues,
        Ledger(),
        now=dues[-1],
        orders=game.orders,
        facts=facts_of(game.made, game.future),
    )
    assert len(ids) == len(set(ids))
    assert dues == sorted(dues)
    assert {each.id for each in undisturbed if each.due < dues[-1]} <= set(ids)
    assert set(ids) <= {each.id for each in undisturbed}
