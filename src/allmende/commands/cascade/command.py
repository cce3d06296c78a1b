"""``allmende cascade``: options, files, exit codes."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from allmende.commands.progress import Progress

if TYPE_CHECKING:
    from allmende.formats.cascade_report.model import CascadeReport

STEPS = {
    "read": "Modell lesen",
    "singles": "Jede Einrichtung einmal ausfallen lassen",
    "buffers": "Mit größeren Vorräten rechnen",
    "generators": "Plätze für Aggregate suchen",
    "runs": "Durchläufe rechnen",
    "importance": "Einrichtungen treffen und verschonen",
}
INPUT = click.Path(path_type=Path)
OUTPUT = click.Path(dir_okay=False, writable=True, path_type=Path)
MOST_GENERATED = 400_000


@click.command(epilog="Format der Dateien: docs/reference/cascade-json.md")
@click.argument("path", metavar="[MODELL]", type=INPUT, required=False)
@click.option(
    "--runs",
    metavar="ZAHL",
    type=click.IntRange(1, 1_000_000),
    help="So viele Durchläufe mit je eigenem Zufall statt eines einzigen.",
)
@click.option(
    "--scenario",
    "scenario_file",
    type=INPUT,
    help="Ein anderes Szenario als das im Modell.",
)
@click.option("--json", "json_file", type=OUTPUT, help="Schreibt das ganze Ergebnis als JSON.")
@click.option("--html", "html_file", type=OUTPUT, help="Schreibt einen Bericht.")
@click.option(
    "--seed",
    metavar="ZAHL",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Startwert des Zufalls; gleicher Startwert, gleiches Ergebnis.",
)
@click.option(
    "--generators",
    metavar="ZAHL",
    type=click.IntRange(1, 50),
    help="Sucht die besten Plätze für so viele Notstromaggregate.",
)
@click.option(
    "--importance",
    metavar="ZAHL",
    type=click.IntRange(1, 50),
    help="Sagt zu --runs von so vielen Einrichtungen, was es ausmacht, ob die Gefahr sie trifft.",
)
@click.option(
    "--processes",
    metavar="ZAHL",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="So viele Prozesse rechnen die Durchläufe; das Ergebnis bleibt dasselbe.",
)
@click.option(
    "--cluster",
    metavar="ADRESSE",
    help="Rechnet die Durchläufe auf einem Dask-Cluster, etwa tcp://10.0.0.1:8786.",
)
@click.option(
    "--generate",
    metavar="ZAHL",
    type=click.IntRange(100, MOST_GENERATED),
    help="Erfindet ein Land mit so vielen Einrichtungen, statt zu rechnen.",
)
def cascade(
    *,
    path: Path | None,
    runs: int | None,
    scenario_file: Path | None,
    json_file: Path | None,
    html_file: Path | None,
    seed: int,
    generators: int | None,
    importance: int | None,
    processes: int,
    cluster: str | None,
    generate: int | None,
) -> None:
    """Rechnet, wie sich Ausfälle von Einrichtungen ausbreiten.

    MODELL ist eine JSON-Datei mit Einrichtungen, dem, was jede von anderen braucht, und einem Szenario.
    Ein Durchlauf zeigt den Verlauf mit Ursachen, Verluste nach Sektor und Gemeinde, die folgenreichsten
    einzelnen Ausfälle und den Wert größerer Vorräte. Mit --runs zeigt er Mittel und Streuung der Verluste.

    \b
    Beispiele:
      allmende cascade kreis.json --html bericht.html
      allmende cascade kreis.json --scenario sturm.json --generators 3
      allmende cascade kreis.json --runs 10000 --processes 2 --json ergebnis.json
      allmende cascade --generate 40000 --seed 1 --json land.json
    """
    from allmende.formats.cascade_report.model import write_json
    from allmende.formats.cascade_report.page import write_page
    from allmende.formats.cascade_report.terminal import write_summary

    for target in (json_file, html_file):
        if target is not None and not target.resolve().parent.is_dir():
            raise click.UsageError(f"Den Ordner „{target.parent}“ gibt es nicht.")
    if generate is not None:
        if path or runs or scenario_file or html_file or generators or importance or cluster:
            raise click.UsageError("Zu --generate passen nur --seed und --json.")
        _generate(generate, seed, json_file)
        return
    if path is None:
        raise click.UsageError("Es fehlt das MODELL, oder --generate.")
    if runs is None and (processes > 1 or cluster or importance):
        raise click.UsageError("--processes, --cluster und --importance gelten für --runs.")
    if runs is not None and generators:
        raise click.UsageError("--generators gilt für einen einzigen Durchlauf, nicht für --runs.")
    if cluster and processes > 1:
        raise click.UsageError("Entweder --processes oder --cluster.")
    report = analyse_file(
        path,
        scenario_file=scenario_file,
        runs=runs,
        seed=seed,
        generators=generators or 0,
        importance=importance or 0,
        processes=processes,
        cluster=cluster,
    )
    width = min(shutil.get_terminal_size((100, 24)).columns, 110)
    click.echo(write_summary(report, width=width), nl=False)
    if json_file is not None:
        _write(json_file, [write_json(report)])
    if html_file is not None:
        _write(html_file, [write_page(report)])


def analyse_file(
    path: Path,
    *,
    scenario_file: Path | None = None,
    runs: int | None = None,
    seed: int = 0,
    generators: int = 0,
    importance: int = 0,
    processes: int = 1,
    cluster: str | None = None,
) -> "CascadeReport":
    """Read a model, compute and describe."""
    from allmende.commands.cascade.case import make_case
    from allmende.commands.cascade.reports import report_on_many, report_on_run
    from allmende.formats.cascade_model.reader import read_model
    from allmende.formats.errors import FormatError

    with Progress(STEPS) as progress:
        progress("read", 0, 1)
        try:
            case = make_case(read_model(path, scenario_file))
        except FormatError as error:
            raise click.UsageError(str(error)) from error
        if runs is None:
            return report_on_run(case, seed=seed, generators=generators, progress=progress)
        many = partial(
            report_on_many, case, runs=runs, seed=seed, important=importance, progress=progress
        )
        if cluster is None:
            return many(processes=processes)
        with _cluster(cluster) as on:
            return many(processes=1, on=on)


@contextmanager
def _cluster(address: str) -> Iterator[Callable[..., Iterable[Any]]]:
    """What hands tasks to a Dask cluster."""
    from allmende.algorithms.cascade.ensemble import on_dask

    try:
        from distributed import Client
    except ImportError as error:
        raise click.ClickException(
            "Für --cluster fehlt Dask; es kommt mit dem Zusatz allmende[cluster]."
        ) from error
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"Der Cluster „{address}“ antwortet nicht.") from error
    with client:
        yield on_dask(client)


def _generate(size: int, seed: int, json_file: Path | None) -> None:
    from allmende.commands.cascade.case import invent
    from allmende.formats.cascade_model.writer import write_model

    model = write_model(invent(size, seed))
    if json_file is None:
        for part in model:
            click.echo(part, nl=False)
    else:
        _write(json_file, model)


def _write(path: Path, parts: Iterable[str]) -> None:
    """Write beside the file first, so that nothing half done stays."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.writelines(parts)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise click.ClickException(
            f"„{path}“ lässt sich nicht schreiben: {error.strerror}"
        ) from error
    click.echo(f"Geschrieben: {path}", err=True)
