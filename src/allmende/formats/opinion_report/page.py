"""The report as one HTML page: no script, no request, nothing beside the file."""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from allmende.formats.opinion_report.drawing import SHAPES, draw_bar, draw_map, draw_sign
from allmende.formats.opinion_report.model import GroupRow, OpinionReport, StatementRow, StratumRow
from allmende.formats.opinion_report.wording import (
    basis_of,
    by_group_consensus,
    counted,
    describe_agreement,
    describe_coordination,
    describe_group,
    divisive,
    grouping_of,
    in_order,
    number,
    percent,
    points,
    shared,
    span,
    title_of,
)

MOST_LISTED = 10
MOST_PARTICIPANTS = 20_000


def write_page(report: OpinionReport) -> str:
    """The whole page."""
    title = escape(title_of(report))
    style = (Path(__file__).parent / "static" / "page.css").read_text(encoding="utf-8")
    return f"""<!doctype html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Meinungskarte</title>
<style>
{style}</style>
</head>
<body>
<a class="skip" href="#inhalt">Zum Inhalt</a>
<header><p>Meinungskarte</p><h1>{title}</h1>{_lead(report)}</header>
<main id="inhalt">
{_keys(report)}
{_map(report)}
{_lists(report)}
{_participation(report)}
{_coordination(report)}
{_all_statements(report)}
{_all_participants(report)}
{_method(report)}
</main>
</body>
</html>
"""


def _lead(report: OpinionReport) -> str:
    text = report.input.description.strip()
    if not text:
        return ""
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text.split("\n") if part.strip())
    return f"<details><summary>Worum es ging</summary>{paragraphs}</details>"


def _keys(report: OpinionReport) -> str:
    source, part = report.input, report.participation
    whole = f"von {number(part.whole)}" if part.whole is not None else "mit mindestens einer Stimme"
    boxes = [
        ("Teilnehmende", number(part.voted), whole),
        (
            "Aussagen",
            number(source.statements),
            f"{number(source.rejected)} abgelehnte zählen nicht"
            if source.rejected
            else "alle zählen",
        ),
        ("Stimmen", number(source.votes), f"Median {number(source.median_votes)} je Person"),
        (
            "Gruppen",
            number(len(report.groups)),
            "nach Polis" if report.mode == "polis" else "nur, wenn sie stabil sind",
        ),
    ]
    cells = "".join(
        f"<div><dt>{name}</dt><dd>{value}</dd><dd class=sub>{escape(sub)}</dd></div>"
        for name, value, sub in boxes
    )
    return f"<dl class=keys>{cells}</dl>"


def _map(report: OpinionReport) -> str:
    rows = [
        [
            f"{draw_sign(group.number)} {group.name} ({SHAPES[group.number % len(SHAPES)]})",
            number(group.size),
            percent(group.share),
            "–" if group.stability is None else number(group.stability, 2),
            f"{number(group.centre[0], 2)} | {number(group.centre[1], 2)}",
        ]
        for group in report.groups
    ]
    table = _table(
        "Gruppen auf der Karte",
        ["Gruppe", "Teilnehmende", "Anteil", "Stabilität (0 bis 1)", "Mitte auf der Karte"],
        rows,
    )
    return f"""<section aria-labelledby="karte">
<h2 id="karte">Wer steht wo</h2>
<p>Jeder Punkt steht für eine Person oder Kommune. Nahe Punkte stimmen ähnlich ab; wer zu keiner
Gruppe gehört, ist grau.</p>
<figure>{draw_map(report)}</figure>
<p class=note>{escape(grouping_of(report))}</p>
{table if rows else ""}
</section>"""


def _lists(report: OpinionReport) -> str:
    parts = []
    if report.mode == "polis":
        parts.append(
            _list(
                report,
                "Was die Gruppen verbindet",
                "Sortiert nach Polis’ Group-aware Consensus, dem Produkt der Zustimmung aller Gruppen.",
                by_group_consensus(report),
            )
        )
    else:
        parts.append(
            _list(
                report,
                "Was alle verbindet",
                "Zustimmung in jeder Gruppe, jedem Land und jeder Größenklasse, soweit bekannt; "
                "sortiert nach dem kleinsten gesicherten Wert.",
                shared(report, "agree"),
            )
        )
        parts.append(
            _list(
                report,
                "Was trennt",
                "Sortiert nach dem gesicherten Unterschied.",
                divisive(report),
            )
        )
        parts.append(
            _list(
                report,
                "Was alle ablehnen",
                "Ablehnung in jeder Gruppe, ebenso sortiert.",
                shared(report, "disagree"),
            )
        )
    texts = {statement.id: statement.text for statement in report.statements}
    parts += [_typical(report, group, texts) for group in report.groups]
    return f'<div class="columns">{"".join(parts)}</div>'


def _list(
    report: OpinionReport, heading: str, explanation: str, statements: Sequence[StatementRow]
) -> str:
    items = "".join(
        f"<li><p class=quote>{escape(statement.text)}</p>{draw_bar(statement)}"
        f"<p class=figures>{escape(describe_agreement(report, statement))}</p></li>"
        for statement in statements[:MOST_LISTED]
    )
    body = f"<ol class=list>{items}</ol>" if items else "<p>Keine Aussage erfüllt das.</p>"
    more = len(statements) - MOST_LISTED
    rest = f"<p class=note>{number(more)} weitere in der Tabelle.</p>" if more > 0 else ""
    return f"<section><h2>{heading}</h2><p>{explanation}</p>{body}{rest}</section>"


def _typical(report: OpinionReport, group: GroupRow, texts: dict[str, str]) -> str:
    items = "".join(
        f"<li><p class=quote>{escape(texts[row.statement])}</p><p class=figures>"
        f"{percent(row.share)} {'stimmen zu' if row.direction == 'agree' else 'lehnen ab'}, "
        f"{points(row.difference)} Punkte gegenüber den anderen"
        + (f" (95 %: {span(row.interval)})" if row.interval else "")
        + "</p></li>"
        for row in group.typical[:MOST_LISTED]
    )
    body = (
        f"<ol class=list>{items}</ol>"
        if items
        else "<p>Kein Unterschied ist statistisch sicher.</p>"
    )
    return (
        f"<section><h2>{draw_sign(group.number)} Typisch für Gruppe {group.name}</h2>"
        f"<p>{escape(describe_group(group))}</p>{body}</section>"
    )


def _participation(report: OpinionReport) -> str:
    part = report.participation
    tables = "".join(
        _table(
            heading,
            [column, "beteiligt", "insgesamt", "Anteil"],
            [_stratum(row) for row in rows],
        )
        for heading, column, rows in (
            ("Beteiligung nach Land", "Land", part.lands),
            ("Beteiligung nach Größenklasse", "Größenklasse", part.sizes),
        )
        if rows
    )
    return f"<section><h2>Wer hat mitgemacht</h2>{tables}</section>" if tables else ""


def _stratum(row: StratumRow) -> list[str]:
    total = "–" if row.total is None else number(row.total)
    share = percent(row.present / row.total) if row.total else "–"
    return [escape(row.name), number(row.present), total, share]


def _coordination(report: OpinionReport) -> str:
    if report.coordination is None:
        return ""
    sentences = "".join(
        f"<p>{escape(line)}</p>" for line in describe_coordination(report.coordination)
    )
    members = "".join(
        f"<li>{escape(', '.join(component))}</li>" for component in report.coordination.components
    )
    listed = f"<details><summary>Verbünde zeigen</summary><ul>{members}</ul></details>"
    return f"<section><h2>Gleichlautende Stimmabgabe</h2>{sentences}{listed if members else ''}</section>"


def _all_statements(report: OpinionReport) -> str:
    names = [group.name for group in report.groups]
    head = ["Nr.", "Aussage", "stimme zu", "lehne ab", "übergehe"]
    head += ["Zustimmung (95 %)"] if report.mode == "allmende" else ["Consensus", "Extremity"]
    head += [f"Zustimmung {name}" for name in names]
    rows = []
    for statement in sorted(report.statements, key=lambda row: in_order(row.id)):
        counts, reading, polis = statement.counts, statement.municipalities, statement.polis
        row = [escape(statement.id), escape(statement.text)]
        row += [number(counts.agree), number(counts.disagree), number(counts.passed)]
        if reading is not None:
            row.append(f"{percent(reading.agree)} ({span(reading.agree_interval)})")
        if polis is not None:
            row += [number(polis.group_aware_consensus, 3), number(polis.extremity, 2)]
        row += [percent(group.agree) if group.answers else "–" for group in statement.groups]
        rows.append(row)
    return f"<section><h2>Alle Aussagen</h2>{_table('Alle Aussagen', head, rows)}</section>"


def _all_participants(report: OpinionReport) -> str:
    shown = sorted(report.participants, key=lambda row: in_order(row.id))[:MOST_PARTICIPANTS]
    rows = [
        [
            escape(row.id),
            "–" if row.group is None else report.groups[row.group].name,
            number(row.position[0], 3),
            number(row.position[1], 3),
            number(row.votes),
        ]
        for row in shown
    ]
    table = _table(
        "Die Karte als Tabelle", ["Kennung", "Gruppe", "waagerecht", "senkrecht", "Stimmen"], rows
    )
    more = len(report.participants) - len(shown)
    rest = f"<p>{number(more)} weitere stehen nur in der JSON-Datei.</p>" if more else ""
    return (
        f"<section><h2>Die Karte als Tabelle</h2><details><summary>"
        f"{counted(len(shown), 'Zeile', 'Zeilen')} zeigen</summary>{table}{rest}</details></section>"
    )


def _method(report: OpinionReport) -> str:
    source = report.input
    sentences = "".join(f"<p>{escape(line)}</p>" for line in basis_of(report))
    notice = f"<p>{escape(' '.join(source.notice.split()))}</p>" if source.notice else ""
    link = f"<p>Gespräch: {escape(source.url)}</p>" if source.url else ""
    return f"""<section><h2>Rechenweg und Quelle</h2>{sentences}
<p>Modus {report.mode}, Fassung {escape(report.version)}, Startwert {report.seed}, allmende
{escape(report.software)}. Gleiche Stimmen, gleicher Startwert und gleiche Fassung ergeben dasselbe
Ergebnis. Prüfsumme (SHA-256) der Datei: <code>{source.sha256}</code></p>{link}{notice}</section>"""


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
