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

AT_ONCE = 1_000


@transaction.atomic
def notify(
    *, users: "Iterable[User]", topic: str, key: str, title: str, text: str = "", url: str
) -> None:
    """Tell people of something; each of them hears of it as often as she has chosen, or never.

    ``topic`` is one of the app's ``Offer.notices``. ``key`` names the occasion, such as
    ``forum.opened-17``: told twice, it is one notice a person. ``url`` may be relative. Joins the
    caller's transaction. Where there may be thousands of people, see ``notify_many``.
    """
    if topic not in queries.topics():
        raise LookupError(f"no app offers notices on {topic}")
    notices = [
        Notice(user=user, topic=topic, key=key, title=title[:250], text=text[:500], url=url)
        for user in users
    ]
    if notices:
        Notice.objects.bulk_create(notices, batch_size=AT_ONCE, ignore_conflicts=True)
        deliver_soon()


def notify_many(*, users: "QuerySet[User]", key: str, **what: str) -> None:
    """The same for any number of people, in transactions of a thousand: others write in between.

    Never call it in a transaction or a request. Where it was cut short, call it again: it tells
    those who are still to be told.
    """
    untold = users.exclude(pk__in=Notice.objects.filter(key=key).values("user"))
    people = list(untold.only("pk").order_by("pk"))
    for start in range(0, len(people), AT_ONCE):
        notify(users=people[start : start + AT_ONCE], key=key, **what)
