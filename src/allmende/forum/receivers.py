"""What the forum does when the registry says that something has happened."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models.signals import post_save
from django.dispatch import receiver

from allmende.audit.models import Entry
from allmende.registry.models import Organisation, Topic
from allmende.registry.signals import answers_withdrawn

from . import events, services

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


@receiver(post_save, sender=Entry)
def tell_webhooks(instance: Entry, created: bool, **_: object) -> None:
    """Public deeds are told to webhooks: in the same transaction, whatever service has done them."""
    if created:
        events.tell_webhooks(instance)
