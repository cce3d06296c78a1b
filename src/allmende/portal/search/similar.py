"""What is alike: things that ask or say the same in other words, and words that were mistyped.

Each telling word of a text weighs as much as it has letters: long German words say more than short ones.
Of long words, beginning and end count by themselves, at half their weight, so that „Gewerbesteuer“ is
found by „Gewerbesteuerhebesatz“. How alike a thing is, is the weight of those words that its text has,
as a share of all. Both databases compute the same.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, FloatField, QuerySet, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from ..models import SearchEntry
from .findable import findables
from .folding import TOO_COMMON, Wanted, fold, stem
from .matching import Column, has_any_part, with_words

LONG_WORD = 10
PIECE = 7  # letters of the beginning and the end of a long word
MOST_NEEDLES = 16
SHORTEST_TELLING = 4
# Measured on the demo's concerns: below, people see nothing in common.
ALIKE = 0.4
# Two words are taken for one mistyped if they share so much of their trigrams.
MISTYPED = 0.45
MOST_TITLES = 200


@dataclass(frozen=True)
class Needle:
    """What to look for, and how much it says."""

    part: str
    weight: float


def needles_of(text: str) -> list[Needle]:
    """What in a text tells it from others, most telling first.

    >>> [(each.part, each.weight) for each in needles_of("Was kostet die Gewerbesteuer?")]
    [('gewerbesteur', 12.0), ('kostet', 6.0), ('gewerbe', 3.5), ('besteur', 3.5)]
    """
    words = dict.fromkeys(
        stem(word)
        for word in fold(text).split()
        if word not in TOO_COMMON and len(word) >= SHORTEST_TELLING
    )
    found = {word: float(len(word)) for word in words}
    for word in words:
        if len(word) >= LONG_WORD:
            for piece in (word[:PIECE], word[-PIECE:]):
                found.setdefault(piece, len(piece) / 2)
    in_order = sorted(found.items(), key=lambda each: -each[1])
    return [Needle(part, weight) for part, weight in in_order[:MOST_NEEDLES]]


def most_alike(
    entries: QuerySet[SearchEntry],
    text: str,
    *,
    column: Column,
    most: int,
    least: float = ALIKE,
    among_few: bool = False,
) -> list[tuple[int, float]]:
    """Those of ``entries`` that are most like ``text``, as keys of things with how alike they are.

    Parameters
    ----------
    entries
        Of one kind, and of what a person may see.
    text
        What somebody is writing.
    column
        Whether titles are compared or whole texts.
    most, least
        How many at most, and how alike at least: 0 nothing in common, 1 every telling word.
    among_few
        Whether ``entries`` are few enough to compare each of them.
    """
    needles = needles_of(text)
    if not needles:
        return []
    total = sum(needle.weight for needle in needles if needle.weight == len(needle.part))
    key = F(f"{column}_key")
    score: Any = sum(
        (_worth(key, needle) for needle in needles), start=Value(0.0, output_field=FloatField())
    )
    if not among_few:
        telling = [needle.part for needle in indispensable(needles, least * total)]
        entries = entries.filter(has_any_part(telling, column))
    # What is less alike is left out here: asked of the database, it would compute each score twice.
    found = entries.annotate(score=score).order_by("-score", "-pk").values_list("key", "score")
    return [(key, min(score / total, 1.0)) for key, score in found[:most] if score >= least * total]


def indispensable(needles: list[Needle], least: float) -> list[Needle]:
    """The most telling needles: a text that has none of them reaches no ``least`` with all the others.

    >>> [each.part for each in indispensable([Needle("a", 4), Needle("b", 3), Needle("c", 2)], 4)]
    ['a', 'b']
    """
    rest = sum(needle.weight for needle in needles)
    found = []
    for needle in needles:
        if rest < least:
            break
        found.append(needle)
        rest -= needle.weight
    return found


def _worth(key: F, needle: Needle) -> Any:
    """A needle's weight where it stands in the text, else nothing."""
    # strpos and instr are several times as fast as LIKE.
    at = StrIndex(key, Value(needle.part))
    return Case(
        When(GreaterThan(at, Value(0)), then=Value(needle.weight)),
        default=Value(0.0),
        output_field=FloatField(),
    )


def did_you_mean(entries: QuerySet[SearchEntry], query: str) -> str:
    """The query with its mistyped words replaced by such as stand in titles; empty if there are none.

    A word that stands in no title gives way to the one of the titles that shares most trigrams with it.
    """
    words = query.split()
    better = [_known(entries, word) for word in words]
    return " ".join(better) if better != words else ""


def _known(entries: QuerySet[SearchEntry], typed: str) -> str:
    word = fold(typed)
    if len(word) < SHORTEST_TELLING or " " in word:
        return typed
    # Asked for one only, PostgreSQL would hope to meet it soon and read everything.
    if with_words(entries, [Wanted(word, stem(word))], "text")[:MOST_TITLES].count():
        return typed
    pieces = [Needle(piece, 1.0) for piece in sorted(trigrams(word)) if " " not in piece]
    score: Any = sum(
        (_worth(F("title_key"), piece) for piece in pieces),
        start=Value(0.0, output_field=FloatField()),
    )
    titles = (
        entries.filter(has_any_part(thirds(word), "title"))
        .annotate(score=score)
        .order_by("-score", "-pk")[:MOST_TITLES]
    )
    found = {other: entry for entry in titles for other in entry.title_key.split()}
    best = max(sorted(found), key=lambda other: alike(word, other), default="")
    return _as_written(found[best], best) if best and alike(word, best) >= MISTYPED else typed


def _as_written(entry: SearchEntry, word: str) -> str:
    """A folded word of an entry's title as it stands in the title itself."""
    [findable] = [each for each in findables() if each.kind == entry.kind]
    for row in findable.load([entry.key]).values():
        for written in re.findall(r"\w+", findable.describe(row).title):
            if fold(written) == word:
                return str(written)
    return word


def thirds(word: str) -> list[str]:
    """Beginning, middle and end, of three letters at least: of a word with one mistake, one of them is right.

    >>> thirds("gewerbestuer"), thirds("strase"), thirds("haus")
    (['gewe', 'rbes', 'tuer'], ['str', 'tra', 'ase'], ['hau', 'hau', 'aus'])
    """
    size = max(len(word) // 3, 3)
    middle = (len(word) - size) // 2
    return [word[:size], word[middle : middle + size], word[-size:]]


def trigrams(word: str) -> frozenset[str]:
    """All three letters in a row, with the word's edges.

    >>> sorted(trigrams("rat"))
    [' ra', 'at ', 'rat']
    """
    padded = f" {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def alike(one: str, other: str) -> float:
    """How many trigrams two words share (Dice): 0 none, 1 all.

    >>> round(alike("gewerbesteur", "gewerbestur"), 2)
    0.78
    """
    ours, theirs = trigrams(one), trigrams(other)
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))
