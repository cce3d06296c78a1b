"""Entries in words of the reader's language, for those who may know who acted and for those who may not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import rules
from django.utils.translation import gettext as _

from allmende.portal.offers import all_offers

from .models import Entry

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django_stubs_ext import StrOrPromise

    from allmende.accounts.models import User


@cache
def deed_words() -> "dict[str, StrOrPromise]":
    """Each deed as a sentence, as the app that does it says it."""
    return {deed: words for offer in all_offers() for deed, words in offer.deeds.items()}


@cache
def kind_words() -> "dict[str, StrOrPromise]":
    """Each kind of object in a word."""
    return {kind: word for offer in all_offers() for kind, word in offer.kinds.items()}


@dataclass(frozen=True)
class Line:
    """One entry as a reader gets to see it."""

    entry: Entry
    who: str  # where the system itself acted by which rule, or empty
    what: str

    @property
    def about(self) -> str:
        """The object: „Anliegen „Wie schützt der Bund …?““, „Konto 12“."""
        kind = str(kind_words().get(self.entry.object_kind, self.entry.object_kind))
        name = self.entry.object_name
        return (
            name
            if name.startswith(kind)
            else _("%(kind)s „%(name)s“") % {"kind": kind, "name": name}
        )


def tell(entries: Iterable[Entry], *, reader: "User | AnonymousUser") -> Iterator[Line]:
    """Entries for a reader: with names where she may know them, else in which capacity somebody acted.

    Operators know everybody, and everybody knows who acts for the same organisation.
    """
    knows_all = rules.has_perm("accounts.operate", reader)
    known = set() if knows_all or not reader.is_authenticated else _people_known_to(reader)
    words = deed_words()
    for entry in entries:
        may_know = knows_all or entry.actor_id in known
        yield Line(
            entry=entry,
            who=_named(entry) if may_know else _unnamed(entry),
            what=str(words.get(entry.deed, entry.deed)),
        )


def _people_known_to(reader: "User") -> set[int]:
    return {reader.pk}.union(*(offer.knows(reader) for offer in all_offers()))


def _named(entry: Entry) -> str:
    if entry.actor_id is None:
        return entry.capacity
    name = (
        str(entry.actor)
        if entry.actor
        else _("Konto %(number)s (gelöscht)") % {"number": entry.actor_id}
    )
    return f"{name}, {entry.capacity}" if entry.capacity else name


def _unnamed(entry: Entry) -> str:
    if entry.actor_id is None:
        return entry.capacity
    return entry.capacity or _("eine Person mit Konto")
