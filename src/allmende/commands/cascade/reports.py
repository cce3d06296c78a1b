"""What ``allmende cascade`` computes: a case in, a report out."""

from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from math import inf, isnan
from typing import Any

import numpy as np

from allmende.algorithms.cascade.criticality import (
    importance,
    single_failures,
    value_of_an_hour,
)
from allmende.algorithms.cascade.ensemble import QUANTILES, Ensemble, joined, simulate_many
from allmende.algorithms.cascade.network import Floats
from allmende.algorithms.cascade.places import (
    MOST_CHOICES,
    MOST_EXACT,
    Sites,
    choices_of,
    place_best,
    place_one_by_one,
)
from allmende.algorithms.cascade.resilience import resilience_of
from allmende.algorithms.cascade.run import Run, Simulator
from allmende.algorithms.cascade.scenario import Outside, crews_of, outside_of
from allmende.algorithms.cascade.state import WITHOUT
from allmende.commands.cascade.case import Case
from allmende.commands.cascade.events import events_of, municipality_of
from allmende.formats.cascade_report.model import (
    FORMAT,
    BinRow,
    BufferRow,
    CascadeReport,
    EnsembleRow,
    GeneratorsRow,
    ImportanceRow,
    ImportantRow,
    MunicipalityRow,
    PlaceRow,
    QuantileRow,
    RunRow,
    SectorRow,
    SingleRow,
    Source,
    SpreadRow,
)

VERSION = "cascade-1"
SINGLE_HOURS = 72.0
MOST_SINGLES = 20
MOST_BUFFERS = 200
MOST_MOMENTS = 400
BINS = 20
# Each takes two simulations, so that ten facilities take a fifth of the time of 10,000 runs.
MOST_IMPORTANCE_RUNS = 100

Progress = Callable[[str, int, int], None]


def report_on_run(case: Case, *, seed: int, generators: int, progress: Progress) -> CascadeReport:
    """One run, and what would make it better."""
    drawn = case.exposure.draw(seed)
    run = _run(case, drawn)
    moments, sectors = _sectors(run)
    losses = run.losses
    empty, buffers = _buffers(case, run, seed, progress)
    row = RunRow(
        damaged=len(set(drawn.what.tolist())),
        down=int(np.count_nonzero(run.hours)),
        loss=plain(losses.sum()),
        moments=moments,
        sectors=sectors,
        municipalities=tuple(
            MunicipalityRow(
                case.network.municipalities[place],
                plain(losses[:, place].sum()),
                tuple(plain(value) for value in losses[:, place]),
            )
            for place in np.argsort(-losses.sum(axis=0), kind="stable").tolist()
            if losses[:, place].any()
        ),
        events=tuple(events_of(run, case.groups, case.model.scenario)),
        single_hours=SINGLE_HOURS,
        single_failures=_singles(case, run.scenario.horizon, progress),
        buffers_empty=empty,
        buffers_looked_at=min(empty, MOST_BUFFERS),
        buffers=buffers,
        generators=_generators(case, drawn, generators, progress) if generators else None,
    )
    return _report(case, seed=seed, run=row)


def report_on_many(
    case: Case,
    *,
    runs: int,
    seed: int,
    processes: int,
    progress: Progress,
    important: int = 0,
    on: Callable[..., Iterable[Any]] | None = None,
) -> CascadeReport:
    """Many runs: how much is lost on the average, and how much it may be."""
    found = simulate_many(
        case.network,
        case.exposure,
        case.scenario,
        runs=runs,
        first=seed,
        processes=processes,
        on=on,
        progress=lambda done, total: progress("runs", done, total),
    )
    by_sector = found.quantiles_by_sector()
    row = EnsembleRow(
        runs=runs,
        damaged=plain(found.damaged.mean()),
        whole=_spread("", found.losses, found.quantiles()),
        sectors=tuple(
            _spread(name, found.by_sector[:, place], by_sector[:, place])
            for place, name in enumerate(case.network.sector_names)
        ),
        bins=_bins(found),
        importance=_importance(case, important, min(runs, MOST_IMPORTANCE_RUNS), seed, progress)
        if important
        else None,
    )
    return _report(case, seed=seed, ensemble=row)


def plain(value: Any) -> float:
    """A number that JSON can hold, to the thousandth."""
    return round(float(value), 3)


def _report(
    case: Case, *, seed: int, run: RunRow | None = None, ensemble: EnsembleRow | None = None
) -> CascadeReport:
    try:
        software = version("allmende")
    except PackageNotFoundError:
        software = "aus dem Quelltext"
    model = case.model
    return CascadeReport(
        FORMAT,
        VERSION,
        software,
        seed,
        Source(
            model.name,
            model.sha256,
            model.scenario_sha256,
            len(model.facilities),
            len(model.supplies),
            len(case.network.municipalities),
            case.scenario.horizon,
        ),
        run,
        ensemble,
    )


def _run(case: Case, drawn: Outside) -> Run:
    scenario = case.scenario
    hours, log = Simulator(case.network).spread(
        joined(drawn, outside_of(case.network, scenario)),
        crews=crews_of(case.network, scenario.crews),
        horizon=scenario.horizon,
        first_come=scenario.first_come,
    )
    return Run(case.network, scenario, hours, log)


def _sectors(run: Run) -> tuple[tuple[float, ...], tuple[SectorRow, ...]]:
    """Moments, and the sectors with their shares at these; where there are too many, an even choice."""
    network, found = run.network, resilience_of(run)
    moments: Floats = found.times
    if len(moments) > MOST_MOMENTS:
        moments = np.linspace(0.0, run.scenario.horizon, MOST_MOMENTS, endpoint=False)
    shares, lowest = found.at(moments), found.lowest
    losses = run.losses.sum(axis=1)
    rows = []
    for place, name in enumerate(network.sector_names):
        here = network.sectors == place
        rows.append(
            SectorRow(
                name=name,
                served=plain(network.served[here].sum()),
                facilities=int(here.sum()),
                down=int(np.count_nonzero(run.hours[here])),
                loss=plain(losses[place]),
                lowest=round(float(lowest[place]), 6),
                lost_hours=plain(found.lost[place]),
                shares=tuple(round(float(share), 6) for share in shares[place]),
            )
        )
    return tuple(round(float(moment), 6) for moment in moments), tuple(rows)


def _singles(case: Case, horizon: float, progress: Progress) -> tuple[SingleRow, ...]:
    progress("singles", 0, 1)
    network = case.network
    found = single_failures(network, hours=SINGLE_HOURS, horizon=horizon)
    order = np.argsort(-found.losses, kind="stable")[:MOST_SINGLES].tolist()
    return tuple(
        SingleRow(
            str(network.facilities[place]),
            network.sector_names[network.sectors[place]],
            municipality_of(network, place),
            plain(found.losses[place]),
            plain(found.own[place]),
        )
        for place in order
        if found.losses[place] > 0
    )


def _buffers(
    case: Case, run: Run, seed: int, progress: Progress
) -> tuple[int, tuple[BufferRow, ...]]:
    """How many stores were not enough, and what an hour more in each saves: those of whoever was down longest."""
    owner = case.network.wires.owner
    lacked = np.unique(run.log.what[run.log.kind == WITHOUT])
    # A store that lasted until the end changes nothing; nor does one whose owner was never down.
    empty = lacked[run.hours[owner[lacked]] > 0] if len(lacked) else lacked
    order = np.lexsort((empty, -run.hours[owner[empty]]))[:MOST_BUFFERS]
    chosen = empty[order].tolist()

    def told() -> Iterable[int]:
        for number, group in enumerate(chosen, start=1):
            progress("buffers", number, len(chosen))
            yield group

    values = value_of_an_hour(
        case.network, case.exposure, told(), case.scenario, runs=1, first=seed
    )
    rows = [_buffer(case, group, value.mean) for group, value in values.items()]
    best = sorted(rows, key=lambda row: (-row.saved, row.facility, row.supply))
    return len(empty), tuple(row for row in best[:MOST_SINGLES] if row.saved > 0)


def _buffer(case: Case, group: int, saved: float) -> BufferRow:
    supply = case.groups[group]
    buffer = None if supply.buffer_hours == inf else supply.buffer_hours
    return BufferRow(supply.facility, case.numbers[group], supply.suppliers, buffer, plain(saved))


def _generators(case: Case, drawn: Outside, count: int, progress: Progress) -> GeneratorsRow:
    progress("generators", 0, 1)
    sites = Sites(case.network, [drawn], case.scenario)
    among = sites.candidates()
    exact = count <= MOST_EXACT and choices_of(len(among), count) <= MOST_CHOICES
    found = (place_best if exact else place_one_by_one)(sites, count, among)
    places = []
    for group, loss in zip(found.groups, found.losses[1:], strict=True):
        supply = case.groups[group]
        places.append(PlaceRow(supply.facility, case.numbers[group], supply.suppliers, plain(loss)))
    return GeneratorsRow(count, len(among), found.exact, plain(found.losses[0]), tuple(places))


def _importance(case: Case, count: int, runs: int, seed: int, progress: Progress) -> ImportanceRow:
    """Those whose failure alone costs most, of all that a hazard may hit: hit, and spared."""
    network, exposure = case.network, case.exposure
    spared = np.ones(network.size)
    np.multiply.at(spared, exposure.facility, 1 - exposure.chance)
    reached = np.unique(exposure.facility)
    alone = single_failures(network, hours=SINGLE_HOURS, horizon=case.scenario.horizon).losses
    chosen = reached[np.argsort(-alone[reached], kind="stable")[:count]].tolist()
    rows = []
    for number, place in enumerate(chosen, start=1):
        progress("importance", number, len(chosen))
        key = str(network.facilities[place])
        found = importance(network, exposure, key, case.scenario, runs=runs, first=seed)
        rows.append(
            ImportantRow(
                key,
                network.sector_names[network.sectors[place]],
                municipality_of(network, place),
                round(float(1 - spared[place]), 6),
                plain(found.mean),
                None if isnan(found.error) else plain(found.error),
            )
        )
    best = sorted(rows, key=lambda row: (-row.loss, row.facility))
    return ImportanceRow(len(reached), runs, tuple(best))


def _spread(name: str, losses: Floats, quantiles: Floats) -> SpreadRow:
    count = len(losses)
    error = float(losses.std(ddof=1) / np.sqrt(count)) if count > 1 else float("nan")
    return SpreadRow(
        name,
        plain(losses.mean()),
        None if isnan(error) else plain(error),
        tuple(
            QuantileRow(share, plain(loss))
            for share, loss in zip(QUANTILES, quantiles, strict=True)
        ),
    )


def _bins(found: Ensemble) -> tuple[BinRow, ...]:
    """A histogram; one bin where all runs lost the same."""
    losses = found.losses
    if losses.min() == losses.max():
        return (BinRow(plain(losses[0]), plain(losses[0]), len(losses)),)
    counts, edges = np.histogram(losses, BINS)
    return tuple(
        BinRow(plain(low), plain(high), int(count))
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    )
