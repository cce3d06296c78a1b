"""The summary for the terminal: plain German text, nothing that a screen reader trips over."""

import textwrap

from allmende.formats.cascade_report.model import CascadeReport, EnsembleRow, RunRow
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

TOLD = (0.5, 0.95, 0.99)


def write_summary(report: CascadeReport, *, width: int = 100, most: int = 5) -> str:
    """Summary of a report, with at most ``most`` lines in each list."""
    title = report.input.name
    lines = [title, "=" * min(len(title), width), ""]
    for sentence in basis_of(report):
        lines += _wrapped(sentence, width)
    if report.run is not None:
        lines += _run(report.run, width, most)
    if report.ensemble is not None:
        lines += _ensemble(report.ensemble, width)
    lines += _section("Rechenweg", width)
    lines += _wrapped(seeds_of(report), width)
    lines += _wrapped(f"Prüfsumme des Modells: {report.input.sha256[:16]}…", width)
    return "\n".join(lines) + "\n"


def _run(run: RunRow, width: int, most: int) -> list[str]:
    lines = _section("Nach Sektor", width)
    for sector in run.sectors:
        lines += _item(
            f"{sector.name}: {number(sector.loss)} Personenstunden; "
            f"{number(sector.down)} von {number(sector.facilities)} ausgefallen, versorgt mindestens "
            f"{at_least(sector.lowest)}, verlorene Fläche {hours(sector.lost_hours)}",
            width,
        )
    if run.municipalities:
        lines += _section("Gemeinden, denen am meisten fehlt", width)
        for municipality in run.municipalities[:most]:
            name = municipality.name or "ohne Angabe"
            lines += _item(f"{name}: {number(municipality.loss)} Personenstunden", width)
    lines += _section(f"Größte einzelne Ausfälle ({hours(run.single_hours)})", width)
    for single in run.single_failures[:most]:
        factor = f", {short(single.loss / single.own)}-mal der eigene" if single.own else ""
        lines += _item(f"{single.facility}: {number(single.loss)} Personenstunden{factor}", width)
    lines += _section("Wo eine Stunde Vorrat mehr hilft", width)
    lines += _wrapped(about_buffers(run), width)
    for buffer in run.buffers[:most]:
        lines += _item(
            f"{buffer.facility}, versorgt von {listed(buffer.suppliers)}: "
            f"{number(buffer.saved)} Personenstunden",
            width,
        )
    if run.generators is not None:
        lines += _section("Wohin mit Notstromaggregaten", width)
        lines += _wrapped(about_generators(run.generators), width)
        for place in run.generators.places:
            lines += _item(
                f"{place.facility} statt {listed(place.suppliers)}: dann fehlen "
                f"{number(place.loss)} Personenstunden",
                width,
            )
    lines += _section("Was zuerst geschieht", width)
    for event in run.events[: 2 * most]:
        whom = event.facility or event.municipality
        because = f", {event.because}" if event.because else ""
        lines += _item(f"{moment(event.at)}: {whom} {event.event}{because}", width)
    if len(run.events) > 2 * most:
        lines.append(f"  … und {number(len(run.events) - 2 * most)} weitere Ereignisse")
    return lines


def _ensemble(many: EnsembleRow, width: int) -> list[str]:
    lines = _section("Personenstunden ohne Versorgung", width)
    for row in (many.whole, *many.sectors):
        most = "; ".join(
            f"in {percent(each.share)} der Durchläufe höchstens {number(each.loss)}"
            for each in row.quantiles
            if each.share in TOLD
        )
        lines += _item(f"{row.name or 'zusammen'}: im Mittel {number(row.mean)}; {most}", width)
    if many.importance is not None:
        lines += _section("Was es ausmacht, wen es trifft", width)
        lines += _wrapped(about_importance(many.importance), width)
        for each in many.importance.facilities:
            lines += _item(
                f"{each.facility}: getroffen fehlen {number(each.loss)} Personenstunden mehr; getroffen "
                f"wird sie mit {short(100 * each.chance)}\N{NO-BREAK SPACE}% Wahrscheinlichkeit",
                width,
            )
    return lines


def _section(title: str, width: int) -> list[str]:
    return ["", title, "-" * min(len(title), width)]


def _item(text: str, width: int) -> list[str]:
    return _wrapped(text, width, first="– ", later="  ")


def _wrapped(text: str, width: int, first: str = "", later: str = "") -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False
    ) or [first]
