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
    NoticeChoice.objects.filter(user=user, topic__in=choices).delete()
    NoticeChoice.objects.bulk_create(
        NoticeChoice(user=user, topic=topic, frequency=frequency)
        for topic, frequency in choices.items()
        if frequency
    )


@transaction.atomic
def unsubscribe(*, user_id: int, topics: Iterable[str]) -> None:
    """Tell her of these topics no more; what has not left yet does not leave. Nothing if she is gone."""
    if not get_user_model().objects.filter(pk=user_id).exists():
        return
    NoticeChoice.objects.bulk_create(
        [NoticeChoice(user_id=user_id, topic=topic, frequency=Frequency.NEVER) for topic in topics],
        update_conflicts=True,
        unique_fields=["user", "topic"],
        update_fields=["frequency"],
    )
