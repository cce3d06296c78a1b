"""Telling people that something happened."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from .. import queries
from ..models import Notice
from .queue import deliver_soon

if TYPE_CHECKING:
    from allmende.accounts.models import User

BATCH = 1_000


@transaction.atomic
def notify(
    *, users: "Iterable[User]", topic: str, key: str, title: str, text: str = "", url: str
) -> None:
    """Tell people of something; each of them reads it as often as she has chosen, or never.

    ``topic`` is one of the app's ``Offer.notices``. ``key`` names the occasion, such as
    ``forum.opened-17``: told twice, it is one notice a person. ``url`` may be relative. Joins the
    caller's transaction. Takes a constant number of queries for each thousand people; where they may
    be thousands, call it from a task or the tick, not in a request.
    """
    if topic not in queries.topics():
        raise LookupError(f"no app offers notices on {topic}")
    people = (
        users.values_list("pk", flat=True)
        if isinstance(users, QuerySet)
        else [user.pk for user in users]
    )
    notices = [
        Notice(user_id=pk, topic=topic, key=key, title=title[:250], text=text[:500], url=url)
        for pk in set(people)
    ]
    if notices:
        Notice.objects.bulk_create(notices, batch_size=BATCH, ignore_conflicts=True)
        deliver_soon()
