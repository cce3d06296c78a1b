"""The log of a run in German, each failure with its cause."""

from collections.abc import Iterable, Sequence

from allmende.algorithms.cascade.network import Network
from allmende.algorithms.cascade.run import Run
from allmende.algorithms.cascade.state import (
    BY_DAMAGE,
    BY_DECISION,
    CREW,
    DAMAGED,
    DOWN,
    REPAIRED,
    UP,
    WITHOUT,
)
from allmende.formats.cascade_model.rows import (
    ActRow,
    EvacuateRow,
    GeneratorRow,
    RerankRow,
    RestockRow,
    ScenarioRow,
    SupplyRow,
)
from allmende.formats.cascade_report.model import EventRow
from allmende.formats.cascade_report.wording import hours, listed, number

NAMES = {
    DAMAGED: "beschädigt",
    REPAIRED: "repariert",
    CREW: "Reparatur beginnt",
    UP: "wieder in Betrieb",
    DOWN: "ausgefallen",
}


def events_of(run: Run, groups: Sequence[SupplyRow], scenario: ScenarioRow) -> list[EventRow]:
    """What happened, by time; what people do comes before what follows from it."""
    done = [row for act in scenario.interventions for row in _deeds(act, scenario.horizon_hours)]
    for outage in scenario.outages:
        done.append((outage.at, "fällt aus", outage.facility, f"für {hours(outage.hours)}"))
        done.append((outage.at + outage.hours, "Störung behoben", outage.facility, ""))
    rows = [
        _row(run, *deed)
        for deed in sorted(done, key=lambda deed: deed[0])
        if deed[0] < run.scenario.horizon
    ]
    return sorted([*rows, *_logged(run, groups)], key=lambda row: row.at)


def _logged(run: Run, groups: Sequence[SupplyRow]) -> Iterable[EventRow]:
    keys = run.network.facilities.tolist()
    owner = run.network.wires.owner.tolist()
    for time, kind, what, cause in zip(*(part.tolist() for part in run.log), strict=True):
        if kind in NAMES:
            yield _row(run, time, NAMES[kind], keys[what], _because(kind, cause, groups))
        else:
            supply = groups[what]
            event = "nicht mehr versorgt" if kind == WITHOUT else "wieder versorgt"
            yield _row(run, time, event, keys[owner[what]], f"aus {_suppliers(supply)}")


def _because(kind: int, cause: int, groups: Sequence[SupplyRow]) -> str:
    if kind != DOWN:
        return ""
    if cause == BY_DAMAGE:
        return "weil beschädigt"
    if cause == BY_DECISION:
        return "weil abgeschaltet oder gestört"
    supply = groups[cause]
    store = (
        f"der Vorrat für {hours(supply.buffer_hours)} ist leer"
        if supply.buffer_hours > 0
        else "einen Vorrat gibt es nicht"
    )
    return f"weil zu wenig aus {_suppliers(supply)} kommt; {store}"


def _suppliers(supply: SupplyRow) -> str:
    names = listed(supply.suppliers)
    if supply.weights:
        return f"{names} (nötig: {number(supply.needed)} von {number(sum(supply.weights))} Teilen)"
    if len(supply.suppliers) == 1:
        return names
    return f"{names} (nötig: {number(supply.needed)} von {number(len(supply.suppliers))})"


def _deeds(act: ActRow, horizon: float) -> list[tuple[float, str, str, str]]:
    """What a measure does, and when it ends."""
    if isinstance(act, EvacuateRow):
        found = [(act.at, "geräumt", act.municipality, f"{number(100 * act.share)} % gehen")]
        return [*found, *_end(act.until, "Rückkehr", act.municipality, horizon)]
    if isinstance(act, GeneratorRow):
        found = [(act.at, "Notstrom kommt an", act.facility, f"für Versorgung {act.supply + 1}")]
        return [*found, *_end(act.until, "Notstrom wird abgezogen", act.facility, horizon)]
    if isinstance(act, RestockRow):
        return [(act.at, "Vorrat aufgefüllt", act.facility, f"von Versorgung {act.supply + 1}")]
    if isinstance(act, RerankRow):
        return [(act.at, "anderer Rang", act.facility, f"bei Reparaturen: {number(act.rank)}")]
    found = [(act.at, "abgeschaltet", act.facility, "")]
    return [*found, *_end(act.until, "darf wieder ans Netz", act.facility, horizon)]


def _end(until: float, event: str, whom: str, horizon: float) -> list[tuple[float, str, str, str]]:
    return [(until, event, whom, "")] if until < horizon else []


def _row(run: Run, at: float, event: str, whom: str, because: str) -> EventRow:
    """``whom``: a facility, or a municipality that is evacuated."""
    network = run.network
    if event in {"geräumt", "Rückkehr"}:
        return EventRow(round(at, 6), event, "", "", whom, because)
    place = network.position(whom)
    sector = network.sector_names[network.sectors[place]]
    return EventRow(round(at, 6), event, whom, sector, municipality_of(network, place), because)


def municipality_of(network: Network, place: int) -> str:
    """Where a facility is; of one that serves several municipalities, none."""
    first, last = network.share_facility.searchsorted([place, place + 1]).tolist()
    if last - first != 1:
        return ""
    return network.municipalities[int(network.share_municipality[first])]
