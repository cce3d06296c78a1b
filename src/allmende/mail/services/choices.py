"""How often people want to hear. It concerns nobody else: the audit log does not tell of it."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction

from ..models import Frequency, NoticeChoice

if TYPE_CHECKING:
    from allmende.accounts.models import User


@transaction.atomic
def choose_frequencies(*, user: "User", choices: Mapping[str, str]) -> None:
    """Keep how often she wants to hear: by topic, ``""`` for all others; an empty value says nothing."""
    unsaid = [topic for topic, frequency in choices.items() if not frequency]
    NoticeChoice.objects.filter(user=user, topic__in=unsaid).delete()
    _keep(
        NoticeChoice(user=user, topic=topic, frequency=frequency)
        for topic, frequency in choices.items()
        if frequency
    )


@transaction.atomic
def unsubscribe(*, user_id: int, topics: Iterable[str]) -> None:
    """Tell her of these topics no more; what has not left yet does not leave. Nothing if she is gone."""
    if not get_user_model().objects.filter(pk=user_id).exists():
        return
    _keep(NoticeChoice(user_id=user_id, topic=topic, frequency=Frequency.NEVER) for topic in topics)


def _keep(choices: Iterable[NoticeChoice]) -> None:
    """Each in place of an earlier one; pressed twice at once, the later one counts."""
    NoticeChoice.objects.bulk_create(
        sorted(choices, key=lambda choice: choice.topic),  # two of them lock in the same order
        update_conflicts=True,
        unique_fields=["user", "topic"],
        update_fields=["frequency"],
    )
