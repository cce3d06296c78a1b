"""Telling people of contributions: answers, mentions, and what moderation has decided."""

from collections.abc import Callable, Iterable

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext as _

from allmende.mail.services import notify
from allmende.registry.models import Mandate

from ..models import Complaint, Concern, Contribution

REPLY, MENTION, MODERATION = "forum.reply", "forum.mention", "forum.moderation"


def tell_of_answer(answer: Contribution, first: Contribution) -> None:
    """Tell everybody else who has written in the thread."""
    in_thread = Contribution.objects.current().filter(Q(pk=first.pk) | Q(parent=first))
    people = get_user_model().objects.filter(pk__in=in_thread.values("author"), is_active=True)
    notify(
        users=[person for person in people if person.pk != answer.author_id],
        topic=REPLY,
        key=f"{REPLY}-{answer.pk}",
        title=lambda: (
            _("Neue Antwort in Ihrem Gespräch: %(question)s")
            % {"question": answer.concern.question}
        ),
        text=lambda: f"{_who(answer)}: {_beginning(answer)}{_mark(answer.concern)}",
        url=answer.get_absolute_url(),
    )


def tell_of_mentions(contribution: Contribution) -> None:
    """Tell those who contribute for the mentioned organisations: once, also if it is changed."""
    may_answer = Mandate.objects.current().filter(
        Q(may_contribute=True) | Q(may_vote=True) | Q(may_release=True),
        organisation__in=contribution.mentions.all(),
    )
    people = get_user_model().objects.filter(pk__in=may_answer.values("user"), is_active=True)
    notify(
        users=[person for person in people if person.pk != contribution.author_id],
        topic=MENTION,
        key=f"{MENTION}-{contribution.pk}",
        title=lambda: (
            _("Ihre Organisation wird erwähnt: %(question)s")
            % {"question": contribution.concern.question}
        ),
        text=lambda: (
            f"{_who(contribution)}: {_beginning(contribution)}{_mark(contribution.concern)}"
        ),
        url=contribution.get_absolute_url(),
    )


def tell_of_removal(contribution: Contribution, *, key: str) -> None:
    """Tell its author why."""
    _tell_author(
        contribution,
        key=key,
        title=lambda: (
            _("Ihr Beitrag wurde entfernt: %(question)s")
            % {"question": contribution.concern.question}
        ),
        text=lambda: _("Begründung: %(reason)s") % {"reason": contribution.removal_reason},
    )


def tell_of_return(contribution: Contribution, *, key: str) -> None:
    """Tell its author that it stands there again."""
    _tell_author(
        contribution,
        key=key,
        title=lambda: (
            _("Ihr Beitrag steht wieder da: %(question)s")
            % {"question": contribution.concern.question}
        ),
        text=lambda: _("Er wurde noch einmal geprüft."),
    )


def _tell_author(
    contribution: Contribution, *, key: str, title: Callable[[], str], text: Callable[[], str]
) -> None:
    notify(
        users=[contribution.author]
        if contribution.author and contribution.author.is_active
        else [],
        topic=MODERATION,
        key=f"{MODERATION}-{contribution.pk}-{key}",
        title=title,
        text=lambda: text() + _mark(contribution.concern),
        url=contribution.get_absolute_url(),
    )


def tell_of_decision(complaints: Iterable[Complaint], contribution: Contribution) -> None:
    """Tell those who reported a contribution what became of that."""

    def title() -> str:
        said = (
            _("Ein gemeldeter Beitrag bleibt stehen: %(question)s")
            if contribution.removed_at is None
            else _("Ein gemeldeter Beitrag wurde entfernt: %(question)s")
        )
        return said % {"question": contribution.concern.question}

    for complaint in complaints:
        person = complaint.reported_by
        notify(
            users=[person] if person and person.is_active else [],
            topic=MODERATION,
            key=f"{MODERATION}-complaint-{complaint.pk}",
            title=title,
            text=lambda: (
                _("Danke für Ihre Meldung. Sie wurde geprüft.") + _mark(contribution.concern)
            ),
            url=contribution.get_absolute_url(),
        )


def _who(contribution: Contribution) -> str:
    return (
        contribution.organisation.name if contribution.organisation else _("Persönlicher Beitrag")
    )


def _beginning(contribution: Contribution) -> str:
    words = " ".join(contribution.text.split())
    return words if len(words) <= 200 else f"{words[:199]}…"


def _mark(concern: Concern) -> str:
    return " " + _("Beispieldaten.") if concern.is_example else ""
