"""Answering for members (in Vollmacht): for whom a person may do that, and what is left to answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, DateTimeField, F, OuterRef, Q, QuerySet
from django.utils import timezone

from allmende.portal.prepared import PreparedRows, slot, slots
from allmende.registry.models import (
    Organisation,
    Proxy,
    ProxyQuerySet,
    Region,
    RegionQuerySet,
)

from ..models import Concern, Participant, Statement, StatementState, Voices, Vote
from .concerns import count_of
from .mandates import Voice, agent_mandates

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


def proxies_in(concern: Concern) -> ProxyQuerySet:
    """The powers that hold in a concern today; none where it has no topic area."""
    held = Proxy.objects.current().filter(member__is_example=concern.is_example)
    return held.filter(topic=concern.topic) if concern.topic else held.none()


def members_in(concern: Concern, agent: Organisation) -> RegionQuerySet:
    """The municipalities for which an agent may answer in a concern, by name."""
    held = proxies_in(concern).filter(agent=agent)
    return Region.objects.filter(organisation__in=held.values("member")).order_by("name", "ars")


def agent_voices(*, user: "Person", concern: Concern) -> list[Voice]:
    """For each organisation of a person, the voice of all its members together."""
    mandates = agent_mandates(user)
    if not mandates or not user.is_authenticated:
        return []
    held = proxies_in(concern).filter(agent__in=[m.organisation_id for m in mandates])
    counted = dict(held.order_by().values_list("agent").annotate(members=Count("pk")))
    return [
        Voice(user, None, mandate, mandate.organisation, counted[mandate.organisation_id])
        for mandate in mandates
        if mandate.organisation_id in counted
    ]


def agent_voice(*, user: "Person", concern: Concern, key: str) -> Voice | None:
    """The voice of all members or of one, by its key; None if she has none (any more)."""
    slug, _, ars = key.partition(".")
    for voice in agent_voices(user=user, concern=concern):
        if voice.agent is None or (slug and voice.agent.slug != slug):
            continue
        if not ars:
            return voice
        region = members_in(concern, voice.agent).filter(ars=ars).first()
        return Voice(voice.user, region, voice.mandate, voice.agent) if region else None
    return None


def members_behind(*, concern: Concern, voice: Voice) -> RegionQuerySet:
    """Whom somebody answers for with this voice."""
    assert voice.agent is not None  # noqa: S101  for the type checker
    members = members_in(concern, voice.agent)
    return members.filter(pk=voice.region.pk) if voice.region else members


@dataclass(frozen=True)
class Left:
    """What is left to answer for members, statement by statement."""

    total: int  # accepted statements
    next: Statement | None  # that on which most of them have said nothing
    done: int  # statements that all of them have answered

    @property
    def left(self) -> int:
        return self.total - self.done


def left_to_answer(*, concern: Concern, members: RegionQuerySet, count: int) -> Left:
    """What ``count`` members have not answered, neither themselves nor through somebody."""
    takers = Participant.objects.filter(concern=concern, region__in=members.order_by().values("pk"))
    answered = dict(
        Vote.objects.filter(participant__in=takers, statement__state=StatementState.ACCEPTED)
        .order_by()
        .values_list("statement")
        .annotate(votes=Count("pk"))
    )
    statements = list(
        concern.statements.filter(state=StatementState.ACCEPTED).select_related("author__region")
    )
    open_ = [each for each in statements if answered.get(each.pk, 0) < count]
    return Left(
        total=len(statements),
        next=min(open_, key=lambda each: (answered.get(each.pk, 0), each.pk), default=None),
        done=len(statements) - len(open_),
    )


@dataclass(frozen=True)
class Said:
    """What members have said on one statement: themselves, through this agent, through another."""

    own: int
    ours: int
    others: int


def said_on(*, statement: Statement, members: RegionQuerySet, agent: Organisation) -> Said:
    """Who has answered a statement among members."""
    votes = Vote.objects.filter(
        statement=statement,
        participant__concern=statement.concern_id,
        participant__region__in=members.order_by().values("pk"),
    )
    return Said(
        **votes.aggregate(
            own=Count("pk", filter=Q(answered_by=None)),
            ours=Count("pk", filter=Q(answered_by=agent)),
            others=Count("pk", filter=~Q(answered_by=None) & ~Q(answered_by=agent)),
        )
    )


def with_answers(
    members: RegionQuerySet, *, concern: Concern, agent: Organisation
) -> QuerySet[Region]:
    """Members with ``own_votes`` and ``votes_by_agent``: how many statements who has answered."""
    votes = Vote.objects.filter(
        participant__concern=concern,
        participant__region=OuterRef("pk"),
        statement__state=StatementState.ACCEPTED,
    ).order_by()
    return members.annotate(
        own_votes=count_of(votes.filter(answered_by=None).values("participant__concern")),
        votes_by_agent=count_of(votes.filter(answered_by=agent).values("participant__concern")),
    )


@dataclass(frozen=True)
class Answered:
    """Answers that an agent has given for a municipality and that it has not made its own."""

    concern: Concern
    region: int
    agent: str
    votes: int


_answered = PreparedRows(
    lambda: (
        Vote.objects.filter(
            participant__voices=Voices.OFFICIAL,
            participant__region__pk__among=slots("regions"),
            participant__concern__in=Concern.objects.open(slot("now", DateTimeField())),
            statement__state=StatementState.ACCEPTED,
            answered_by__isnull=False,
        )
        .order_by("participant__concern__deadline", "participant__region", "answered_by__name")
        .values_list("participant__concern", "participant__region", "answered_by__name")
        .annotate(votes=Count("pk"))
    )
)


def answered_for(regions: Iterable[Region]) -> list[Answered]:
    """What agents have answered for these municipalities in concerns that are open."""
    rows = _answered(regions=[region.pk for region in regions], now=timezone.now())
    concerns = Concern.objects.in_bulk({row[0] for row in rows})
    return [Answered(concerns[row[0]], *row[1:]) for row in rows]


@dataclass(frozen=True)
class ToAnswer:
    """A concern in which an agent may answer for members that have not answered everything."""

    concern: Concern
    agent: Organisation
    members: int


def concerns_to_answer(user: "User", concerns: Iterable[Concern]) -> list[ToAnswer]:
    """Where a person may answer for members of her organisations, and something is left.

    ``concerns`` are open and have their ``statement_count``.
    """
    agents = {m.organisation_id: m.organisation for m in agent_mandates(user)}
    if not agents:
        return []
    held = Proxy.objects.current().filter(agent__in=agents)
    members = {
        (agent, topic, example): count
        for agent, topic, example, count in held.order_by()
        .values_list("agent", "topic", "member__is_example")
        .annotate(count=Count("pk"))
    }
    by_concern = {concern.pk: concern for concern in concerns}
    votes: dict[tuple[int, int], int] = {}
    for agent in agents:
        rows = (
            Vote.objects.filter(
                participant__concern__in=by_concern,
                participant__voices=Voices.OFFICIAL,
                statement__state=StatementState.ACCEPTED,
                participant__region__organisation__proxies_given__in=held.filter(agent=agent),
                participant__concern__topic=F(
                    "participant__region__organisation__proxies_given__topic"
                ),
            )
            .order_by()
            .values_list("participant__concern")
            .annotate(count=Count("pk"))
        )
        votes |= {(agent, concern): count for concern, count in rows}
    return [
        ToAnswer(concern, organisation, count)
        for concern in by_concern.values()
        for agent, organisation in agents.items()
        if (count := members.get((agent, concern.topic, concern.is_example), 0))
        and votes.get((agent, concern.pk), 0) < count * concern.statement_count
    ]
