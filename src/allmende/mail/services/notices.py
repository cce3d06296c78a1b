"""Telling people that something happened."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from allmende.portal.languages import in_language_of

from .. import queries
from ..models import Notice
from .queue import deliver_soon

if TYPE_CHECKING:
    from allmende.accounts.models import User

AT_ONCE = 1_000
# Words that stand as they are, or what says them in the language that is spoken when it is called.
Words = str | Callable[[], str]


@transaction.atomic
def notify(
    *, users: "Iterable[User]", topic: str, key: str, title: Words, text: Words = "", url: str
) -> None:
    """Tell people of something; each of them hears of it as often as she has chosen, or never.

    ``topic`` is one of the app's ``Offer.notices``. ``key`` names the occasion, such as
    ``forum.opened-17``: told twice, it is one notice a person. ``title`` and ``text`` are functions
    that say it in the language of whoever is told, once a language. ``url`` may be relative. Joins the
    caller's transaction. Where there may be thousands of people, see ``notify_many``.
    """
    if topic not in queries.topics():
        raise LookupError(f"no app offers notices on {topic}")
    people = list(users)
    one_a_language = {person.language: person for person in people}
    words = {language: _words(person, title, text) for language, person in one_a_language.items()}
    notices = [
        Notice(user=person, topic=topic, key=key, url=url, **words[person.language])
        for person in people
    ]
    if notices:
        Notice.objects.bulk_create(notices, batch_size=AT_ONCE, ignore_conflicts=True)
        deliver_soon()


def _words(person: "User", title: Words, text: Words) -> dict[str, str]:
    with in_language_of(person):
        return {"title": _said(title)[:250], "text": _said(text)[:500]}


def _said(words: Words) -> str:
    return words() if callable(words) else words


def notify_many(
    *, users: "QuerySet[User]", topic: str, key: str, title: Words, text: Words = "", url: str
) -> None:
    """The same for any number of people, in transactions of a thousand: others write in between.

    Never call it in a transaction or a request. Where it was cut short, call it again: it tells
    those who are still to be told.
    """
    untold = users.exclude(pk__in=Notice.objects.filter(key=key).values("user"))
    people = list(untold.only("pk", "language").order_by("pk"))
    for start in range(0, len(people), AT_ONCE):
        notify(
            users=people[start : start + AT_ONCE],
            topic=topic,
            key=key,
            title=title,
            text=text,
            url=url,
        )
