"""Cost of the opinion map, beside red-dwarf and beside the least that any program must do.

``make bench`` installs requirements/bench.txt into an environment of its own and runs this file.

Every task runs in fresh processes with one BLAS thread, several times; the smallest figures count,
since whatever else the machine does only adds. CPU seconds, because it may be shared; memory is the
growth of the peak after all imports. It prints a
Markdown table, checks the project's bars and draws docs/algorithms/opinion-cost.svg.
"""

import argparse
import ctypes
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("ALLMENDE_DATA_DIR", ROOT / "var")) / "bench"
PLOT = ROOT / "docs" / "algorithms" / "opinion-cost.svg"
PARTICIPANTS, STATEMENTS, VOTES = 10_750, 300, 600_000
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)


def write_votes(path: Path, *, participants: int, statements: int, votes: int) -> None:
    """Write a log with three camps, unequal activity and some passes; the same every time."""
    random = np.random.default_rng(2026)
    cells = participants * statements
    activity = random.gamma(2.0, size=participants)
    chance = np.minimum(activity / activity.sum() * votes / statements, 0.95)
    chosen = np.flatnonzero(random.random(cells) < np.repeat(chance, statements) * 1.05)
    missing = votes - len(chosen)
    if missing > 0:
        unused = np.setdiff1d(random.integers(0, cells, 4 * missing + 1000), chosen)
        chosen = np.append(chosen, random.permutation(unused)[:missing])
    chosen = random.permutation(chosen)[:votes]
    rows, columns = np.divmod(chosen, statements)
    camp = random.integers(0, 3, participants)
    stance = random.normal(size=(3, statements)) * 1.2 + random.normal(size=statements) * 0.8
    lean = stance[camp[rows], columns] + random.normal(size=votes)
    values = np.where(lean > 0.25, 1, np.where(lean < -0.25, -1, 0))
    times = 1_700_000_000_000 + random.integers(0, 30 * 86_400_000, votes)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savetxt(
        path,
        np.column_stack([times, columns, rows, values]),
        fmt="%d",
        delimiter=",",
        header="timestamp,comment-id,voter-id,vote",
        comments="",
    )


def read_ours(path: Path) -> Any:
    """Votes as the command line reads them."""
    from allmende.algorithms.opinion.votes import votes_from_codes
    from allmende.formats.polis_export import read_polis_export

    log = read_polis_export(path)
    return votes_from_codes(
        participants=log.voters,
        statements=log.comments,
        rows=log.voter,
        columns=log.comment,
        values=log.vote,
        times=log.timestamp,
    )


Task = tuple[Callable[[Path], Any], Callable[[Any], Any]]


def map_task(*, uncertainty: bool) -> Task:
    """Map, groups and statement statistics; with or without bootstraps and shuffles."""
    from allmende.algorithms.opinion.analysis import analyse

    return read_ours, lambda votes: analyse(votes, uncertainty=uncertainty)


def polis_task() -> Task:
    """Everything that Polis publishes, by the mode of that name."""
    from allmende.algorithms.opinion.polis import analyse_polis

    return read_ours, analyse_polis


def least_task() -> Task:
    """Read the file and decompose it once: what no program can do without."""
    import pandas
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import svds

    def read(path: Path) -> Any:
        table = pandas.read_csv(path)
        rows, columns = table["voter-id"].to_numpy(), table["comment-id"].to_numpy()
        return rows, columns, table["vote"].to_numpy().astype(float)

    def decompose(log: Any) -> Any:
        rows, columns, values = log
        count = np.maximum(np.bincount(columns), 1)
        mean = np.bincount(columns, weights=values) / count
        matrix = csr_array((values - mean[columns], (rows, columns)))
        return svds(matrix, k=2, v0=np.ones(min(matrix.shape)))

    return read, decompose


def red_dwarf_task() -> Task:
    """The peer, with its own defaults; making its list of votes is not counted."""
    import pandas
    from reddwarf.implementations.base import run_pipeline

    def read(path: Path) -> Any:
        table = pandas.read_csv(path).rename(
            columns={"voter-id": "participant_id", "comment-id": "statement_id"}
        )
        table["modified"] = table.pop("timestamp")
        return table.to_dict("records")

    return read, lambda votes: run_pipeline(votes=votes, random_state=0)


TASKS: dict[str, Callable[[], Task]] = {
    "least": least_task,
    "red-dwarf": red_dwarf_task,
    "allmende": lambda: map_task(uncertainty=False),
    "polis": polis_task,
    "full": lambda: map_task(uncertainty=True),
}


def memory(name: str) -> float:
    """VmRSS or VmHWM of this process in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no {name} in /proc/self/status")


def measure(name: str, path: Path) -> dict[str, float]:
    """Run one task in this process: seconds and peak growth of reading and of computing.

    Freed memory is given back before each step, so that a step cannot hide in what the one before
    it had used.
    """
    read, compute = TASKS[name]()
    warm = DATA / "warm.csv"
    if not warm.exists():
        write_votes(warm, participants=60, statements=20, votes=600)
    compute(read(warm))
    result = {}
    value: Any = path
    for step, work in (("read", read), ("compute", compute)):
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")
        before, cpu, wall = memory("VmRSS"), time.process_time(), time.perf_counter()
        value = work(value)
        result[f"{step}_cpu"] = time.process_time() - cpu
        result[f"{step}_wall"] = time.perf_counter() - wall
        result[f"{step}_mb"] = memory("VmHWM") - before
    return result


def in_fresh_process(name: str, path: Path, *, times: int) -> dict[str, float]:
    """The smallest figures of several runs, each in a process of its own."""
    single = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    runs = []
    for _ in range(times):
        done = subprocess.run(
            [sys.executable, __file__, "--task", name, str(path)],
            env={**os.environ, **single, "PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            text=True,
            check=True,
        )
        runs.append(json.loads(done.stdout))
    return {key: min(run[key] for run in runs) for key in runs[0]}


def compare(path: Path, *, full: bool) -> list[tuple[str, dict[str, float]]]:
    """All tasks on the same file."""
    names = [
        ("least", "pandas.read_csv and one sparse svds", 5),
        ("red-dwarf", "red-dwarf 0.4.0", 3),
        ("allmende", "Allmende: map, groups, statement statistics", 5),
        ("polis", "Allmende: mode polis", 5),
    ]
    if full:
        names.append(("full", "Allmende: with 100 bootstraps and 39 shuffles", 1))
    found = []
    for name, label, times in names:
        print(f"… {label}", file=sys.stderr)
        found.append((label, in_fresh_process(name, path, times=times)))
    return found


def table_of(found: Sequence[tuple[str, dict[str, float]]]) -> str:
    """The comparison as a Markdown table."""
    lines = [
        "| Program | read, CPU s | compute, CPU s | together, CPU s | compute, wall s | memory, MB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for label, row in found:
        together = row["read_cpu"] + row["compute_cpu"]
        lines.append(
            f"| {label} | {row['read_cpu']:.2f} | {row['compute_cpu']:.2f} | {together:.2f} "
            f"| {row['compute_wall']:.2f} | {row['compute_mb']:.0f} |"
        )
    return "\n".join(lines)


def bars_of(found: Sequence[tuple[str, dict[str, float]]]) -> list[tuple[str, bool]]:
    """The project's bars, and whether they hold."""
    rows = [row for _, row in found]
    peer, ours = rows[1], rows[2]
    faster = peer["compute_cpu"] / ours["compute_cpu"]
    smaller = peer["compute_mb"] / max(ours["compute_mb"], 1.0)
    together = [row["read_cpu"] + row["compute_cpu"] for row in rows]
    above = together[2] / together[0]
    bars = [
        (f"{faster:.1f} times cheaper than red-dwarf (at least 10)", faster >= 10),
        (f"1/{smaller:.1f} of red-dwarf's memory (at most 1/5)", smaller >= 5),
        (f"{above:.1f} times the least possible (at most 4)", above <= 4),
    ]
    if len(rows) > 4:
        seconds = rows[4]["compute_cpu"]
        bars.append((f"full uncertainty in {seconds:.0f} CPU s (under 60)", seconds < 60))
    return bars


def grow() -> list[tuple[int, float]]:
    """CPU seconds of the map for 10^4 to 10^7 votes, at 56 votes for each participant."""
    found = []
    for votes in SIZES:
        path = DATA / f"votes-{votes}.csv"
        if not path.exists():
            write_votes(path, participants=votes // 56, statements=STATEMENTS, votes=votes)
        seconds = in_fresh_process("allmende", path, times=1 if votes > 10**6 else 3)["compute_cpu"]
        print(f"… {votes:,} votes: {seconds:.2f} CPU s", file=sys.stderr)
        found.append((votes, seconds))
    return found


def draw(found: Sequence[tuple[int, float]]) -> str:
    """Cost against votes on logarithmic axes, with a fixed part plus a constant cost per vote."""
    wide, tall, left, bottom = 560, 360, 64, 48
    powers = range(-3, 3)

    def x(votes: float) -> float:
        return left + (float(np.log10(votes)) - 4) / 3 * (wide - left - 24)

    def y(seconds: float) -> float:
        share = (float(np.log10(seconds)) - powers[0]) / (powers[-1] - powers[0])
        return tall - bottom - share * (tall - bottom - 20)

    each = statistics.median(seconds / votes for votes, seconds in found[3:])
    fixed = max(found[0][1] - each * found[0][0], 0.0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" role="img" '
        'aria-labelledby="t" font-family="sans-serif" font-size="13">',
        '<title id="t">CPU seconds of the opinion map against the number of votes</title>',
        f'<rect width="{wide}" height="{tall}" fill="#fff"/>',
    ]
    for power in powers:
        at = y(10.0**power)
        parts.append(
            f'<path d="M{left} {at:.1f}H{wide - 24}" stroke="#d5d7e0"/><text x="{left - 8}" '
            f'y="{at + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>'
        )
    for power in range(4, 8):
        at = x(10.0**power)
        parts.append(
            f'<path d="M{at:.1f} 20V{tall - bottom}" stroke="#d5d7e0"/><text x="{at:.1f}" '
            f'y="{tall - bottom + 20}" text-anchor="{"end" if power == 7 else "middle"}">'
            f"{10**power:,}</text>"
        )
    line = " ".join(
        f"{x(votes):.1f},{y(fixed + votes * each):.1f}" for votes in np.geomspace(10**4, 10**7, 40)
    )
    parts.append(
        f'<polyline points="{line}" stroke="#925400" stroke-width="3" stroke-dasharray="7 5" '
        'fill="none"/>'
    )
    parts.append(
        f'<text x="{wide - 30}" y="{tall - bottom - 14}" text-anchor="end" fill="#925400">'
        f"{1000 * fixed:.0f} ms + {each * 1e6:.2f} µs for each vote</text>"
    )
    points = " ".join(f"{x(votes):.1f},{y(seconds):.1f}" for votes, seconds in found)
    parts.append(f'<polyline points="{points}" stroke="#2044aa" stroke-width="2" fill="none"/>')
    parts += [
        f'<circle cx="{x(votes):.1f}" cy="{y(seconds):.1f}" r="4" fill="#2044aa"/>'
        for votes, seconds in found
    ]
    parts.append(f'<text x="{wide / 2}" y="{tall - 6}" text-anchor="middle">votes</text></svg>')
    return "\n".join(parts) + "\n"


def main() -> int:
    """Measure, print, draw; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--task", nargs=2, metavar=("NAME", "FILE"), help="one run, for itself")
    parser.add_argument("--quick", action="store_true", help="no bootstraps and no plot")
    options = parser.parse_args()
    if options.task:
        print(json.dumps(measure(options.task[0], Path(options.task[1]))))
        return 0
    path = DATA / "votes.csv"
    if not path.exists():
        write_votes(path, participants=PARTICIPANTS, statements=STATEMENTS, votes=VOTES)
    found = compare(path, full=not options.quick)
    print(f"\n{PARTICIPANTS:,} participants, {STATEMENTS} statements, {VOTES:,} votes:\n")
    print(table_of(found) + "\n")
    bars = bars_of(found)
    for text, holds in bars:
        print(f"- {'holds' if holds else 'MISSED'}: {text}")
    if not options.quick:
        growth = grow()
        PLOT.parent.mkdir(parents=True, exist_ok=True)
        PLOT.write_text(draw(growth), encoding="utf-8")
        print("\n| votes | CPU s | µs for each vote |\n|---:|---:|---:|")
        for votes, seconds in growth:
            print(f"| {votes:,} | {seconds:.2f} | {1e6 * seconds / votes:.2f} |")
        print(f"\nDrawn: {PLOT.relative_to(ROOT)}")
    return 0 if all(holds for _, holds in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
