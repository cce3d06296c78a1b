"""Reading who may answer for whom (Vollmachten)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from django.db.models import QuerySet

from ..models import (
    AGENT_KINDS,
    Organisation,
    OrganisationKind,
    OrganisationQuerySet,
    Proxy,
    ProxyQuerySet,
    Topic,
)
from .organisations import get_organisation, search_organisations


class Pair(NamedTuple):
    """A member, and who answers for it or might."""

    member: Organisation
    agent: Organisation


def get_pair(slug: str, agent: str) -> Pair:
    """Two organisations by their addresses."""
    return Pair(get_organisation(slug), get_organisation(agent))


def get_agent(slug: str) -> Organisation:
    """An organisation of a kind that can answer for members."""
    return Organisation.objects.select_related("region").get(slug=slug, kind__in=AGENT_KINDS)


def possible_agents(member: Organisation) -> OrganisationQuerySet:
    """All who may be empowered by a member: real ones by real ones, invented by invented ones."""
    if member.kind != OrganisationKind.MUNICIPALITY:
        return Organisation.objects.none()
    return (
        Organisation.objects.current()
        .filter(kind__in=AGENT_KINDS, is_example=member.is_example)
        .exclude(pk=member.pk)
        .select_related("region")
    )


def find_agents(member: Organisation, words: str) -> OrganisationQuerySet:
    """Possible agents whose name has all these words; none without words."""
    if not words.strip():
        return Organisation.objects.none()
    found = search_organisations(words).values("pk")
    return possible_agents(member).filter(pk__in=found).order_by("search_key", "pk")


@dataclass(frozen=True)
class Power:
    """All that one agent may answer for a member."""

    agent: Organisation
    proxies: list[Proxy]

    @property
    def topics(self) -> list[str]:
        """Its topic areas in words."""
        return [proxy.get_topic_display() for proxy in self.proxies]

    @property
    def since(self) -> datetime:
        """When the oldest of them was granted."""
        return min(proxy.granted_at for proxy in self.proxies)


def powers_given_by(member: Organisation) -> list[Power]:
    """Who may answer for a member today, by name, topics in their usual order."""
    given = Proxy.objects.current().filter(member=member).select_related("agent__region")
    return [
        Power(agent, _in_order(proxies))
        for agent, proxies in groupby(
            given.order_by("agent__name", "agent"), key=lambda proxy: proxy.agent
        )
    ]


def _in_order(proxies: Iterable[Proxy]) -> list[Proxy]:
    order = list(Topic.values)
    return sorted(proxies, key=lambda proxy: order.index(proxy.topic))


def topics_given(pair: Pair) -> frozenset[Topic]:
    """The topic areas in which an agent may answer for a member today."""
    given = Proxy.objects.current().filter(member=pair.member, agent=pair.agent)
    return frozenset(Topic(topic) for topic in given.values_list("topic", flat=True))


def revoked_proxies(member: Organisation) -> QuerySet[Proxy]:
    """What a member has taken back, newest first."""
    return (
        Proxy.objects.filter(member=member, revoked_at__isnull=False)
        .select_related("agent")
        .order_by("-revoked_at", "-pk")
    )


def proxies_held_by(agent: Organisation, topic: str = "") -> ProxyQuerySet:
    """What an agent may answer today, by member."""
    held = Proxy.objects.current().filter(agent=agent).select_related("member__region")
    if topic:
        held = held.filter(topic=topic)
    return held.order_by("member__name", "member", "topic")


def members_of(agent: Organisation, topic: str = "") -> OrganisationQuerySet:
    """The members for which an agent may answer today, in a topic area or in any."""
    held = Proxy.objects.current().filter(agent=agent)
    if topic:
        held = held.filter(topic=topic)
    members = Organisation.objects.current().filter(pk__in=held.values("member"))
    return members.select_related("region").order_by("name", "pk")


def topics_by_member(
    agent: Organisation, members: Iterable[Organisation]
) -> dict[int, list[Proxy]]:
    """For each of these members, in what an agent may answer for it."""
    held: dict[int, list[Proxy]] = {}
    for proxy in Proxy.objects.current().filter(agent=agent, member__in=list(members)):
        held.setdefault(proxy.member_id, []).append(proxy)
    return {member: _in_order(proxies) for member, proxies in held.items()}


@dataclass(frozen=True)
class Powers:
    """For the public page of an organisation: who may answer for it, and for how many it may."""

    given: list[Power]
    members: int


def powers_of(organisation: Organisation) -> Powers:
    """The powers given by and to an organisation, in at most two queries."""
    if organisation.kind == OrganisationKind.MUNICIPALITY:
        return Powers(powers_given_by(organisation), 0)
    if organisation.kind in AGENT_KINDS:
        return Powers([], members_of(organisation).count())
    return Powers([], 0)
