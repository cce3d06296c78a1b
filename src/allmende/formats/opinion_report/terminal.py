"""The summary for the terminal: plain German text, nothing that a screen reader trips over."""

import textwrap
from collections.abc import Sequence

from allmende.formats.opinion_report.model import OpinionReport, StatementRow
from allmende.formats.opinion_report.wording import (
    basis_of,
    by_group_consensus,
    describe_agreement,
    describe_coordination,
    describe_group,
    divisive,
    grouping_of,
    number,
    percent,
    points,
    shared,
    span,
    title_of,
)


def write_summary(report: OpinionReport, *, width: int = 100, most: int = 5) -> str:
    """Summary of a report, with at most ``most`` statements in each list."""
    title = title_of(report)
    lines = [title, "=" * min(len(title), width), ""]
    for sentence in basis_of(report):
        lines += _wrapped(sentence, width)
    lines += _groups(report, width, most)
    if report.mode == "polis":
        lines += _section("Was die Gruppen verbindet (Group-aware Consensus)", width)
        lines += _statements(
            report, by_group_consensus(report)[:most], width, [] if report.statements else ["–"]
        )
    else:
        lines += _consensus(report, width, most)
    if report.coordination is not None:
        lines += _section("Gleichlautende Stimmabgabe", width)
        for sentence in describe_coordination(report.coordination):
            lines += _wrapped(sentence, width)
    lines += _section("Rechenweg", width)
    lines += _wrapped(
        f"Modus {report.mode}, Fassung {report.version}, Startwert {report.seed}, allmende "
        f"{report.software}. Prüfsumme der Datei: {report.input.sha256[:16]}…",
        width,
    )
    if report.input.notice:
        notice = textwrap.shorten(report.input.notice.lstrip("# "), 240, placeholder=" …")
        lines += _wrapped(f"Hinweis der Quelle: {notice}", width)
    return "\n".join(lines) + "\n"


def _consensus(report: OpinionReport, width: int, most: int) -> list[str]:
    lines = _section("Was alle verbindet", width)
    agreed = shared(report, "agree")[:most]
    lines += _statements(
        report,
        agreed,
        width,
        ["Keine Aussage findet überall mit 95 % Sicherheit die Zustimmung der Hälfte."],
    )
    rejected = shared(report, "disagree")[:most]
    if rejected:
        lines += _section("Was alle ablehnen", width)
        lines += _statements(report, rejected, width, [])
    lines += _section("Was trennt", width)
    lines += _statements(
        report, divisive(report)[:most], width, ["Keine Aussage trennt mit 95 % Sicherheit."]
    )
    return lines


def _groups(report: OpinionReport, width: int, most: int) -> list[str]:
    lines = _section("Gruppen", width)
    lines += _wrapped(grouping_of(report), width)
    texts = {statement.id: statement.text for statement in report.statements}
    for group in report.groups:
        lines += ["", *_wrapped(f"{group.name}: {describe_group(group)}", width)]
        for row in group.typical[:most]:
            verb = "stimmt zu" if row.direction == "agree" else "lehnt ab"
            interval = f", 95 %: {span(row.interval)}" if row.interval else ""
            lines += _wrapped(
                f"– {verb}: {percent(row.share)} ({points(row.difference)} Punkte gegenüber den "
                f"anderen{interval}): {_quoted(texts[row.statement])}",
                width,
                first="   ",
                later="     ",
            )
        if len(group.typical) > most:
            lines.append(f"     … und {number(len(group.typical) - most)} weitere")
    return lines


def _section(title: str, width: int) -> list[str]:
    return ["", title, "-" * min(len(title), width)]


def _statements(
    report: OpinionReport, rows: Sequence[StatementRow], width: int, otherwise: list[str]
) -> list[str]:
    lines: list[str] = []
    for place, statement in enumerate(rows, start=1):
        lines += _wrapped(_quoted(statement.text), width, first=f"{place:>2}. ", later="    ")
        lines += _wrapped(describe_agreement(report, statement), width, first="    ", later="    ")
    return lines or otherwise


def _quoted(text: str) -> str:
    return f"„{' '.join(text.split())}“"


def _wrapped(text: str, width: int, first: str = "", later: str = "") -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False
    ) or [first]
