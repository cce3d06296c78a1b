"""Reading the summary of a concern, and what it said before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from allmende.audit.queries import history_of
from allmende.audit.words import tell

from ..models import Concern

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User


@dataclass(frozen=True)
class Wording:
    """What a summary said from then on, and who wrote it."""

    at: datetime
    who: str
    text: str


def summary_edition(summary: str) -> str:
    """Another one for each wording: who changes it says which she saw."""
    return sha256(summary.encode()).hexdigest()[:32]


def wordings_of(
    concern: Concern, *, reader: "User | AnonymousUser", most: int | None = None
) -> Iterator[Wording]:
    """The wordings of a concern's summary, newest first; all, or so many."""
    entries = history_of(concern).filter(deed="forum.summarise_concern")
    for line in tell(entries[:most], reader=reader):
        yield Wording(line.entry.at, line.who, str(line.entry.details.get("text", "")))
