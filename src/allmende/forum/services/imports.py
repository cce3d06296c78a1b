"""A conversation that was held elsewhere becomes a concern.

Its voters are personal participants that nobody can sign in as; its log of votes becomes our log of
ballots, and the last vote of each pair the vote. Importing the same export again changes nothing, a
newer export of the same conversation adds what is new. Conversations are told apart by the name of
their folder; one that has the name of another is refused rather than mixed with it.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.text import slugify

from allmende.audit.queries import keys_of
from allmende.audit.services import audited, record

from ..models import (
    Ballot,
    Concern,
    ConcernState,
    Participant,
    Statement,
    StatementState,
    Voices,
    Vote,
)
from .concerns import TAKEN
from .errors import Conflict

if TYPE_CHECKING:
    from allmende.accounts.models import User
    from allmende.formats.polis_export import ExportedStatement, PolisExport

BATCH = 2_000
OPEN_FOR = timedelta(weeks=6)
LONGEST_ID = 60
REJECTED = "Im ursprünglichen Gespräch abgelehnt."
META = "Im ursprünglichen Gespräch als Angabe zur Person gekennzeichnet, nicht als Meinung."


@dataclass(frozen=True)
class ImportedConversation:
    """What an import has added; all 0 if everything was there already."""

    concern: Concern
    is_new: bool
    participants: int
    statements: int
    votes: int
    changed: int


@audited
def import_conversation(
    *, actor: "User | None", export: "PolisExport", stays_open: bool = False
) -> ImportedConversation:
    """Make a concern of an exported conversation, or bring the one up to date that it became.

    It is closed unless ``stays_open``. Nothing is changed if anything goes wrong. Raises ``Conflict`` if
    another conversation was imported under the same name.
    """
    concern, is_new = _concern(export, stays_open=stays_open)
    if not is_new and export.url and export.url not in concern.source:
        raise _another(export)
    voters, new_participants = _participants(concern, export)
    numbers, new_statements = _statements(concern, export, voters)
    log = _log(export, voters, numbers)
    if not _holds_all_votes(concern, log):
        raise _another(export)
    votes, changed = _votes(concern, log)
    _ballots(concern, log)
    done = ImportedConversation(concern, is_new, new_participants, new_statements, votes, changed)
    if is_new or new_participants or new_statements or votes or changed:
        record(
            actor=actor,
            deed="forum.import_conversation",
            obj=concern,
            name=export.name,
            sha256=export.sha256,
            participants=new_participants,
            statements=new_statements,
            votes=votes,
            changed=changed,
        )
    return done


def _concern(export: "PolisExport", *, stays_open: bool) -> tuple[Concern, bool]:
    now = timezone.now()
    moments = _moments(export)
    first, last = min(moments, default=now), max(moments, default=now)
    slug = slugify(export.name.replace(".", "-"))[:70]
    if slug in TAKEN:
        slug = f"gespraech-{slug}".rstrip("-")
    if Concern.objects.filter(slug=slug, source="").exists():
        slug = f"{slug}-eingelesen"
    source = "\n\n".join(part for part in (export.notice, export.url) if part)
    return Concern.objects.get_or_create(
        slug=slug,
        defaults={
            "question": (export.topic or export.name)[:200],
            "background": export.description[:10_000],
            "state": ConcernState.OPEN if stays_open else ConcernState.CLOSED,
            "opened_at": first,
            "deadline": now + OPEN_FOR if stays_open else last,
            "takes_personal_voices": True,
            "source": source or f"Eingelesen aus „{export.name}“.",
        },
    )


def _another(export: "PolisExport") -> Conflict:
    return Conflict(
        f"Unter dem Namen „{export.name}“ ist schon ein anderes Gespräch eingelesen. "
        "Bitte geben Sie dem Ordner oder der Datei einen anderen Namen."
    )


def _holds_all_votes(concern: Concern, log: Iterable["Entry"]) -> bool:
    """Whether the log holds what was imported before, as every newer export of it does."""
    pairs = {(entry.participant, entry.statement) for entry in log}
    stored = Vote.objects.filter(statement__concern=concern).exclude(participant__imported_as="")
    return pairs.issuperset(stored.values_list("participant_id", "statement_id"))


def _moments(export: "PolisExport") -> list[datetime]:
    """When the first and the last vote were cast."""
    if export.timestamp is None or not len(export.timestamp):
        return []
    return [_moment(int(export.timestamp.min())), _moment(int(export.timestamp.max()))]


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)


def _short(identifier: str) -> str:
    if len(identifier) <= LONGEST_ID:
        return identifier
    return hashlib.sha256(identifier.encode()).hexdigest()[:LONGEST_ID]


def _participants(concern: Concern, export: "PolisExport") -> tuple[dict[str, int], int]:
    """The number of each voter and author, and how many of them are new."""
    authors = {statement.author for statement in export.statements if statement.author}
    wanted = {_short(name) for name in {*export.voters.tolist(), *authors}}
    known = concern.participants.exclude(imported_as="")
    missing = sorted(wanted - set(known.values_list("imported_as", flat=True)))
    Participant.objects.bulk_create(
        [
            Participant(concern=concern, voices=Voices.PERSONAL, imported_as=name)
            for name in missing
        ],
        batch_size=BATCH,
    )
    return dict(known.values_list("imported_as", "pk")), len(missing)


def _statements(
    concern: Concern, export: "PolisExport", voters: dict[str, int]
) -> tuple[dict[str, int], int]:
    """The number of each statement by its old name, and how many are new."""
    known = Statement.objects.filter(concern=concern).exclude(imported_as="")
    existing = {statement.imported_as: statement for statement in known}
    decided = any(statement.moderation == 1 for statement in export.statements)
    now = timezone.now()
    wanted = [
        _statement(concern, each, voters, decided=decided, now=now) for each in export.statements
    ]
    named = {statement.imported_as for statement in wanted}
    wanted += [
        Statement(
            concern=concern,
            imported_as=name,
            text=f"Aussage {name}",
            state=StatementState.ACCEPTED,
            created_at=now,
        )
        for name in map(_short, export.comments.tolist())
        if name not in named
    ]
    new = [statement for statement in wanted if statement.imported_as not in existing]
    Statement.objects.bulk_create(new, batch_size=BATCH)
    # What was decided here counts for more than what the export says of it.
    decided_here = keys_of(Statement, deed="forum.decide_statement")
    changed = [
        old
        for statement in wanted
        if (old := existing.get(statement.imported_as))
        and str(old.pk) not in decided_here
        and _differs(old, statement)
    ]
    Statement.objects.bulk_update(changed, ("text", "state", "reason"), batch_size=BATCH)
    return dict(known.values_list("imported_as", "pk")), len(new)


def _differs(old: Statement, new: Statement) -> bool:
    """Take over what the export says now; return whether that changed anything."""
    before = (old.text, old.state, old.reason)
    old.text, old.state, old.reason = new.text, new.state, new.reason
    return before != (old.text, old.state, old.reason)


def _statement(
    concern: Concern,
    exported: "ExportedStatement",
    voters: dict[str, int],
    *,
    decided: bool,
    now: datetime,
) -> Statement:
    """One statement; where nobody has moderated at all, everything counts as accepted."""
    state, reason = StatementState.ACCEPTED, ""
    if exported.is_meta:
        state, reason = StatementState.REJECTED, META
    elif exported.moderation == -1:
        state, reason = StatementState.REJECTED, REJECTED
    elif exported.moderation == 0 and decided:
        state = StatementState.PENDING
    return Statement(
        concern=concern,
        author_id=voters.get(_short(exported.author)),
        text=exported.text,
        state=state,
        reason=reason,
        created_at=now if exported.created is None else _moment(exported.created),
        imported_as=_short(exported.id),
    )


@dataclass(frozen=True)
class Entry:
    """One line of the log of votes."""

    participant: int
    statement: int
    stand: int
    at: datetime


def _log(export: "PolisExport", voters: dict[str, int], numbers: dict[str, int]) -> list[Entry]:
    """The log in the order in which votes were cast, with our numbers."""
    who = [voters[_short(name)] for name in export.voters.tolist()]
    what = [numbers[_short(name)] for name in export.comments.tolist()]
    voted = zip(export.voter.tolist(), export.comment.tolist(), export.vote.tolist(), strict=True)
    if export.timestamp is None:
        now = timezone.now()
        return [Entry(who[p], what[s], stand, now) for p, s, stand in voted]
    entries = [
        Entry(who[p], what[s], stand, _moment(at))
        for (p, s, stand), at in zip(voted, export.timestamp.tolist(), strict=True)
    ]
    entries.sort(key=lambda entry: entry.at)
    return entries


def _votes(concern: Concern, log: Iterable[Entry]) -> tuple[int, int]:
    """Make each pair's last entry its vote; return how many are new and how many changed."""
    last = {(entry.participant, entry.statement): entry for entry in log}
    stored = {
        (vote.participant_id, vote.statement_id): vote
        for vote in Vote.objects.filter(statement__concern=concern)
    }
    Vote.objects.bulk_create(
        [
            Vote(participant_id=p, statement_id=s, stand=entry.stand, cast_at=entry.at)
            for (p, s), entry in last.items()
            if (p, s) not in stored
        ],
        batch_size=BATCH,
    )
    changed = []
    for pair, entry in last.items():
        vote = stored.get(pair)
        if vote is not None and vote.stand != entry.stand:
            vote.stand, vote.cast_at = entry.stand, entry.at
            changed.append(vote)
    Vote.objects.bulk_update(changed, ("stand", "cast_at"), batch_size=BATCH)
    return sum(pair not in stored for pair in last), len(changed)


def _ballots(concern: Concern, log: Iterable[Entry]) -> None:
    """Add the entries that each pair has more than before: a log only ever grows."""
    there = Counter(
        Ballot.objects.filter(statement__concern=concern).values_list(
            "participant_id", "statement_id"
        )
    )
    seen: dict[tuple[int, int], int] = defaultdict(int)
    new = []
    for entry in log:
        pair = entry.participant, entry.statement
        seen[pair] += 1
        if seen[pair] > there[pair]:
            new.append(
                Ballot(
                    participant_id=entry.participant,
                    statement_id=entry.statement,
                    stand=entry.stand,
                    cast_at=entry.at,
                )
            )
    Ballot.objects.bulk_create(new, batch_size=BATCH)
