"""Powers to answer: a member grants them, topic area by topic area, and revokes them (Vollmachten)."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.mail.services import notify
from allmende.mail.services.notices import Words

from .. import queries
from ..models import Mandate, Organisation, Proxy, Right, Topic
from ..signals import answers_withdrawn

if TYPE_CHECKING:
    from allmende.accounts.models import User

TOPIC = "registry.proxies"


class ProxyError(ValueError):
    """The power cannot be granted as asked; the text is German."""


@audited
def grant_proxy(
    *, actor: "User", member: Organisation, agent: Organisation, topics: Collection[Topic]
) -> list[Proxy]:
    """Let an agent answer for a member in these topic areas; returns the powers that are new.

    What was granted before stays as it is. The agent's people and the member's managers are told.

    Raises
    ------
    ProxyError
        If such an organisation cannot answer for such a member.
    """
    if not queries.possible_agents(member).filter(pk=agent.pk).exists():
        raise ProxyError(
            _("„%(agent)s“ kann nicht für „%(member)s“ antworten.")
            % {"agent": agent, "member": member}
        )
    given = queries.topics_given(queries.Pair(member, agent))
    fresh = Proxy.objects.bulk_create(
        Proxy(member=member, agent=agent, topic=topic, granted_by=actor)
        for topic in Topic
        if topic in topics and topic not in given
    )
    if fresh:
        record(
            actor=actor,
            deed="registry.grant_proxy",
            obj=member,
            mandate=_mandate_of(actor, member),
            agent=agent.slug,
            topics=[str(proxy.topic) for proxy in fresh],
        )
        _tell(
            fresh,
            actor=actor,
            key=f"{TOPIC}-granted-{fresh[0].pk}",
            title=lambda: (
                _("Vollmacht: %(agent)s darf für %(member)s antworten")
                % {"agent": agent, "member": member}
            ),
        )
    return fresh


@audited
def revoke_proxy(
    *,
    actor: "User",
    member: Organisation,
    agent: Organisation,
    topics: Collection[Topic],
    withdraw_answers: bool = False,
) -> list[Proxy]:
    """Take powers back at once; returns those that held until now.

    The answers that were given with them stay and stay marked. With ``withdraw_answers``, those in
    concerns that are still open are withdrawn. The agent's people and the member's managers are told.
    """
    held = list(
        Proxy.objects.filter(member=member, agent=agent, topic__in=topics, revoked_at=None)
        .select_related("member", "agent")
        .order_by("pk")
    )
    if not held:
        return []
    Proxy.objects.filter(pk__in=[proxy.pk for proxy in held]).update(revoked_at=timezone.now())
    record(
        actor=actor,
        deed="registry.revoke_proxy",
        obj=member,
        mandate=_mandate_of(actor, member),
        agent=agent.slug,
        topics=[str(proxy.topic) for proxy in held],
        withdraw_answers=withdraw_answers,
    )
    if withdraw_answers:
        answers_withdrawn.send(
            sender=Proxy,
            member=member,
            agent=agent,
            topics=frozenset(Topic(proxy.topic) for proxy in held),
            actor=actor,
        )
    _tell(
        held,
        actor=actor,
        key=f"{TOPIC}-revoked-{held[0].pk}",
        title=lambda: (
            _("Vollmacht widerrufen: %(agent)s darf nicht mehr für %(member)s antworten")
            % {"agent": agent, "member": member}
        ),
    )
    return held


def _mandate_of(actor: "User", member: Organisation) -> Mandate | None:
    return queries.acting_mandate(actor, member, Right.MANAGE, Right.RELEASE)


def _tell(proxies: list[Proxy], *, actor: "User", key: str, title: Words) -> None:
    """Whoever acts for the agent, and whoever manages the member; not who has done it herself."""
    member, agent = proxies[0].member, proxies[0].agent
    concerned = Mandate.objects.current().filter(
        Q(organisation=agent) | Q(organisation=member, may_manage=True)
    )
    people = get_user_model().objects.filter(pk__in=concerned.values("user"))
    notify(
        users=people.exclude(pk=actor.pk),
        topic=TOPIC,
        key=key,
        title=title,
        text=lambda: (
            _("Themenfelder: %(topics)s.")
            % {"topics": ", ".join(proxy.get_topic_display() for proxy in proxies)}
        ),
        url=reverse("registry:members", args=[agent.slug]),
    )
