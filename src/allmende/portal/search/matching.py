"""Words in the index: the same question to FTS5's trigrams and to PostgreSQL's.

A word *as a whole* stands between spaces; as a *part*, anywhere, also within compounds.
"""

from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import Literal

from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from ..models import SearchEntry
from .folding import Wanted

Column = Literal["title", "text"]
# SQLite reads the texts of so few entries faster than it looks up each that its trigrams name.
FEW = 10_000


def are_few(entries: QuerySet[SearchEntry]) -> bool:
    """Whether all of these are better read than looked up; PostgreSQL decides that by itself."""
    return connection.vendor != "postgresql" and entries.order_by()[:FEW].count() < FEW


def with_words(
    entries: QuerySet[SearchEntry],
    words: Sequence[Wanted],
    column: Column,
    *,
    among_few: bool = False,
) -> QuerySet[SearchEntry]:
    """Those of ``entries`` in whose column all these words stand, newest first.

    Take a slice: both databases stop reading as soon as they have it. ``among_few``: what ``are_few`` said.
    """
    if among_few:
        # An expression, or SQLite would go through the whole table for the sake of the order.
        return entries.filter(has_all(words, column, whole=False)).order_by(-F("pk"))
    needles = [_needle(word, whole=False) for word in words]
    if connection.vendor == "postgresql":
        # Its planner knows how frequent a word is, and reads either trigrams or the newest entries.
        asked = (Q(**{f"{column}_key__contains": needle}) for needle in needles)
        return entries.filter(reduce(and_, asked)).order_by("-pk")
    # Folded words hold letters and digits only: nothing to escape.
    every = " AND ".join(f'"{needle}"' for needle in needles)
    # As a join, and ordered by the virtual table, it is read from its end; a subquery would be read whole.
    # The plus keeps SQLite from asking it about one row after the other.
    return entries.extra(
        tables=["portal_searchindex"],
        where=[
            "portal_searchindex MATCH %s",
            "portal_searchentry.id = +portal_searchindex.rowid",
        ],
        params=[f"{column}_key : ({every})"],
        order_by=["-portal_searchindex.rowid"],
    )


def has_all(words: Sequence[Wanted], column: Column, *, whole: bool) -> Q:
    """Whether all these words stand in an entry's column: for entries that are at hand, without an index."""
    key = F(f"{column}_key")
    return reduce(
        and_,
        (
            Q(GreaterThan(StrIndex(key, Value(_needle(word, whole=whole))), Value(0)))
            for word in words
        ),
    )


def has_any_part(parts: Sequence[str], column: Column) -> Q:
    """Entries in whose column at least one of these parts stands; each has three letters or more."""
    if connection.vendor == "postgresql":
        return reduce(Q.__or__, (Q(**{f"{column}_key__contains": part}) for part in parts))
    asked = " OR ".join(f'{column}_key : "{part}"' for part in parts)
    rows = RawSQL("SELECT rowid FROM portal_searchindex WHERE portal_searchindex MATCH %s", [asked])
    return Q(pk__in=rows)


def _needle(word: Wanted, *, whole: bool) -> str:
    return f" {word.whole} " if whole or word.is_short else word.part
