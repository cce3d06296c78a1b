"""What the forum does when the registry says that something has happened."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.dispatch import receiver

from allmende.registry.models import Organisation, Topic
from allmende.registry.signals import answers_withdrawn

from . import services

if TYPE_CHECKING:
    from allmende.accounts.models import User


@receiver(answers_withdrawn)
def withdraw_with_power(
    sender: object,
    member: Organisation,
    agent: Organisation,
    topics: Collection[Topic],
    actor: "User",
    **_: object,
) -> None:
    """A member takes back its power and the answers that were given with it."""
    services.withdraw_revoked(actor=actor, member=member, agent=agent, topics=topics)
