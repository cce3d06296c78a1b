"""Critical facilities of a whole country, a Kreis that has many, and exercises in which much has happened."""

import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from allmende.accounts.models import User
from allmende.crisis.models import (
    CONTROL,
    Choice,
    Delivery,
    Exercise,
    Facility,
    Improvement,
    Note,
    Observation,
    Part,
    ScriptDraft,
    Service,
    Share,
    Supplier,
    Supply,
)
from allmende.formats.exercise_script.document import document_of, script_of
from allmende.registry.models import Region
from population import keep

SECOND = 1_000_000
SERVICES = list(Service)


@dataclass(frozen=True)
class Size:
    """``facilities`` in all municipalities; ``own`` of them in the one whose crisis staff looks at them."""

    facilities: int
    own: int
    players: int
    injects: int  # that have come, and messages that were written
    choices: int


FULL = Size(facilities=40_000, own=300, players=150, injects=1_000, choices=30)
SMALL = Size(facilities=40, own=5, players=3, injects=5, choices=2)


def make_facilities(size: Size) -> None:
    """Each needs two things from others nearby: one of two suppliers, and one alone."""
    regions = list(Region.objects.municipalities().order_by("pk").values_list("pk", flat=True))
    chance = random.Random(2026)  # noqa: S311  nothing secret
    keep(
        Facility,
        (
            Facility(
                name=f"{SERVICES[number % len(SERVICES)].label} {number}",
                service=SERVICES[number % len(SERVICES)],
                provider_name="Stadtwerke",
                region_id=regions[number * 7 % len(regions)],
                lon=6 + 9 * chance.random(),
                lat=47.5 + 7 * chance.random(),
                served=chance.randrange(200, 40_000),
            )
            for number in range(size.facilities)
        ),
    )
    keys = list(
        Facility.objects.filter(provider_name="Stadtwerke")
        .order_by("region", "pk")
        .values_list("pk", flat=True)
    )
    _let_depend(keys)


def grow_register(facility: Facility, size: Size) -> None:
    """Give the municipality of a facility, which its crisis staff may see, many more."""
    keep(
        Facility,
        (
            Facility(
                name=f"Werk {number}",
                service=SERVICES[number % len(SERVICES)],
                provider=facility.provider,
                region=facility.region,
                lon=9 + (number % 20) / 100,
                lat=50 + number / 2_000,
                served=100 + number,
            )
            for number in range(size.own)
        ),
    )
    there = facility.region.facilities.filter(name__startswith="Werk ")
    keys = list(there.order_by("pk").values_list("pk", flat=True))
    _let_depend(keys)
    keep(Share, (Share(facility_id=key, region=facility.region, persons=100) for key in keys))


def _let_depend(keys: list[int]) -> None:
    """Some of those before it in the list supply each."""
    keep(
        Supply,
        (
            Supply(facility_id=key, service=service, buffer_hours=hours)
            for key in keys[4:]
            for service, hours in ((Service.POWER, 4.0), (Service.TELECOM, 24.0))
        ),
    )
    place = {key: number for number, key in enumerate(keys)}
    needs = Supply.objects.order_by("pk").values_list("pk", "facility", "service")
    rows = [row for row in needs if row[1] in place]

    def suppliers() -> Iterator[Supplier]:
        for pk, facility, service in rows:
            number = place[facility]
            for before in (1, 2) if service == Service.POWER else (4,):
                yield Supplier(supply_id=pk, facility_id=keys[max(0, number - before)])

    keep(Supplier, suppliers())


def _long(document: dict[str, Any], size: Size) -> dict[str, Any]:
    """The document of a script with many more injects."""
    more = [
        {"key": f"w{number}", "at": 5 + number % 590, "title": f"Meldung {number}", "to": ["stab"]}
        for number in range(min(size.injects, 500))
    ]
    return document_of(script_of(document | {"injects": [*document["injects"], *more]}))


def grow_draft(draft: ScriptDraft, size: Size, document: dict[str, Any]) -> None:
    """Let a script that is being written be as long as that of a large exercise."""
    grown = _long(document | {"name": draft.title}, size)
    ScriptDraft.objects.filter(pk=draft.pk).update(script=grown)


def grow_exercise(exercise: Exercise, size: Size, document: dict[str, Any]) -> None:
    """Let a script as long as that of a large exercise be played, by many, and nearly to its end."""
    grown = _long(document | {"name": exercise.title}, size)
    script_hash = sha256(json.dumps(grown, sort_keys=True).encode()).hexdigest()
    Exercise.objects.filter(pk=exercise.pk).update(script=grown, script_hash=script_hash)
    if exercise.started_at is None:
        return
    wall = exercise.clock_changes.order_by("number").values_list("wall", flat=True)[0]
    people = User.objects.exclude(pk__in=exercise.parts.values("user")).order_by("pk")
    keep(
        Part,
        (
            Part(exercise=exercise, user=user, kind="spiel", role=role)
            for user, role in zip(
                people[: size.players], itertools.cycle(("stab", "presse")), strict=False
            )
        ),
    )
    keep(
        Delivery,
        (
            Delivery(
                exercise=exercise,
                inject=f"frueher{number}",
                recipient="stab",
                attempt=1,
                due=number,
                wall=wall + number,
                channel="mail",
                sender="Leitstelle",
                title=f"Frühere Meldung {number}",
                text="Es geht weiter. " * 10,
            )
            for number in range(size.injects)
        ),
    )
    keep(
        Note,
        (
            Note(
                exercise=exercise,
                key=UUID(int=number),
                at=number,
                wall=wall + number,
                sender="stab" if number % 2 else CONTROL,
                recipient=CONTROL if number % 2 else "stab",
                text=f"Verstanden ({number}).",
            )
            for number in range(size.injects)
        ),
    )
    keep(
        Choice,
        (
            Choice(
                exercise=exercise,
                key=UUID(int=number),
                at=10 + number,
                wall=wall + 10 + number,
                role="stab",
                decision="wohin",
                option="nord" if number % 2 else "sued",
            )
            for number in range(size.choices)
        ),
    )
    keep(
        Observation,
        (
            Observation(exercise=exercise, text=f"Ruhig ({number}).", at=number, wall=wall + number)
            for number in range(size.injects // 5)
        ),
    )
    keep(
        Improvement,
        (
            Improvement(
                exercise=exercise,
                lesson=f"Niemand wusste es ({number}).",
                what=f"Eine Liste führen ({number}).",
                organisation="Stadtwerke",
                due_on=f"2027-01-{number % 28 + 1:02}",
            )
            for number in range(size.choices)
        ),
    )
