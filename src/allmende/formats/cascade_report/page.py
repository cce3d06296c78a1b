"""The report as one HTML page: no script, no request, nothing beside the file."""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from allmende.formats.cascade_report.drawing import draw_histogram, draw_sector
from allmende.formats.cascade_report.model import (
    CascadeReport,
    EnsembleRow,
    ImportanceRow,
    RunRow,
    SpreadRow,
)
from allmende.formats.cascade_report.wording import (
    about_buffers,
    about_generators,
    about_importance,
    at_least,
    basis_of,
    hours,
    listed,
    moment,
    number,
    percent,
    seeds_of,
    short,
)

MOST_EVENTS = 1_000
MOST_MUNICIPALITIES = 100
# The table beside the curves: at these shares of the time.
PARTS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75)


def write_page(report: CascadeReport) -> str:
    """The whole page."""
    title = escape(report.input.name)
    style = (Path(__file__).parent / "static" / "page.css").read_text(encoding="utf-8")
    parts = []
    if report.run is not None:
        parts = _run(report, report.run)
    if report.ensemble is not None:
        parts = _ensemble(report.ensemble)
    body = "\n".join(part for part in [_keys(report), *parts, _method(report)] if part)
    return f"""<!doctype html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Ausfälle</title>
<style>
{style}</style>
</head>
<body>
<a class="skip" href="#inhalt">Zum Inhalt</a>
<header><p>Wie sich Ausfälle ausbreiten</p><h1>{title}</h1></header>
<main id="inhalt">
{body}
</main>
</body>
</html>
"""


def _keys(report: CascadeReport) -> str:
    run, many = report.run, report.ensemble
    boxes = [("Einrichtungen", number(report.input.facilities), "im Modell")]
    if run is not None:
        boxes += [
            ("Beschädigt", number(run.damaged), "durch Schäden und Gefahren"),
            ("Ausgefallen", number(run.down), "für einige Zeit"),
            ("Personenstunden", number(run.loss), "ohne Versorgung"),
        ]
    if many is not None:
        boxes += [
            ("Durchläufe", number(many.runs), "mit je eigenem Zufall"),
            ("Beschädigt", short(many.damaged), "Einrichtungen im Mittel"),
            ("Personenstunden", number(many.whole.mean), "ohne Versorgung im Mittel"),
        ]
    cells = "".join(
        f"<div><dt>{name}</dt><dd>{value}</dd><dd class=sub>{sub}</dd></div>"
        for name, value, sub in boxes
    )
    sentences = "".join(f"<p>{escape(line)}</p>" for line in basis_of(report))
    return f"<dl class=keys>{cells}</dl>{sentences}"


def _run(report: CascadeReport, run: RunRow) -> list[str]:
    return [
        _curves(report, run),
        _losses(run),
        _singles(run),
        _buffers(run),
        _generators(run),
        _events(run),
    ]


def _curves(report: CascadeReport, run: RunRow) -> str:
    horizon = report.input.horizon_hours
    figures = "".join(
        f"<figure><figcaption>{escape(sector.name)}</figcaption>"
        f"{draw_sector(sector, run, horizon)}</figure>"
        for sector in run.sectors
    )
    places = _places(run, horizon)
    table = _table(
        "Anteil der versorgten Personen",
        [
            "Sektor",
            *(f"{short(run.moments[place])} h" for place in places),
            "niedrigster Stand",
            "verlorene Fläche (Stunden)",
        ],
        [
            [
                escape(sector.name),
                *(at_least(sector.shares[place]) for place in places),
                at_least(sector.lowest),
                short(sector.lost_hours),
            ]
            for sector in run.sectors
        ],
    )
    return _section(
        "Wer versorgt ist",
        "Je Sektor der Anteil der Personen, die versorgt sind. Die Fläche bis 100 % ist verloren: "
        "Ein Wert von 3 Stunden heißt, dass im Schnitt jede Person 3 Stunden ohne war. Wer vorher "
        "fortgebracht wurde, zählt hier als anwesend.",
        f'<div class="curves">{figures}</div>{table}',
    )


def _places(run: RunRow, horizon: float) -> list[int]:
    """Moments for the table: the last one at or before each part of the time, and the end."""
    found = []
    for part in PARTS:
        at = part * horizon
        found.append(max(i for i, moment_ in enumerate(run.moments) if moment_ <= at))
    return list(dict.fromkeys([*found, len(run.moments) - 1]))


def _losses(run: RunRow) -> str:
    sectors = _table(
        "Verluste nach Sektor",
        ["Sektor", "Personenstunden", "versorgt sonst", "Einrichtungen", "davon ausgefallen"],
        [
            [
                escape(row.name),
                number(row.loss),
                number(row.served),
                number(row.facilities),
                number(row.down),
            ]
            for row in run.sectors
        ],
    )
    shown = run.municipalities[:MOST_MUNICIPALITIES]
    municipalities = _table(
        "Verluste nach Gemeinde, in Personenstunden",
        ["Gemeinde", "zusammen", *(row.name for row in run.sectors)],
        [
            [
                escape(row.name or "ohne Angabe"),
                number(row.loss),
                *(number(loss) for loss in row.by_sector),
            ]
            for row in shown
        ],
    )
    rest = _rest(len(run.municipalities) - len(shown))
    return _section(
        "Wem was fehlt",
        "Personenstunden ohne Versorgung: Personen mal Stunden. Wer fortgebracht wurde, vermisst "
        "nichts.",
        sectors + (municipalities + rest if shown else "<p>Niemandem fehlt etwas.</p>"),
    )


def _singles(run: RunRow) -> str:
    rows = [
        [
            escape(row.facility),
            escape(row.sector),
            escape(row.municipality or "–"),
            number(row.loss),
            f"{short(row.loss / row.own)}-mal" if row.own else "–",
        ]
        for row in run.single_failures
    ]
    table = _table(
        "Größte einzelne Ausfälle",
        ["Einrichtung", "Sektor", "Gemeinde", "Personenstunden", "gegenüber dem eigenen Ausfall"],
        rows,
    )
    return _section(
        "Worauf es ankommt",
        f"Was fehlt, wenn nur diese eine Einrichtung {hours(run.single_hours)} ausfällt, ohne alles "
        "andere. Die letzte Spalte sagt, wie viel mehr das ist als ihr eigener Ausfall.",
        table if rows else "<p>Kein einzelner Ausfall nimmt jemandem etwas.</p>",
    )


def _buffers(run: RunRow) -> str:
    rows = [
        [
            escape(row.facility),
            escape(listed(row.suppliers)),
            hours(row.buffer_hours),
            number(row.saved),
        ]
        for row in run.buffers
    ]
    table = _table(
        "Eine Stunde Vorrat mehr",
        ["Einrichtung", "versorgt von", "Vorrat jetzt", "gesparte Personenstunden"],
        rows,
    )
    return _section(
        "Wo mehr Vorrat hilft",
        f"{about_buffers(run)} Jede Zeile sagt, was eine Stunde mehr dort in diesem Durchlauf spart.",
        table if rows else "<p>Eine Stunde mehr spart nirgends etwas.</p>",
    )


def _generators(run: RunRow) -> str:
    found = run.generators
    if found is None:
        return ""
    rows, before = [], found.without
    for row in found.places:
        rows.append(
            [
                escape(row.facility),
                escape(listed(row.suppliers)),
                number(before - row.loss),
                number(row.loss),
            ]
        )
        before = row.loss
    table = _table(
        "Plätze für Aggregate",
        ["Einrichtung", "statt", "spart dazu", "es fehlen dann noch"],
        rows,
    )
    return _section(
        "Wohin mit Notstromaggregaten",
        f"{about_generators(found)} Ohne Aggregat fehlen {number(found.without)} Personenstunden.",
        table if rows else "<p>Kein Aggregat würde etwas ändern.</p>",
    )


def _events(run: RunRow) -> str:
    shown = run.events[:MOST_EVENTS]
    rows = [
        [
            moment(row.at),
            escape(row.facility or row.municipality),
            escape(row.sector or "–"),
            escape(row.event),
            escape(row.because or "–"),
        ]
        for row in shown
    ]
    table = _table(
        "Verlauf", ["Zeit", "Einrichtung", "Sektor", "was geschieht", "warum oder woran"], rows
    )
    return _section(
        "Was der Reihe nach geschieht",
        "",
        table + _rest(len(run.events) - len(shown)) if rows else "<p>Es geschieht nichts.</p>",
    )


def _ensemble(many: EnsembleRow) -> list[str]:
    bins = _table(
        "Verteilung der Verluste",
        ["von (Personenstunden)", "bis", "Durchläufe"],
        [[number(row.low), number(row.high), number(row.runs)] for row in many.bins],
    )
    head = [
        "Sektor",
        "Mittel",
        "Standardfehler",
        *(f"höchstens, in {percent(row.share)}" for row in many.whole.quantiles),
    ]
    sectors = _table(
        "Personenstunden ohne Versorgung",
        head,
        [_spread("alle zusammen", many.whole), *(_spread(row.name, row) for row in many.sectors)],
    )
    return [
        _section(
            "Wie viel verloren geht",
            "Jeder Durchlauf zieht neu, was beschädigt wird und wie lange die Reparatur dauert.",
            f"<figure>{draw_histogram(many)}</figure>{bins}",
        ),
        _section(
            "Nach Sektor",
            "Die Grenzen gelten für jeden Sektor allein; sie ergeben zusammen nicht die Summe.",
            sectors,
        ),
        _importance(many.importance),
    ]


def _importance(found: ImportanceRow | None) -> str:
    if found is None:
        return ""
    table = _table(
        "Getroffen oder verschont",
        [
            "Einrichtung",
            "Sektor",
            "Gemeinde",
            "wird getroffen mit",
            "getroffen fehlen mehr (Personenstunden)",
            "Standardfehler",
        ],
        [
            [
                escape(row.facility),
                escape(row.sector),
                escape(row.municipality or "–"),
                f"{short(100 * row.chance)}\N{NO-BREAK SPACE}%",
                number(row.loss),
                "–" if row.error is None else number(row.error),
            ]
            for row in found.facilities
        ],
    )
    return _section(
        "Was es ausmacht, wen es trifft",
        f"{about_importance(found)} Wer sie schützt, erspart im Mittel so viel, wenn die Gefahr sie "
        "sonst trifft (Wichtigkeit nach Birnbaum).",
        table if found.facilities else "",
    )


def _spread(name: str, row: SpreadRow) -> list[str]:
    error = "–" if row.error is None else number(row.error)
    return [escape(name), number(row.mean), error, *(number(each.loss) for each in row.quantiles)]


def _method(report: CascadeReport) -> str:
    source = report.input
    own = f" Szenario: <code>{source.scenario_sha256}</code>" if source.scenario_sha256 else ""
    return _section(
        "Rechenweg und Quelle",
        "",
        f"<p>{escape(seeds_of(report))} Prüfsumme (SHA-256) des Modells: "
        f"<code>{source.sha256}</code>{own}</p><p>Ein Modell zeigt, was aus seinen Annahmen folgt. "
        "Es sagt nicht, was geschehen wird.</p>",
    )


def _section(heading: str, text: str, body: str) -> str:
    lead = f"<p>{escape(text)}</p>" if text else ""
    return f"<section><h2>{escape(heading)}</h2>{lead}{body}</section>"


def _rest(count: int) -> str:
    return (
        f"<p class=note>{number(count)} weitere stehen in der JSON-Datei.</p>" if count > 0 else ""
    )


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells are HTML already; the first column names its row."""
    columns = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    return (
        f'<div class="scroll" role="region" aria-label="{escape(caption)}" tabindex="0"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{columns}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )
