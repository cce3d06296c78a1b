"""Reading what results are computed from, and what their pages show beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet
from django.utils.crypto import salted_hmac

from allmende.registry.queries import frame_counts, laender

from ..models import Concern, Participant, Result, Statement, StatementState, Voices, Vote

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from allmende.algorithms.opinion.votes import Votes
    from allmende.algorithms.opinion.weights import Strata


@dataclass(frozen=True)
class Member:
    """A participant as figures need it; Land, size class and population only of municipalities."""

    pk: int
    key: str
    name: str
    land: str
    size_class: int
    population: int


def key_of(participant_pk: int, ars: str | None) -> str:
    """How a stored document names a participant: a municipality by its key, a person by nothing.

    The second is the same at every recomputation, so that a person can find herself on the map, but
    says nothing to those who do not hold the installation's secret.
    """
    if ars:
        return ars
    return salted_hmac("allmende.forum.participant", str(participant_pk)).hexdigest()[:16]


def members_of(*, concern_id: int, voices: Voices) -> list[Member]:
    """All participants of one kind."""
    rows = (
        Participant.objects.filter(concern_id=concern_id, voices=voices)
        .order_by("pk")
        .values_list(
            "pk",
            "region__ars",
            "region__name",
            "region__land",
            "region__size_class",
            "region__population",
        )
    )
    return [
        Member(pk, key_of(pk, ars), name or "", land or "", size_class or 0, population or 0)
        for pk, ars, name, land, size_class, population in rows
    ]


def accepted_votes(*, concern_id: int, voices: Voices) -> QuerySet[Vote]:
    """The votes that count: of one kind of participants, on statements that were accepted."""
    return Vote.objects.filter(
        participant__concern_id=concern_id,
        participant__voices=voices,
        statement__concern_id=concern_id,
        statement__state=StatementState.ACCEPTED,
    ).order_by()


@dataclass(frozen=True)
class VotesRead:
    """What ``algorithms.opinion`` takes: votes, strata, and when each vote was cast if that is known.

    ``own`` and ``times`` leave out what agents answered for members: that these are alike is declared.
    """

    votes: "Votes"
    strata: "Strata | None"
    own: "Votes"
    times: "NDArray[np.float64] | None"


def read_votes(result: Result) -> VotesRead:
    """Votes of one kind of voices as arrays.

    Only who has voted is among the participants. The frame is all municipalities of today, for example
    concerns all invented ones: an invented municipality stands for no real one. Personal voices have no
    frame, since nobody knows of how many they are a part.
    """
    import numpy as np

    from allmende.algorithms.opinion.coordination import latest_times
    from allmende.algorithms.opinion.votes import votes_from_codes

    voices = Voices(result.voices)
    # Votes before participants and statements: what is added in between is then left out as a whole.
    rows = list(
        accepted_votes(concern_id=result.concern_id, voices=voices).values_list(
            "participant_id", "statement_id", "stand", "cast_at", "answered_by"
        )
    )
    members = {m.pk: m for m in members_of(concern_id=result.concern_id, voices=voices)}
    rows = [row for row in rows if row[0] in members]
    log = np.array([row[:3] for row in rows], dtype=np.int64).reshape(-1, 3)
    cast_at = np.array([row[3].timestamp() for row in rows], dtype=np.float64)
    voters = [members[pk] for pk in np.unique(log[:, 0]).tolist()]
    voters.sort(key=lambda member: member.key)
    statements = sorted({str(pk) for pk in np.unique(log[:, 1]).tolist()})
    who = _positions([member.pk for member in voters], log[:, 0])
    what = _positions([int(pk) for pk in statements], log[:, 1])
    keys = np.array([member.key for member in voters], dtype=np.str_)

    def votes_where(chosen: "NDArray[np.bool_]") -> "Votes":
        return votes_from_codes(
            participants=keys,
            statements=np.array(statements, dtype=np.str_),
            rows=who[chosen],
            columns=what[chosen],
            values=log[chosen, 2],
        )

    is_own = np.array([row[4] is None for row in rows], dtype=np.bool_)
    votes = votes_where(np.ones(len(rows), dtype=np.bool_))
    own = votes if is_own.all() else votes_where(is_own)
    return VotesRead(
        votes=votes,
        strata=_strata(voters, example=result.concern.is_example)
        if voices == Voices.OFFICIAL
        else None,
        # A file without times gives all votes the moment of its import.
        own=own,
        times=latest_times(own, rows=who[is_own], columns=what[is_own], times=cast_at[is_own])
        if len(np.unique(cast_at)) > 1
        else None,
    )


def _positions(known: list[int], values: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """The position in ``known`` of each of ``values``."""
    import numpy as np

    codes = np.array(known, dtype=np.int64)
    order = np.argsort(codes)
    return order[np.searchsorted(codes, values, sorter=order)]


def _strata(voters: Sequence[Member], *, example: bool) -> "Strata":
    from allmende.algorithms.opinion.weights import make_strata

    lands = [member.land for member in voters]
    sizes = [str(member.size_class) for member in voters]
    populations = [float(member.population) for member in voters]
    by_land, by_size = frame_totals(example=example)
    try:
        return make_strata(
            lands,
            populations,
            size_classes=sizes,
            land_totals=by_land,
            size_totals={str(size): count for size, count in by_size.items()},
        )
    except ValueError:
        # Who takes part stands outside the frame (dissolved since, or no register was read): then
        # nobody is weighted up and no interval profits from a finite whole.
        return make_strata(lands, populations, size_classes=sizes)


def frame_totals(*, example: bool) -> tuple[dict[str, int], dict[int, int]]:
    """How many municipalities there are by Land and by size class."""
    by_land: dict[str, int] = {}
    by_size: dict[int, int] = {}
    for cell in frame_counts(invented=example):
        by_land[cell.land] = by_land.get(cell.land, 0) + cell.municipalities
        by_size[cell.size_class] = by_size.get(cell.size_class, 0) + cell.municipalities
    return by_land, by_size


def whole_of(*, example: bool, land: str, size_class: int | None) -> int:
    """How many municipalities there are in a Land, a size class or both."""
    return sum(
        cell.municipalities
        for cell in frame_counts(invented=example)
        if land in {"", cell.land} and size_class in {None, cell.size_class}
    )


def get_result(*, concern: Concern, voices: Voices) -> Result | None:
    """The stored result without its documents, which pages take from memory where they can."""
    return Result.objects.filter(concern=concern, voices=voices).defer("document", "counts").first()


def kinds_of_voices(concern: Concern) -> list[Voices]:
    """Which kinds of participants there are or may be in a concern, official ones first."""
    there = set(concern.participants.order_by().values_list("voices", flat=True).distinct())
    if concern.owner_id is not None or not there:
        there.add(Voices.OFFICIAL)
    if concern.takes_personal_voices:
        there.add(Voices.PERSONAL)
    return [voices for voices in Voices if voices in there]


def lands() -> dict[str, str]:
    """The names of the Länder by key."""
    return dict(laender().values_list("land", "name"))


def votes_by_statement(participant: Participant) -> dict[int, int]:
    """Where one participant stands, by statement number."""
    return dict(
        Vote.objects.filter(
            participant=participant, statement__state=StatementState.ACCEPTED
        ).values_list("statement_id", "stand")
    )


def levels_of(concern: Concern) -> dict[int, dict[str, int]]:
    """How many votes of each official participant are of which level; "" where nobody has said."""
    levels: dict[int, dict[str, int]] = {}
    rows = (
        accepted_votes(concern_id=concern.pk, voices=Voices.OFFICIAL)
        .values_list("participant", "level")
        .annotate(votes=Count("pk"))
    )
    for participant, level, votes in rows:
        levels.setdefault(participant, {})[level] = votes
    return levels


def answered_by(concern: Concern) -> dict[int, dict[str, int]]:
    """How many votes of each official participant which agent gave, in Vollmacht; by the agent's name."""
    answered: dict[int, dict[str, int]] = {}
    rows = (
        accepted_votes(concern_id=concern.pk, voices=Voices.OFFICIAL)
        .filter(answered_by__isnull=False)
        .values_list("participant", "answered_by__name")
        .annotate(votes=Count("pk"))
    )
    for participant, agent, votes in rows:
        answered.setdefault(participant, {})[agent] = votes
    return answered


def texts_of(concern: Concern) -> dict[int, str]:
    """The accepted statements of a concern, by number, in the order in which they were written."""
    accepted = Statement.objects.filter(concern=concern, state=StatementState.ACCEPTED)
    return dict(accepted.values_list("pk", "text"))


def contributions_by_statement(concern: Concern) -> dict[int, int]:
    """How many contributions there are to each statement of a concern that has any."""
    said = concern.contributions.current().filter(statement__isnull=False).order_by()
    return dict(said.values_list("statement").annotate(n=Count("pk")))


def waiting_count(concern: Concern) -> int:
    """How many statements wait for a decision."""
    return concern.statements.filter(state=StatementState.PENDING).count()
