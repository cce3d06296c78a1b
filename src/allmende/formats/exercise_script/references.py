"""Names in a script that nothing has: roles, goals, facilities …"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from allmende.formats.exercise_script.findings import (
    ANNOUNCE,
    ERROR,
    HEAD,
    Finding,
    Place,
    place_of,
    place_of_option,
    quoted,
)
from allmende.formats.exercise_script.model import Inject, Script
from allmende.formats.exercise_script.network import NUMBERING

ADVICE = "Berichtigen Sie den Namen, oder legen Sie an, was fehlt."
PRONOUNS = {
    "Ziel": "Das",
    "Team": "Das",
    "mobile Mittel": "Das",
    "Strang": "Den",
    "Artikel": "Den",
    "Gesprächsleitfaden": "Den",
}


@dataclass(frozen=True)
class Known:
    """All names of a script, by what they name."""

    roles: Collection[str]
    people: Collection[str]
    municipalities: Collection[str]
    facilities: Mapping[str, int]  # and how many supplies each has
    units: Mapping[str, Collection[str]]  # and the facilities that each can feed, empty: all
    decisions: Mapping[str, Collection[str]]  # and the options of each
    rows: Mapping[str, Collection[str]]  # the keys of everything else, by section

    @classmethod
    def of(cls, script: Script) -> "Known":
        roles = {role.key for role in script.roles}
        supplies = Counter(str(row.get("facility")) for row in script.supplies)
        return cls(
            roles=roles,
            people=roles | {team.key for team in script.teams} | script.municipalities,
            municipalities=script.municipalities,
            facilities={
                str(row.get("key")): supplies[str(row.get("key"))] for row in script.facilities
            },
            units={unit.key: unit.sites for unit in script.units},
            decisions={
                each.key: {option.key for option in each.options} for each in script.decisions
            },
            rows={
                "strands": {each.key for each in script.strands},
                "goals": {each.key for each in script.goals},
                "capabilities": {each.key for each in script.capabilities},
                "articles": {each.key for each in script.articles},
                "phone_scripts": {each.key for each in script.phone_scripts},
                "attachments": {each.name for each in script.attachments},
                "injects": {each.key for each in script.injects},
            },
        )


def unknown_names(script: Script) -> Iterator[Finding]:
    """A finding for each name that nothing has."""
    known = Known.of(script)
    for inject in script.injects:
        yield from _of_inject(script, inject, known)
    for decision in script.decisions:
        yield from _missing(place_of(decision), "Rolle", [decision.role], known.roles)
        for option in decision.options:
            for act in option.acts:
                yield from _of_act(script, place_of_option(decision, option), act, known)
    yield from _of_people(script, known)
    for unit in script.units:
        place = place_of(unit)
        named = (*unit.travel_hours, *unit.sites)
        yield from _missing(place, "Einrichtung", named, known.facilities)
    for keys in (script.facility_names.keys(), script.facility_places.keys()):
        yield from _missing(HEAD, "Einrichtung", keys, known.facilities)


def _of_inject(script: Script, inject: Inject, known: Known) -> Iterator[Finding]:
    lists: tuple[tuple[str, Iterable[str], Collection[str]], ...] = (
        ("Rolle", inject.to, known.people),
        ("Rolle", [inject.controller], known.roles),
        ("Strang", [inject.strand], known.rows["strands"]),
        ("Ziel", inject.goals, known.rows["goals"]),
        ("Fähigkeit", inject.capabilities, known.rows["capabilities"]),
        ("Entscheidung", inject.asks_for, known.decisions),
        ("Einlage", [inject.fallback], known.rows["injects"]),
        ("Artikel", [inject.article], known.rows["articles"]),
        ("Gesprächsleitfaden", [inject.phone_script], known.rows["phone_scripts"]),
        ("Anlage", inject.attachments, known.rows["attachments"]),
        ("Einrichtung", inject.claims, known.facilities),
    )
    place = place_of(inject)
    for what, names, there in lists:
        yield from _missing(place, what, names, there)
    if inject.condition:
        yield from _of_condition(script, place, inject.condition, known)


def _of_condition(
    script: Script, place: Place, condition: Mapping[str, Any], known: Known
) -> Iterator[Finding]:
    decisions = known.decisions
    for name, value in condition.items():
        if name == "decision":
            yield from _missing(place, "Entscheidung", [value], decisions)
            option = condition.get("option", "")
            yield from _missing(place, "Möglichkeit", [option], decisions.get(value, [option]))
        elif name == "inject":
            yield from _missing(place, "Einlage", [value], known.rows["injects"])
        elif name == "facility":
            yield from _missing(place, "Einrichtung", [value], known.facilities)
        elif name in ("all", "any"):
            for part in value:
                yield from _of_condition(script, place, part, known)
        elif name == "not":
            yield from _of_condition(script, place, value, known)


def _of_act(
    script: Script, place: Place, act: Mapping[str, Any], known: Known
) -> Iterator[Finding]:
    yield from _missing(place, "mobile Mittel", [act.get("unit", "")], known.units)
    yield from _missing(place, "Gemeinde", [act.get("municipality", "")], known.municipalities)
    facility = act.get("facility", "")
    yield from _missing(place, "Einrichtung", [facility], known.facilities)
    name = script.facility_name(facility)
    unit = next((each.name for each in script.units if each.key == act.get("unit")), "")
    sites = known.units.get(act.get("unit", ""), ())
    if facility and sites and facility not in sites:
        yield Finding(
            ERROR,
            place,
            f"{quoted(unit)} kann {quoted(name)} nicht speisen.",
            "Nehmen Sie die Einrichtung unter „Nur für diese Einrichtungen“ („sites“) auf, "
            "oder wählen Sie eine andere.",
        )
    supplies = known.facilities.get(facility)
    number = act.get("supply", 1)
    if act.get("kind") in NUMBERING and supplies is not None and number > supplies:
        yield Finding(
            ERROR,
            place,
            f"{quoted(name)} hat keine Versorgung {number} (es gibt {supplies}).",
            "Versorgungen werden je Einrichtung von 1 an gezählt.",
        )


def _of_people(script: Script, known: Known) -> Iterator[Finding]:
    teams = [team.key for team in script.teams]
    for role in script.roles:
        yield from _missing(place_of(role), "Team", [role.team], teams)
    capabilities = [each.key for each in script.capabilities]
    for goal in script.goals:
        yield from _missing(place_of(goal), "Fähigkeit", goal.capabilities, capabilities)
    for hearer in script.announce.to:
        yield from _missing(ANNOUNCE, "Rolle", hearer.roles, known.people)
        where = [hearer.municipality]
        yield from _missing(ANNOUNCE, "Gemeinde", where, known.municipalities)


def _missing(
    place: Place, what: str, names: Iterable[str], there: Collection[str]
) -> Iterator[Finding]:
    for name in names:
        if name and name not in there:
            pronoun = PRONOUNS.get(what, "Die")
            yield Finding(ERROR, place, f"{pronoun} {what} „{name}“ gibt es nicht.", ADVICE)
