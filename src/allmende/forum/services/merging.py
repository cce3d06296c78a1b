"""Two concerns that ask the same become one: everything moves, nothing is lost.

Statements move with their votes, ballots and the reasons why they were shown. A municipality or a person
that takes part in both is one participant afterwards. Where a statement stands in both, word for word,
the one in the concern that stays is voted on further, and the other is its duplicate: votes on it count
for the one that stays; who has voted on both keeps both rows, and the later stand counts.

The order of locks is that of all services: chain, participants, drafts, votes, results.
"""

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.registry.models import Mandate

from ..models import (
    Ballot,
    Concern,
    ConcernState,
    Contribution,
    Draft,
    DraftKind,
    DraftState,
    Evidence,
    Participant,
    Presentation,
    Statement,
    StatementState,
    Support,
    Voices,
    Vote,
)
from ..queries import followers_of
from .errors import Conflict
from .results import request_result
from .sending import reach_quorum
from .turns import take_turn
from .way import advance
from .way_notices import tell_of_merging

if TYPE_CHECKING:
    from allmende.accounts.models import User

VOTED_ON = (StatementState.ACCEPTED, StatementState.PENDING)


@audited
def merge_concern(
    *,
    actor: "User",
    concern: Concern,
    into: Concern,
    reason: str,
    since: ConcernState,
    mandate: Mandate | None = None,
) -> None:
    """Let a draft or open concern go on in another open one, with all that it holds.

    Raises ``Conflict`` if one of them has gone on meanwhile, or their promises to voters differ.
    """
    concern.refresh_from_db()
    into.refresh_from_db()
    _check(concern, into)
    # Whoever takes part is asked for before she takes part elsewhere.
    people = list(followers_of(concern))
    take_turn(Participant.objects.filter(concern__in=(concern, into)).values_list("pk", flat=True))
    moved = _count(concern)
    _unite_participants(concern, into)
    _unite_statements(concern, into)
    _unite_supports(concern, into)
    Contribution.objects.filter(concern=concern).update(concern=into)
    advance(
        concern=concern,
        since=since,
        to=ConcernState.CLOSED,
        deed="forum.merge_concern",
        actor=actor,
        mandate=mandate,
        conflict=_("Das Anliegen ist inzwischen weitergegangen. Bitte sehen Sie nach."),
        reason=reason,
        changes={"merged_into": into, "closed_at": timezone.now()},
        into=into.slug,
        **moved,
    )
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.take_in_concern",
        obj=into,
        reason=reason,
        concern=concern.slug,
        **moved,
    )
    for voices in Voices:
        for each in (concern, into):
            if each.results.filter(voices=voices).exists() or _has_votes(each, voices):
                request_result(concern=each, voices=voices)
    tell_of_merging(concern, into=into, users=people, reason=reason)
    reach_quorum(concern=into)


def _check(concern: Concern, into: Concern) -> None:
    if concern.pk == into.pk or concern.is_example != into.is_example:
        raise ValueError("these two cannot be one")
    if concern.owner_id is None or into.owner_id is None:
        raise Conflict(_("Eingelesene Gespräche lassen sich nicht zusammenführen."))
    if not into.is_open:
        raise Conflict(
            _("„%(question)s“ ist nicht mehr offen. Bitte wählen Sie ein anderes Anliegen.")
            % {"question": into.question}
        )
    if concern.state == ConcernState.OPEN and concern.is_confidential != into.is_confidential:
        raise Conflict(
            _(
                "Nur eines der beiden ist vertraulich. Wer abgestimmt hat, verlässt sich darauf; darum "
                "lassen sie sich nicht zusammenführen."
            )
        )
    if _has_votes(concern, Voices.PERSONAL) and not into.takes_personal_voices:
        raise Conflict(
            _(
                "Hier haben auch Menschen für sich persönlich abgestimmt, und das andere Anliegen sammelt "
                "keine persönlichen Meinungen. Ihre Stimmen gingen verloren."
            )
        )


def _has_votes(concern: Concern, voices: Voices) -> bool:
    return Vote.objects.filter(statement__concern=concern, participant__voices=voices).exists()


def _count(concern: Concern) -> dict[str, Any]:
    """What moves, for the audit log."""
    return {
        "statements": concern.statements.count(),
        "votes": Vote.objects.filter(statement__concern=concern).count(),
        "supports": concern.supports.current().count(),
    }


def _unite_participants(concern: Concern, into: Concern) -> None:
    """Let all who take part in one take part in the other; who does in both goes on as there.

    That of both who was here stays as an empty participant, for the audit log. Nobody who is left behind
    without a name could be anybody's twin.
    """
    opening = concern.drafts.current().filter(kind=DraftKind.OPENING)
    opening.update(state=DraftState.WITHDRAWN, decided_at=timezone.now())
    drafts = concern.drafts.exclude(kind=DraftKind.OPENING)
    there = Participant.objects.filter(concern=into)
    concern.participants.exclude(
        Exists(there.filter(region=OuterRef("region")))
        | Exists(there.filter(user=OuterRef("user")))
    ).update(concern=into)
    # Whoever is left here has a twin there.
    for whose in ("region", "user"):
        here = Participant.objects.filter(pk=OuterRef(OuterRef("participant")))
        twin = there.filter(**{f"{whose}__in": here.values(whose)}).values("pk")[:1]
        left = {"participant__concern": concern, f"participant__{whose}__isnull": False}
        drafts.filter(**left).update(participant=Subquery(twin))
        for model in (Vote, Ballot, Presentation, Evidence):
            rows: QuerySet[Any] = model._default_manager.filter(**left)
            rows.update(participant=Subquery(twin))
        here = Participant.objects.filter(pk=OuterRef(OuterRef("author")))
        author = there.filter(**{f"{whose}__in": here.values(whose)}).values("pk")[:1]
        concern.statements.filter(
            **{"author__concern": concern, f"author__{whose}__isnull": False}
        ).update(author=Subquery(author))
    drafts.update(concern=into)


def _unite_statements(concern: Concern, into: Concern) -> None:
    """Move all statements; what stands there already, word for word, becomes a duplicate of that."""
    there = {_folded(each): each for each in into.statements.filter(state__in=VOTED_ON)}
    moving = list(concern.statements.all())
    concern.statements.update(concern=into)
    for statement in moving:
        twin = there.get(_folded(statement))
        if twin is None or statement.state not in VOTED_ON:
            continue
        if twin.state == StatementState.PENDING and statement.state == StatementState.ACCEPTED:
            _make_duplicate(twin, of=statement)
        else:
            _make_duplicate(statement, of=twin)


def _folded(statement: Statement) -> str:
    return " ".join(statement.text.split()).casefold()


def _make_duplicate(statement: Statement, *, of: Statement) -> None:
    """Say that a statement repeats another one, which takes over its votes."""
    Statement.objects.filter(duplicate_of=statement).update(duplicate_of=of)
    Statement.objects.filter(pk=statement.pk).update(
        state=StatementState.DUPLICATE, duplicate_of=of
    )
    _unite_drafts(statement, of)
    there = Vote.objects.filter(statement=of)
    here = {vote.participant_id: vote for vote in Vote.objects.filter(statement=statement)}
    for vote in there:
        later = here.get(vote.participant_id)
        if later is not None and later.cast_at > vote.cast_at:
            _repeat(later, vote)
    twice = list(there.values_list("participant", flat=True))
    for model in (Ballot, Vote):
        rows: QuerySet[Any] = model._default_manager.filter(statement=statement)
        rows.exclude(participant__in=twice).update(statement=of)


def _repeat(later: Vote, earlier: Vote) -> None:
    """Let the later stand on the same words count, and log it where it counts."""
    ballot = (
        Ballot.objects.filter(statement=later.statement_id, participant=later.participant_id)
        .order_by("-pk")
        .first()
    )
    Ballot.objects.create(
        statement_id=earlier.statement_id,
        participant_id=later.participant_id,
        stand=later.stand,
        level=ballot.level if ballot else later.level,
        cast_at=later.cast_at,
        cast_by=ballot.cast_by if ballot else None,
        mandate=ballot.mandate if ballot else None,
        answered_by=later.answered_by,
    )
    Vote.objects.filter(pk=earlier.pk).update(
        stand=later.stand,
        level=later.level,
        evidence=later.evidence_id,
        answered_by=later.answered_by_id,
        cast_at=later.cast_at,
    )


def _unite_drafts(statement: Statement, of: Statement) -> None:
    """Drafts of votes go along, unless the same municipality has one there already."""
    drafted = Draft.objects.current().filter(kind=DraftKind.VOTE)
    there = set(drafted.filter(statement=of).values_list("participant", flat=True))
    twice = drafted.filter(statement=statement, participant__in=there)
    twice.update(state=DraftState.WITHDRAWN, decided_at=timezone.now())
    drafted.filter(statement=statement).update(statement=of)


def _unite_supports(concern: Concern, into: Concern) -> None:
    """Who stands behind one stands behind the other; who stood behind both, once."""
    there = into.supports.current().values_list("organisation", flat=True)
    moving = concern.supports.current().exclude(organisation__in=list(there))
    Support.objects.filter(pk__in=list(moving.values_list("pk", flat=True))).update(concern=into)
