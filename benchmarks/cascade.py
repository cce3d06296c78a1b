"""Cost of cascades, beside the loop over the hours on a graph that anybody would write first.

``make bench`` installs requirements/bench.txt into an environment of its own and runs this file. Both simulate
the same 14 days of the same invented country, and have to agree on every facility's hours. CPU seconds, because
the machine may be shared; the smallest figures count, but of single runs the median. It checks the project's bars and draws
docs/algorithms/cascade-cost.svg.
"""

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from math import inf
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np

from allmende.algorithms.cascade.criticality import single_failures
from allmende.algorithms.cascade.ensemble import Ensemble, on_dask, simulate_many
from allmende.algorithms.cascade.hazards import Exposure, Fragility, damages, field_hazard
from allmende.algorithms.cascade.network import Facility, Supply
from allmende.algorithms.cascade.run import Simulator
from allmende.algorithms.cascade.scenario import Outside, Scenario, crews_of
from allmende.algorithms.cascade.speed import COMPILED
from allmende.algorithms.cascade.synthetic import make_country, parts_of

ROOT = Path(__file__).resolve().parents[1]
PLOT = ROOT / "docs" / "algorithms" / "cascade-cost.svg"
SIZE, HORIZON, DAMAGED, CREWS = 40_000, 336, 2_000, 25
RUNS, RUNS_IN_TWO = 10_000, 100_000
# Of a storm that damages 200 in the mean, a dozen in each region: fewer crews than that, so that many wait.
STORM_DAMAGED, STORM_CREWS = 200, 5
GROWTH = (20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
# Below, what every run costs however little happens in it counts for more than the lines do.
LEAST_LINES = 10_000

Bars = list[tuple[str, bool]]


class Case:
    """The country, and a scenario in whole hours, as the graph needs it."""

    def __init__(self, damaged: int = DAMAGED) -> None:
        self.network = make_country(SIZE, seed=1)
        random = np.random.default_rng(2026)
        self.hit = random.choice(SIZE, damaged, replace=False)
        drawn = self.network.repair_hours[self.hit] * np.exp(
            self.network.spreads[self.hit] * random.standard_normal(damaged)
        )
        self.repair = np.maximum(1.0, np.round(drawn))
        self.crews = crews_of(self.network, dict.fromkeys(self.network.pools, CREWS))

    @property
    def outside(self) -> Outside:
        return damages(np.zeros(len(self.hit)), self.hit, self.repair)

    def hours(self, simulator: Simulator) -> tuple[np.ndarray, int]:
        """How long each was down, and how many lines the log has."""
        hours, log = simulator.spread(self.outside, crews=self.crews, horizon=float(HORIZON))
        return hours, len(log.time)


def cost(
    work: Callable[[], Any],
    *,
    times: int,
    of: Callable[[list[float]], float] = min,
    cold: bool = False,
) -> float:
    """CPU seconds of several runs, the smallest if not told; no garbage is collected meanwhile.

    ``cold``: before each, collecting it has gone through the caches, as if something else had been computed.
    """
    found = []
    gc.collect()
    gc.disable()
    for _ in range(times):
        if cold:
            gc.collect()
        before = time.process_time()
        work()
        found.append(time.process_time() - before)
    gc.enable()
    return of(found)


def on_a_graph(
    facilities: Sequence[Facility], supplies: Sequence[Supply], repair: dict[str, int]
) -> dict[str, int]:
    """Hours down by facility: every hour, repairs, then pass over all until nobody falls."""
    graph = make_graph(facilities, supplies)
    nodes = graph.nodes
    for key in repair:
        nodes[key]["damaged"] = True
    waiting = [facility.key for facility in facilities if facility.key in repair]
    free = {facility.pool: CREWS for facility in facilities}
    until: dict[str, int] = {}
    for hour in range(HORIZON):
        for key in [key for key, end in until.items() if end == hour]:
            del until[key]
            nodes[key]["damaged"] = False
            free[nodes[key]["pool"]] += 1
        for key in list(waiting):
            if free[nodes[key]["pool"]]:
                free[nodes[key]["pool"]] -= 1
                waiting.remove(key)
                until[key] = hour + repair[key]
        fall(nodes)
        pass_an_hour(nodes)
    return {key: node["hours"] for key, node in nodes.items()}


def make_graph(facilities: Sequence[Facility], supplies: Sequence[Supply]) -> nx.DiGraph:
    """Facilities as nodes, with their groups; who supplies whom as edges."""
    graph = nx.DiGraph()
    for facility in facilities:
        graph.add_node(facility.key, pool=facility.pool, damaged=False, up=True, hours=0, groups=[])
    for supply in supplies:
        buffer = supply.buffer_hours
        group = {"from": supply.suppliers, "needed": supply.needed, "level": buffer, "full": buffer}
        graph.nodes[supply.facility]["groups"].append(group)
        graph.add_edges_from((key, supply.facility) for key in supply.suppliers)
    return graph


def is_supplied(nodes: Any, group: dict[str, Any]) -> bool:
    """Whether enough suppliers are up."""
    return sum(nodes[key]["up"] for key in group["from"]) >= group["needed"]


def fall(nodes: Any) -> None:
    """Set up whoever is undamaged, then down whoever lacks something, until nobody falls."""
    for _key, node in nodes.items():
        node["up"] = not node["damaged"]
    falls = True
    while falls:
        falls = False
        for _key, node in nodes.items():
            if node["up"] and not all(
                group["level"] > 0 or is_supplied(nodes, group) for group in node["groups"]
            ):
                node["up"] = False
                falls = True


def pass_an_hour(nodes: Any) -> None:
    """Count who is down, and empty or fill the stores."""
    for _key, node in nodes.items():
        node["hours"] += not node["up"]
        for group in node["groups"]:
            if is_supplied(nodes, group):
                group["level"] = min(group["level"] + 1, group["full"])
            else:
                group["level"] = max(group["level"] - 1, 0)


def beside_the_graph(case: Case, ours: np.ndarray) -> float:
    """CPU seconds of the plain loop, which has to say what we say."""
    facilities, supplies = parts_of(case.network)
    keys = case.network.facilities.tolist()
    repair = {
        keys[place]: int(hours)
        for place, hours in sorted(zip(case.hit.tolist(), case.repair.tolist(), strict=True))
    }
    said: dict[str, int] = {}
    seconds = cost(lambda: said.update(on_a_graph(facilities, supplies, repair)), times=1)
    if [said[key] for key in keys] != ours.tolist():
        raise SystemExit("the loop on the graph and the simulation do not agree")
    return seconds


def in_plain_python() -> float:
    """CPU seconds of a run where numba does not compile, in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--task", "plain"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(json.loads(done.stdout))


def plain() -> float:
    """What that process measures."""
    if COMPILED:
        raise SystemExit("this is not plain Python")
    case = Case()
    simulator = Simulator(case.network)
    return cost(lambda: case.hours(simulator), times=5)


def storm(case: Case) -> Exposure:
    """A field in which each facility has a chance of a two-hundredth."""
    curve = Fragility(5.0, 0.625)
    return field_hazard(case.network, 1.0, dict.fromkeys(case.network.sector_names, curve))


def ensembles(case: Case) -> tuple[list[tuple[str, str]], Bars]:
    """Many runs: by one process, by two, by a cluster."""
    hazard, few = storm(case), 1_000
    crews = dict.fromkeys(case.network.pools, STORM_CREWS)
    always = Scenario(float(HORIZON), crews=crews)
    ensemble = partial(simulate_many, case.network, hazard, always)
    ensemble(runs=few)
    before = time.process_time()
    found = ensemble(runs=RUNS)
    seconds = time.process_time() - before
    with_all = simulate_many(case.network, hazard, replace(always, crews={}), runs=few)
    waited = ensemble(runs=few).losses.mean() / with_all.losses.mean()
    simulate = partial(ensemble, runs=RUNS_IN_TWO)
    one, two, walls = b"", b"", {1: inf, 2: inf}
    for _ in range(3):  # in turn, so that what else the machine does meets both
        for processes in (1, 2):
            begun = time.perf_counter()
            said = simulate(processes=processes).by_sector.tobytes()
            walls[processes] = min(walls[processes], time.perf_counter() - begun)
            one, two = (said, two) if processes == 1 else (one, said)
    faster = walls[1] / walls[2]
    same_there = on_a_cluster(ensemble, runs=few) == ensemble(runs=few).by_sector.tobytes()
    damaged = found.damaged.mean()
    rows = [
        (f"{RUNS:,} runs, {damaged:.0f} damaged in the mean, with crews", f"{seconds:.1f} s"),
        (f"{RUNS_IN_TWO:,} runs in one process (wall)", f"{walls[1]:.1f} s"),
        (f"{RUNS_IN_TWO:,} runs in two processes (wall)", f"{walls[2]:.1f} s"),
    ]
    bars = [
        (
            f"{damaged:.1f} damaged in the mean (at least {STORM_DAMAGED})",
            damaged >= STORM_DAMAGED,
        ),
        (f"waiting for crews makes the loss {waited:.2f}-fold (more than 1)", waited > 1),
        (f"{RUNS:,} runs in {seconds:.1f} CPU s on one core (at most 15)", seconds <= 15),
        (f"two processes are {faster:.2f} times one (at least 1.7)", faster >= 1.7),
        ("two processes say the same to the last bit", one == two),
        ("two workers of a Dask cluster say the same to the last bit", same_there),
    ]
    return rows, bars


def on_a_cluster(ensemble: Callable[..., Ensemble], *, runs: int) -> bytes:
    """The same runs by two workers of a local Dask cluster."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        return ensemble(runs=runs, on=on_dask(client)).by_sector.tobytes()


def grow() -> list[tuple[int, float]]:
    """Lines of the log and CPU seconds of a run, from few to half of all damaged."""
    found = []
    for damaged in GROWTH:
        case = Case(damaged)
        simulator = Simulator(case.network)
        _hours, lines = case.hours(simulator)
        outside = case.outside
        run = partial(simulator.loss, outside, crews=case.crews, horizon=float(HORIZON))
        # Else small runs would find all that they need in the caches, and large ones would not.
        found.append((lines, cost(run, times=9, cold=True)))
    return found


def draw(found: Sequence[tuple[int, float]]) -> str:
    """Cost against lines of the log on logarithmic axes, with a fixed part plus a constant cost per line."""
    wide, tall, left, bottom = 560, 360, 72, 48
    across, up = range(2, 7), range(-5, 1)

    def x(lines: float) -> float:
        share = (float(np.log10(lines)) - across[0]) / (across[-1] - across[0])
        return left + share * (wide - left - 24)

    def y(seconds: float) -> float:
        share = (float(np.log10(seconds)) - up[0]) / (up[-1] - up[0])
        return tall - bottom - share * (tall - bottom - 20)

    each = statistics.median(seconds / lines for lines, seconds in found if lines >= LEAST_LINES)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" role="img" '
        'aria-labelledby="t" font-family="sans-serif" font-size="13">',
        '<title id="t">CPU seconds of a run against the lines of its log</title>',
        f'<rect width="{wide}" height="{tall}" fill="#fff"/>',
    ]
    for power in up:
        at = y(10.0**power)
        label = f"{10.0 ** (power + 3):g} ms"
        parts.append(
            f'<path d="M{left} {at:.1f}H{wide - 24}" stroke="#d5d7e0"/><text x="{left - 8}" '
            f'y="{at + 4:.1f}" text-anchor="end">{label}</text>'
        )
    for power in across:
        at = x(10.0**power)
        parts.append(
            f'<path d="M{at:.1f} 20V{tall - bottom}" stroke="#d5d7e0"/><text x="{at:.1f}" '
            f'y="{tall - bottom + 20}" text-anchor="{"end" if power == across[-1] else "middle"}">'
            f"{10**power:,}</text>"
        )
    fixed = max(found[0][1] - each * found[0][0], 0.0)
    line = " ".join(
        f"{x(lines):.1f},{y(fixed + lines * each):.1f}"
        for lines in np.geomspace(10 ** across[0], 10 ** across[-1], 40)
    )
    parts.append(
        f'<polyline points="{line}" stroke="#925400" stroke-width="3" stroke-dasharray="7 5" '
        f'fill="none"/><text x="{wide - 30}" y="{tall - bottom - 14}" text-anchor="end" '
        f'fill="#925400">{fixed * 1e3:.1f} ms + {each * 1e9:.0f} ns for each line</text>'
    )
    points = " ".join(f"{x(lines):.1f},{y(seconds):.1f}" for lines, seconds in found)
    parts.append(f'<polyline points="{points}" stroke="#2044aa" stroke-width="2" fill="none"/>')
    parts += [
        f'<circle cx="{x(lines):.1f}" cy="{y(seconds):.1f}" r="4" fill="#2044aa"/>'
        for lines, seconds in found
    ]
    parts.append(
        f'<text x="{wide / 2}" y="{tall - 6}" text-anchor="middle">lines of the log</text></svg>'
    )
    return "\n".join(parts) + "\n"


def single_runs(case: Case, *, quick: bool) -> tuple[list[tuple[str, str]], Bars]:
    """One run, compiled, in plain Python and on a graph; and each facility alone."""
    simulator = Simulator(case.network)
    outside = case.outside
    ours, lines = case.hours(simulator)
    run = partial(simulator.loss, outside, crews=case.crews, horizon=float(HORIZON))
    seconds = cost(run, times=100)
    logged = cost(lambda: case.hours(simulator), times=100, of=statistics.median)
    cold = cost(lambda: case.hours(simulator), times=100, of=statistics.median, cold=True)
    slow = in_plain_python()
    alone = cost(lambda: single_failures(case.network), times=3)
    rows = [
        (f"one run, {len(case.hit):,} damaged, {lines:,} lines", f"{1000 * seconds:.2f} ms"),
        ("the same with its log, median of 100", f"{1000 * logged:.2f} ms"),
        ("the same with cold caches", f"{1000 * cold:.2f} ms"),
        ("the same with its log in plain Python", f"{1000 * slow:.0f} ms"),
        (f"each of {SIZE:,} facilities alone (N−1)", f"{alone:.2f} s"),
    ]
    bars = [
        (
            f"one run with its log in {1000 * logged:.2f} ms in the median (at most 5)",
            logged <= 0.005,
        ),
        (f"the same in plain Python in {slow:.3f} s (at most 0.5)", slow <= 0.5),
        (f"N−1 of all in {alone:.2f} s (at most 1)", alone <= 1.0),
    ]
    if not quick:
        graph = beside_the_graph(case, ours)
        rows.append(("one run, hour by hour on a graph of networkx", f"{graph:.0f} s"))
        times = graph / logged
        bars.append(
            (f"{times:,.0f} times cheaper than on a graph (at least 5,000)", times >= 5_000)
        )
    return rows, bars


def main() -> int:
    """Measure, print, draw; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--task", choices=["plain"], help="one measurement, for itself")
    parser.add_argument("--quick", action="store_true", help="without the graph and the plot")
    options = parser.parse_args()
    if options.task:
        print(json.dumps(plain()))
        return 0
    if not COMPILED:
        raise SystemExit("numba is missing: make bench installs it")
    case = Case()
    rows, bars = single_runs(case, quick=options.quick)
    more, others = ensembles(case)
    print(f"\n{SIZE:,} facilities, {case.network.group_count:,} groups, {HORIZON // 24} days:\n")
    print("| What | CPU |\n|---|---:|")
    for what, figure in [*rows, *more]:
        print(f"| {what} | {figure} |")
    growth = grow()
    large = [seconds / lines for lines, seconds in growth if lines >= LEAST_LINES]
    ratio = large[-1] / large[0]
    bars += [
        *others,
        (f"in the largest run a line costs {ratio:.2f} times as much (at most 1.5)", ratio <= 1.5),
    ]
    print("\n| lines of the log | CPU ms | ns for each |\n|---:|---:|---:|")
    for lines, seconds in growth:
        print(f"| {lines:,} | {1000 * seconds:.3f} | {1e9 * seconds / lines:.0f} |")
    if not options.quick:
        PLOT.write_text(draw(growth), encoding="utf-8")
        print(f"\nDrawn: {PLOT.relative_to(ROOT)}")
    print()
    for text, holds in bars:
        print(f"- {'holds' if holds else 'MISSED'}: {text}")
    return 0 if all(holds for _, holds in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
