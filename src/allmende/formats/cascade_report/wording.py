"""German words and numbers that the terminal, the HTML page and the events share."""

from collections.abc import Sequence
from math import floor, inf

from allmende.formats.cascade_report.model import (
    CascadeReport,
    GeneratorsRow,
    ImportanceRow,
    RunRow,
)
from allmende.formats.opinion_report.wording import counted, number, percent

__all__ = ["at_least", "counted", "hours", "listed", "moment", "number", "percent", "short"]

MOST_NAMES = 4


def hours(value: float | None) -> str:
    """A time in hours, with decimals only where there are some.

    >>> hours(72.0), hours(1.0), hours(0.25), hours(None)
    ('72 Stunden', '1 Stunde', '0,25 Stunden', 'unbegrenzte Zeit')
    """
    if value is None or value == inf:
        return "unbegrenzte Zeit"
    return f"{short(value)} {'Stunde' if value == 1 else 'Stunden'}"


def short(value: float) -> str:
    """A number with at most two decimals, none of them without need.

    >>> short(2.5), short(1234.0), short(1 / 3)
    ('2,5', '1.234', '0,33')
    """
    text = number(value, 2)
    return text.rstrip("0").rstrip(",")


def at_least(share: float) -> str:
    """A share in per cent, rounded down: 100 % is said only of all.

    >>> at_least(0.99996).replace("\N{NO-BREAK SPACE}", " "), at_least(1.0).split()
    ('99,9 %', ['100', '%'])
    """
    return f"{short(floor(1000 * share) / 10)}\N{NO-BREAK SPACE}%"


def moment(value: float) -> str:
    """A moment of a run: day and time, counted from its beginning.

    >>> moment(0.0), moment(49.5)
    ('Tag 1, 0:00', 'Tag 3, 1:30')
    """
    minutes = round(value * 60)
    return f"Tag {minutes // 1440 + 1}, {minutes % 1440 // 60}:{minutes % 60:02d}"


def listed(names: Sequence[str]) -> str:
    """Names in a row; of many the first ones.

    >>> listed(["a", "b", "c"]), listed(["a", "b", "c", "d", "e", "f"])
    ('a, b und c', 'a, b, c, d und 2 weiteren')
    """
    if len(names) > MOST_NAMES:
        return f"{', '.join(names[:MOST_NAMES])} und {number(len(names) - MOST_NAMES)} weiteren"
    return " und ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def basis_of(report: CascadeReport) -> list[str]:
    """Sentences on what was computed."""
    source = report.input
    lines = [
        f"{counted(source.facilities, 'Einrichtung', 'Einrichtungen')} mit "
        f"{counted(source.supplies, 'Versorgung', 'Versorgungen')} in "
        f"{counted(source.municipalities, 'Gemeinde', 'Gemeinden')}, "
        f"{hours(source.horizon_hours)} vom Beginn an."
    ]
    run, many = report.run, report.ensemble
    if run is not None:
        lines.append(
            f"{counted(run.damaged, 'Einrichtung nimmt', 'Einrichtungen nehmen')} Schaden, "
            f"{counted(run.down, 'fällt', 'fallen')} zeitweise aus. Zusammen fehlen "
            f"{number(run.loss)} Personenstunden Versorgung: So viele Stunden sind Menschen ohne, "
            "jeder Sektor für sich gezählt."
        )
    if many is not None:
        lines.append(
            f"{counted(many.runs, 'Durchlauf', 'Durchläufe')}, in denen im Mittel "
            f"{short(many.damaged)} Einrichtungen Schaden nehmen. Im Mittel fehlen "
            f"{number(many.whole.mean)} Personenstunden Versorgung"
            + (f" (Standardfehler {number(many.whole.error)})." if many.whole.error else ".")
        )
    return lines


def about_generators(found: GeneratorsRow) -> str:
    """How the places were found, and what that is worth."""
    if not found.candidates:
        return "Es gibt keine Versorgung, der ein Aggregat helfen könnte."
    among = f"unter {counted(found.candidates, 'möglichem Platz', 'möglichen Plätzen')}"
    if found.exact:
        return (
            f"Alle Möglichkeiten {among} sind verglichen: Besser geht es mit "
            f"{counted(found.asked, 'Aggregat', 'Aggregaten')} in diesem Durchlauf nicht."
        )
    return (
        f"Eines nach dem anderen dorthin, wo es dann am meisten hilft, {among}. Eine Garantie gibt "
        "es dafür nicht: Wo zwei Aggregate nur gemeinsam helfen, kann eine andere Verteilung besser "
        "sein."
    )


def about_buffers(run: RunRow) -> str:
    """Which stores were looked at."""
    if not run.buffers_empty:
        return "Kein Vorrat war zu klein."
    text = (
        f"{counted(run.buffers_empty, 'Versorgung brach', 'Versorgungen brachen')} bei Einrichtungen "
        "ab, die ausfielen."
    )
    if run.buffers_looked_at < run.buffers_empty:
        text += (
            f" Geprüft sind die {number(run.buffers_looked_at)}, deren Einrichtungen am längsten "
            "ausfielen."
        )
    return text


def about_importance(found: ImportanceRow) -> str:
    """Which facilities were looked at, and how."""
    if not found.candidates:
        return "Keine Gefahr erreicht eine Einrichtung."
    return (
        f"{counted(found.candidates, 'Einrichtung kann', 'Einrichtungen können')} getroffen werden. "
        f"Geprüft sind die {number(len(found.facilities))}, deren Ausfall allein am meisten kostet: in je "
        f"{counted(found.runs, 'Durchlauf', 'Durchläufen')} einmal getroffen und einmal verschont, "
        "bei gleichem Zufall für alle anderen."
    )


def seeds_of(report: CascadeReport) -> str:
    """How to get the same again."""
    return (
        f"Verfahren {report.version}, Startwert {report.seed}, allmende {report.software}. Gleiches "
        "Modell, gleicher Startwert und gleiche Fassung ergeben dasselbe Ergebnis."
    )
