"""Words in the index: the same question to FTS5's trigrams and to PostgreSQL's.

A word *as a whole* stands between spaces; as a *part*, anywhere, also within compounds.
"""

from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import Literal

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from .folding import Wanted

Column = Literal["title", "text"]


def has_words(words: Sequence[Wanted], column: Column, *, whole: bool) -> Q:
    """Entries in whose column all these words stand."""
    if connection.vendor == "postgresql":
        return _on_postgresql(words, column, whole=whole)
    needles = (
        f" {word.whole} " if whole or word.is_short else word.part for word in words
    )  # folded words hold letters and digits only: nothing to escape
    asked = " AND ".join(f'{column}_key : "{needle}"' for needle in needles)
    return _in_sqlite_index(asked)


def has_any_part(parts: Sequence[str], column: Column) -> Q:
    """Entries in whose column at least one of these parts stands; each has three letters or more."""
    if connection.vendor == "postgresql":
        return reduce(Q.__or__, (Q(**{f"{column}_key__contains": part}) for part in parts))
    return _in_sqlite_index(" OR ".join(f'{column}_key : "{part}"' for part in parts))


def _in_sqlite_index(asked: str) -> Q:
    rows = RawSQL("SELECT rowid FROM portal_searchindex WHERE portal_searchindex MATCH %s", [asked])
    return Q(pk__in=rows)


def _on_postgresql(words: Sequence[Wanted], column: Column, *, whole: bool) -> Q:
    as_whole = [word.whole for word in words if whole or word.is_short]
    as_part = [word.part for word in words if not (whole or word.is_short)]
    asked = [Q(**{f"{column}_key__contains": part}) for part in as_part]
    if as_whole:
        # A phrase is its words one after the other.
        query = " & ".join(f"({' <-> '.join(each.split())})" for each in as_whole)
        found = RawSQL(  # noqa: S611  the column is one of two, the question a parameter
            f"portal_searchentry.{column}_words @@ to_tsquery('simple', %s)",
            [query],
            output_field=BooleanField(),
        )
        asked.append(Q(found))
    return reduce(and_, asked)
