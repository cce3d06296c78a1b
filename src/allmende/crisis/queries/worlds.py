"""The world of a script: the network that its simulation runs on, made from the register, and what fails in it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import QuerySet

from allmende.formats.cascade_model.reader import model_of
from allmende.formats.cascade_model.rows import FORMAT as CASCADE
from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.changes import stand_of
from allmende.formats.exercise_script.check import check_script
from allmende.formats.exercise_script.document import script_of
from allmende.formats.exercise_script.fields import FIELDS
from allmende.formats.exercise_script.findings import ERROR
from allmende.formats.exercise_script.model import Script
from allmende.formats.exercise_script.network import NETWORK
from allmende.registry.models import Region

from ..models import SERVICES, Facility, FacilityQuerySet, Generator, ScriptDraft, Sector, Supplier
from .facilities import any_of, known_in, visible_facilities
from .generators import visible_generators
from .network import Need, Node, Register, read_register

if TYPE_CHECKING:
    from .exercises import Person

Row = dict[str, Any]
SHORTEST_HOURS = 72.0
# More cannot be looked through in a form, and a dry run would take long.
MOST_FACILITIES = 5_000
MOST_NAMED = 10
# What no script is without.
REQUIRED = tuple(each.name for each in FIELDS[Script] if each.required)
# Mobile means of the register are told from those that somebody wrote by how their keys begin.
UNIT = "netzersatz-"
# The register does not know how far it is: deciding, loading and driving, until it runs.
UNIT_HOURS = 2.0


class Wish(NamedTuple):
    """Which part of the register becomes a network: of these municipalities, and of these sectors; empty: all.

    ``along``: whom they need comes along; else it counts as working.
    """

    towns: tuple[int, ...] = ()
    sectors: tuple[str, ...] = ()
    along: bool = True


ALL = Wish()


class World(NamedTuple):
    """A network as scripts hold it; ``hidden`` suppliers of it are not in it, and count as working.

    One that is too large for a script is empty: it was counted, and not read.
    """

    model: Row
    names: dict[str, str]
    hidden: int
    units: tuple[Row, ...] = ()
    is_too_large: bool = False
    along: int = 0  # so many of it came only since others need them


def facilities_of_host(user: "Person", draft: ScriptDraft) -> FacilityQuerySet:
    """What a person may see in the area of the host, or supplies people there: the host's staff knows all of it."""
    region = draft.host.region
    seen = visible_facilities(user)
    if region is None:
        return seen.none()
    return any_of(seen, known_in(Region.objects.with_key(region.ars)))


def _working(user: "Person", draft: ScriptDraft) -> dict[int, int]:
    """Those that can become a network, and in which municipality each lies; asked once a request."""
    if not user.is_authenticated:
        return {}

    def ask() -> dict[int, int]:
        found = facilities_of_host(user, draft).working().order_by()
        return dict(found.values_list("pk", "region_id"))

    return user.remember(f"facilities of {draft.host_id}", ask)


def towns_of_host(user: "Person", draft: ScriptDraft) -> QuerySet[Region]:
    """Where the facilities lie that can become a network."""
    lies = sorted(set(_working(user, draft).values()))
    return Region.objects.filter(pk__among=lies).order_by("name", "pk")


def _wished(every: FacilityQuerySet, wish: Wish) -> FacilityQuerySet:
    """Facilities that lie in one of the municipalities, or supply people there."""
    found = every
    if wish.towns:
        found = any_of(found, known_in(Region.objects.filter(pk__in=wish.towns)))
    if wish.sectors:
        services = [each for name in wish.sectors for each in SERVICES[Sector(name)]]
        found = found.filter(service__in=services)
    return found


def _with_suppliers(found: set[int], every: FacilityQuerySet) -> set[int]:
    """These, whoever can supply them, whoever can supply those, and so on."""
    numbers = every.order_by().values("pk")
    suppliers: dict[int, list[int]] = defaultdict(list)
    rows = Supplier.objects.filter(supply__facility__in=numbers, facility__in=numbers).order_by()
    for consumer, supplier in rows.values_list("supply__facility", "facility"):
        suppliers[consumer].append(supplier)
    reached, waiting = set(found), list(found)
    while waiting:
        for supplier in suppliers[waiting.pop()]:
            if supplier not in reached:
                reached.add(supplier)
                waiting.append(supplier)
    return reached


def world_of_register(user: "Person", draft: ScriptDraft, wish: Wish = ALL) -> World:
    """The register as the network of a script: names, services, municipalities, people, stores and repair times,
    and the mobile generators of the area.

    Nothing else of the register goes into it. Keys are made of service and number, so that a network taken
    anew has the same, and what refers to facilities still does.
    """
    working = list(_working(user, draft))
    every = Facility.objects.filter(pk__among=working)
    facilities, along = _wished(every, wish), 0
    if wish.along and facilities is not every:
        chosen = set(facilities.order_by().values_list("pk", flat=True)[: MOST_FACILITIES + 1])
        reached = _with_suppliers(chosen, every)
        facilities, along = every.filter(pk__in=reached), len(reached) - len(chosen)
    numbers = working
    if facilities is not every:
        numbers = list(facilities.order_by().values_list("pk", flat=True)[: MOST_FACILITIES + 1])
    if len(numbers) > MOST_FACILITIES:
        return World({}, {}, hidden=0, is_too_large=True)
    register = read_register(Facility.objects.filter(pk__among=numbers))
    towns = _town_names(register)
    keys = {node.number: key_of(node.service, node.number) for node in register.nodes.values()}
    model: Row = {
        "facilities": [_facility(register, node, keys, towns) for node in register.nodes.values()],
        "supplies": [
            _supply(need, keys)
            for number in register.nodes
            for need in register.simulated_needs_of(number)
        ],
        "scenario": _kept_scenario(draft, set(keys.values())),
    }
    names = {keys[node.number]: name_of(node.name) for node in register.nodes.values()}
    units = tuple(_units(user, draft, register, keys))
    return World(model, names, register.hidden, units, along=along)


def _units(
    user: "Person", draft: ScriptDraft, register: Register, keys: dict[int, str]
) -> Iterator[Row]:
    """Mobile generators of the host's area, each with the facilities whose connection it can feed.

    One that can feed none would, without any named, feed all: it is left out.
    """
    region = draft.host.region
    if region is None:
        return
    within = Region.objects.with_key(region.ars)
    inside: list[QuerySet[Any]] = [
        Generator.objects.filter(region__in=within).values("pk"),
        Generator.objects.filter(facility__region__in=within).values("pk"),
    ]
    found = any_of(visible_generators(user).filter(is_mobile=True), inside)
    rows = found.select_related(None).order_by("-power_kw", "pk")
    for number, said, power in rows.values_list("pk", "name", "power_kw"):
        sites = [
            keys[node.number]
            for node in register.nodes.values()
            if node.feed_in_kw is not None and node.feed_in_kw <= power
        ]
        if sites:
            name = name_of(f"{said} ({power} kW)")
            yield {"key": f"{UNIT}{number}", "name": name, "hours": UNIT_HOURS, "sites": sites}


def _facility(register: Register, node: Node, keys: dict[int, str], towns: dict[int, str]) -> Row:
    persons = register.persons_of(node)
    row: Row = {
        "key": keys[node.number],
        "sector": node.service,
        "served": sum(persons.values()),
        "rank": node.rank,
        "repair_hours": node.repair_hours,
    }
    if len(persons) == 1:
        row["municipality"] = towns[next(iter(persons))]
    elif persons:
        row["shares"] = {towns[town]: count for town, count in persons.items()}
    if node.spread:
        row["repair_spread"] = min(node.spread, 5.0)
    if not node.starts_alone:
        row["starts_alone"] = False
    return row


def _supply(need: Need, keys: dict[int, str]) -> Row:
    return {
        "facility": keys[need.facility],
        "suppliers": [keys[number] for number in need.suppliers],
        "needed": need.needed - need.hidden,
        "buffer_hours": need.buffer_hours,
        "recharge": need.recharge,
    }


def _town_names(register: Register) -> dict[int, str]:
    """Names of municipalities; those of the same name are told apart by their keys."""
    names = {number: name_of(name) for number, name in register.towns.items()}
    known = Counter(names.values())
    alike = [number for number, name in names.items() if known[name] > 1]
    regions = Region.objects.in_bulk(alike)
    return names | {number: f"{names[number]} ({regions[number].key})" for number in alike}


def key_of(service: str, number: int) -> str:
    """What a facility of the register is called among the keys of a script."""
    return f"{service}-{number}"


def name_of(name: str) -> str:
    """A name as scripts take it: on one line."""
    return " ".join("".join(sign for sign in name if sign.isprintable()).split())[:200] or "?"


def with_network(document: Row, world: World) -> Row:
    """A script with the register's network, and that it is; the places of the old one's facilities go with it.

    Its mobile generators come beside those that somebody wrote. How long one takes the register does not know:
    what the script says about it stays.
    """
    kept = {name: value for name, value in document.items() if name not in NETWORK}
    network = {"model": world.model, "facility_names": world.names, "from_register": True}
    said = {row["key"]: row for row in units_of_register(document)}
    return with_units(
        kept | network, [_in_hours(row, said.get(row["key"], {})) for row in world.units]
    )


def _in_hours(unit: Row, said: Row) -> Row:
    """A mobile generator with the hours that are said of it, to places where it can feed something."""
    travel = {
        place: hours
        for place, hours in said.get("travel_hours", {}).items()
        if place in unit["sites"]
    }
    timed = unit | {"hours": said.get("hours", unit["hours"])}
    return timed | ({"travel_hours": travel} if travel else {})


def units_of_register(document: Row) -> list[Row]:
    """The mobile means of a script that came out of the register."""
    return [row for row in document.get("units", ()) if str(row.get("key")).startswith(UNIT)]


def with_units(document: Row, units: Iterable[Row]) -> Row:
    """A script with these mobile means of the register instead of those that it has."""
    there = units_of_register(document)
    written = [row for row in document.get("units", ()) if row not in there]
    rest = {name: value for name, value in document.items() if name != "units"}
    return rest | ({"units": together} if (together := [*written, *units]) else {})


def can_be_put_back(draft: ScriptDraft) -> bool:
    """Whether the network that was replaced last can be put back: the new one is still as it came."""
    return draft.replaced is not None and draft.replaced["stand"] == stand_of(
        draft.script.get("model")
    )


class Exchange(NamedTuple):
    """What the register would do to a script: facilities that go and come, and what would no longer fit."""

    gone: list[str]
    stay: int
    come: int
    broken: list[str]

    @property
    def more_gone(self) -> int:
        return len(self.gone) - MOST_NAMED

    @property
    def first_gone(self) -> list[str]:
        return self.gone[:MOST_NAMED]

    @property
    def first_broken(self) -> list[str]:
        return self.broken[:MOST_NAMED]


def exchange_with(draft: ScriptDraft, world: World) -> Exchange:
    """What would come of taking the register's network instead of the script's."""
    script = script_of(draft.script)
    there = {str(row.get("key")) for row in script.facilities}
    # Of the document only the units have to be read: a script has hundreds of rows, and the network is the register's.
    with_it = with_network(draft.script, world)
    read = {name: with_it[name] for name in ("format", *REQUIRED, "units") if name in with_it}
    network = {name: with_it.get(name, {}) for name in NETWORK}
    then = replace(script, units=script_of(read).units, **network)
    errors = [
        [
            f"{each.place}: {each.message}"
            for each in check_script(checked)
            if each.severity == ERROR
        ]
        for checked in (script, then)
    ]
    present = set(errors[0])
    return Exchange(
        gone=sorted(script.facility_name(key) for key in there - world.names.keys()),
        stay=len(there & world.names.keys()),
        come=len(world.names.keys() - there),
        broken=[message for message in errors[1] if message not in present],
    )


def _kept_scenario(draft: ScriptDraft, keys: set[str]) -> Row:
    """What fails stays as it is, as far as it is there, and lasts as long as the exercise."""
    model = draft.script.get("model") or {}
    there: Row = (model.get("scenario") or {}) if not _fault_in(model) else {}
    begins = float(draft.script.get("begins_hours", 0))
    last = begins + draft.script["duration_minutes"] / 60
    scenario: Row = {"horizon_hours": max(float(there.get("horizon_hours", SHORTEST_HOURS)), last)}
    for name in ("damages", "outages"):
        kept = [row for row in there.get(name, ()) if row.get("facility") in keys]
        if kept:
            scenario[name] = kept
    return scenario


def fault_of(script: Script) -> str:
    """What is wrong with the network of a script, so that it cannot be shown or changed; nothing if it can."""
    return "" if script.model is None else _fault_in(script.model)


def _fault_in(model: Mapping[str, Any]) -> str:
    try:
        model_of({"format": CASCADE, **model})
    except FormatError as error:
        return str(error)
    return ""
