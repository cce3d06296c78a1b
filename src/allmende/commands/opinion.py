"""``allmende opinion``: the opinion map of exported votes, without server or database."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allmende.commands.progress import Progress

if TYPE_CHECKING:
    from allmende.algorithms.opinion.votes import Votes
    from allmende.algorithms.opinion.weights import Strata
    from allmende.formats.opinion_report.build import Texts
    from allmende.formats.opinion_report.model import OpinionReport, Source
    from allmende.formats.polis_export import PolisExport

STEPS = {
    "shuffles": "Mit gemischten Stimmen vergleichen",
    "bootstraps": "Stabilität der Gruppen prüfen",
    "clouds": "Nach Lücken zwischen den Gruppen suchen",
}
OUTPUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command(epilog="Format der JSON-Datei: docs/reference/opinion-json.md")
@click.argument("path", metavar="PFAD", type=click.Path(path_type=Path))
@click.option("--json", "json_file", type=OUTPUT, help="Schreibt das ganze Ergebnis als JSON.")
@click.option("--html", "html_file", type=OUTPUT, help="Schreibt einen Bericht mit Karte.")
@click.option(
    "--mode",
    type=click.Choice(["allmende", "polis"]),
    default="allmende",
    show_default=True,
    help="Rechenweg: mit geprüften Gruppen und Intervallen, oder wie Polis, zum Vergleich.",
)
@click.option(
    "--seed",
    metavar="ZAHL",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Startwert des Zufalls; gleicher Startwert, gleiches Ergebnis.",
)
@click.option(
    "--strata",
    "strata_file",
    type=click.Path(path_type=Path),
    help="CSV mit participant, land, size-class, population; für Gewichte und zweite Lesart.",
)
@click.option("--quick", is_flag=True, help="Prüft die Stabilität der Gruppen nicht.")
def opinion(
    *,
    path: Path,
    json_file: Path | None,
    html_file: Path | None,
    mode: str,
    seed: int,
    strata_file: Path | None,
    quick: bool,
) -> None:
    """Rechnet die Meinungskarte von Stimmen.

    PFAD ist der Ordner eines Polis-Exports oder eine Datei mit den Spalten voter-id, comment-id, vote
    (1 stimme zu, -1 lehne ab, 0 übergehe) und wahlweise timestamp. Von mehreren Stimmen einer Person
    zu einer Aussage zählt die letzte.

    \b
    Beispiele:
      allmende opinion klimarat/
      allmende opinion votes.csv --json karte.json --html karte.html
      allmende opinion votes.csv --strata kommunen.csv --seed 7
      allmende opinion klimarat/ --mode polis
    """
    from allmende.formats.errors import FormatError
    from allmende.formats.opinion_report.model import write_json
    from allmende.formats.opinion_report.page import write_page
    from allmende.formats.opinion_report.terminal import write_summary

    if mode == "polis" and strata_file is not None:
        raise click.UsageError("Im Modus polis gibt es keine Gewichte; --strata passt nicht dazu.")
    for target in (json_file, html_file):
        if target is not None and not target.resolve().parent.is_dir():
            raise click.UsageError(f"Den Ordner „{target.parent}“ gibt es nicht.")
    try:
        report = analyse_file(
            path, mode=mode, seed=seed, strata_file=strata_file, uncertainty=not quick
        )
    except FormatError as error:
        raise click.UsageError(str(error)) from error
    width = min(shutil.get_terminal_size((100, 24)).columns, 110)
    click.echo(write_summary(report, width=width), nl=False)
    if json_file is not None:
        _write(json_file, write_json(report))
    if html_file is not None:
        _write(html_file, write_page(report))


def analyse_file(
    path: Path,
    *,
    mode: str = "allmende",
    seed: int = 0,
    strata_file: Path | None = None,
    uncertainty: bool = True,
) -> "OpinionReport":
    """Read votes, compute the map and describe it."""
    from allmende.formats.polis_export import read_polis_export

    export = read_polis_export(path)
    votes, source, texts = _prepare(export)
    if mode == "polis":
        return _with_polis(export, votes, source=source, texts=texts, seed=seed)
    return _with_map(
        export,
        votes,
        source=source,
        texts=texts,
        seed=seed,
        strata=None if strata_file is None else _strata(strata_file, votes),
        uncertainty=uncertainty,
    )


def _prepare(export: "PolisExport") -> "tuple[Votes, Source, Texts]":
    """Votes on the statements that count, and what the report says about them."""
    import numpy as np

    from allmende.algorithms.opinion.votes import votes_from_codes
    from allmende.formats.errors import FormatError
    from allmende.formats.opinion_report.build import Texts
    from allmende.formats.opinion_report.model import Source

    rejected = {row.id for row in export.statements if row.moderation < 0 or row.is_meta}
    counts = ~np.isin(export.comments, list(rejected))
    place = np.cumsum(counts) - 1
    kept = counts[export.comment]
    if not kept.any():
        raise FormatError("Alle Aussagen sind abgelehnt; es bleibt keine Stimme.", file=export.name)
    votes = votes_from_codes(
        participants=export.voters,
        statements=export.comments[counts],
        rows=export.voter[kept],
        columns=place[export.comment[kept]],
        values=export.vote[kept],
        times=None if export.timestamp is None else export.timestamp[kept],
    )
    cast = np.bincount(votes.rows, minlength=votes.shape[0])
    source = Source(
        name=export.name,
        sha256=export.sha256,
        rows=len(export.vote),
        votes=len(votes.values),
        participants=int((cast > 0).sum()),
        statements=votes.shape[1],
        rejected=len(rejected),
        median_votes=float(np.median(cast[cast > 0])),
        topic=export.topic,
        description=export.description,
        url=export.url,
        notice=export.notice,
    )
    texts = Texts(
        text={row.id: row.text for row in export.statements},
        author={row.id: row.author for row in export.statements},
    )
    return votes, source, texts


def _with_map(
    export: "PolisExport",
    votes: "Votes",
    *,
    source: "Source",
    texts: "Texts",
    seed: int,
    strata: "Strata | None",
    uncertainty: bool,
) -> "OpinionReport":
    from dataclasses import replace

    import numpy as np

    from allmende.algorithms.opinion.analysis import analyse
    from allmende.algorithms.opinion.coordination import (
        find_coordination,
        latest_times,
    )
    from allmende.formats.opinion_report.build import report_of_map

    with Progress(STEPS) as progress:
        result = analyse(
            votes, strata=strata, seed=seed, uncertainty=uncertainty, progress=progress
        )
    times = None
    if export.timestamp is not None:
        place = np.searchsorted(votes.statements, export.comments)
        place = np.minimum(place, len(votes.statements) - 1)
        counts = votes.statements[place] == export.comments
        kept = counts[export.comment]
        times = latest_times(
            votes,
            rows=export.voter[kept],
            columns=place[export.comment[kept]],
            times=export.timestamp[kept] / 1000,
        )
    return report_of_map(
        result,
        source=replace(source, votes_sha256=result.input_hash),
        texts=texts,
        votes_cast=np.bincount(votes.rows, minlength=votes.shape[0]),
        software=_software(),
        coordination=find_coordination(votes, times=times, groups=result.group),
    )


def _with_polis(
    export: "PolisExport", votes: "Votes", *, source: "Source", texts: "Texts", seed: int
) -> "OpinionReport":
    """Mode polis works on all statements; the rejected ones count for taking part."""
    import numpy as np

    from allmende.algorithms.opinion.polis import analyse_polis
    from allmende.algorithms.opinion.votes import votes_from_codes
    from allmende.formats.opinion_report.build_polis import report_of_polis

    whole = votes_from_codes(
        participants=export.voters,
        statements=export.comments,
        rows=export.voter,
        columns=export.comment,
        values=export.vote,
        times=export.timestamp,
    )
    order = None
    if export.timestamp is not None:
        first = np.full(len(export.voters), np.iinfo(np.int64).max)
        np.minimum.at(first, export.voter, export.timestamp)
        order = np.argsort(first, kind="stable")
    result = analyse_polis(
        whole,
        moderated_out=~np.isin(export.comments, votes.statements),
        meta=np.isin(export.comments, [row.id for row in export.statements if row.is_meta]),
        order=order,
        seed=seed,
    )
    return report_of_polis(result, source=source, texts=texts, software=_software())


def _strata(path: Path, votes: "Votes") -> "Strata":
    from allmende.algorithms.opinion.weights import make_strata
    from allmende.formats.strata import read_strata

    table = read_strata(path, participants=votes.participants.tolist())
    return make_strata(
        table.lands,
        table.populations,
        size_classes=table.size_classes,
        land_totals=table.land_totals,
        size_totals=table.size_totals,
    )


def _software() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("allmende")
    except PackageNotFoundError:
        return "aus dem Quelltext"


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(
            f"„{path}“ lässt sich nicht schreiben: {error.strerror}"
        ) from error
    click.echo(f"Geschrieben: {path}", err=True)
