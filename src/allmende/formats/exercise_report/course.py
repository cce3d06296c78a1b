"""What failed in an exercise, in sentences: what the script took out, then what followed from it.

>>> from allmende.formats.exercise_report.model import BY_DAMAGE, BY_SUPPLY, Failure
>>> for said in course_of([
...     Failure(60, "Tag 1, 06:00 Uhr", ("Leitung", "Umspannwerk"), BY_DAMAGE, (), 0.0),
...     Failure(60, "Tag 1, 06:00 Uhr", ("Ortsnetz",), BY_SUPPLY, ("Umspannwerk",), 0.0),
...     Failure(180, "Tag 1, 08:00 Uhr", ("Wasserwerk",), BY_SUPPLY, ("Ortsnetz",), 2.0),
... ]):
...     print(said)
Am Anfang stand, was das Drehbuch vorgab: Tag 1, 06:00 Uhr fielen Leitung und Umspannwerk durch Schäden aus.
Alles Weitere folgte daraus. Der Reihe nach fielen aus, in Klammern, wie lange der Vorrat reichte:
Tag 1, 06:00 Uhr: Ortsnetz, weil Umspannwerk fehlte.
Tag 1, 08:00 Uhr: Wasserwerk, weil Ortsnetz fehlte (Vorrat: 2 Stunden).
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from .model import BY_DAMAGE, BY_DECISION, Failure

# What is longer than this nobody reads as sentences: the file for programs has all of it.
MOST_NAMED, MOST_REASONS, MOST_MOMENTS = 6, 8, 24


def course_of(failures: Sequence[Failure]) -> Iterator[str]:
    """Paragraphs; none if nothing failed."""
    origins = [each for each in failures if each.is_origin]
    rest = [each for each in failures if not each.is_origin]
    if origins:
        first = "; ".join(map(_origin, origins[:MOST_REASONS]))
        yield f"Am Anfang stand, was das Drehbuch vorgab: {first}{_more(origins[MOST_REASONS:])}."
    if rest:
        decided = any(each.cause == BY_DECISION for each in rest)
        follows = "daraus und aus dem, was entschieden wurde" if decided else "daraus"
        begins = f"Alles Weitere folgte {follows}. " if origins else ""
        stores = (
            ", in Klammern, wie lange der Vorrat reichte"
            if any(each.stored for each in rest)
            else ""
        )
        yield f"{begins}Der Reihe nach fielen aus{stores}:"
        yield from _moments(rest)


def _origin(each: Failure) -> str:
    one = len(each.facilities) == 1
    said = f"{each.time} {'fiel' if one else 'fielen'} {_named(each.facilities)}"
    if each.cause == BY_DAMAGE:
        return f"{said} durch {'einen Schaden' if one else 'Schäden'} aus"
    return f"{said} aus"


def _moments(failures: Sequence[Failure]) -> Iterator[str]:
    """A line for each moment, with all that failed then, reason by reason."""
    moments = [
        list(same) for _time, same in groupby(failures, key=lambda each: (each.minute, each.time))
    ]
    for same in moments[:MOST_MOMENTS]:
        listed = "; ".join(
            f"{_named(each.facilities)}, {_why(each)}" for each in same[:MOST_REASONS]
        )
        yield f"{same[0].time}: {listed}{_more(same[MOST_REASONS:])}."
    if count := sum(len(each.facilities) for same in moments[MOST_MOMENTS:] for each in same):
        yield f"Danach: {'eine weitere Einrichtung' if count == 1 else f'{count} weitere Einrichtungen'}."


def _why(each: Failure) -> str:
    if each.cause == BY_DECISION:
        return each.cause
    if not each.missing:
        return "weil etwas fehlte"
    said = f"weil {_named(each.missing)} {'fehlte' if len(each.missing) == 1 else 'fehlten'}"
    if not each.stored:
        return said
    hours = f"{each.stored:.1f}".replace(".", ",").removesuffix(",0")
    return f"{said} (Vorrat: {hours} {'Stunde' if hours == '1' else 'Stunden'})"


def _named(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    shown, more = names[:MOST_NAMED], len(names) - MOST_NAMED
    if more > 0:
        return f"{', '.join(shown)} und {more} weitere"
    return f"{', '.join(shown[:-1])} und {shown[-1]}"


def _more(left: Sequence[Failure]) -> str:
    count = sum(len(each.facilities) for each in left)
    return f"; dazu {count} weitere" if count else ""
