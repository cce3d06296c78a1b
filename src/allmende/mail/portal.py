"""What the mail offers to the frame."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.portal.offers import AccountEntry, DeskEntry, Offer, PersonalData, Retention
from allmende.portal.tables import moment

from . import queries, services
from .models import Message, MessageState, Notice, NoticeChoice

if TYPE_CHECKING:
    from allmende.accounts.models import User


def tick() -> None:
    """Gather digests and deliver what is due: also where no worker runs."""
    services.gather_digests()
    services.deliver_due()


def personal_data(user: "User") -> Iterator[PersonalData]:
    """Mails to her, notices for her, and how often she wants to hear."""
    messages = queries.messages_to(user)
    yield PersonalData(
        _("Mails an Sie"),
        [
            {
                _("Eingereiht"): moment(message.created_at),
                _("Betreff"): message.subject,
                _("Stand"): message.get_state_display(),
                _("Gesendet"): moment(message.sent_at),
            }
            for message in messages.defer("text", "html", "headers")
        ],
    )
    names = queries.topics()
    yield PersonalData(
        _("Neuigkeiten für Sie"),
        [
            {
                _("Am"): moment(notice.created_at),
                _("Thema"): names.get(notice.topic, notice.topic),
                _("Titel"): notice.title,
                _("Text"): notice.text,
            }
            for notice in Notice.objects.filter(user=user)
        ],
    )
    yield PersonalData(
        _("Benachrichtigungen"),
        [
            {
                _("Thema"): names.get(choice.topic, choice.topic or _("Alle")),
                _("Wie oft"): choice.get_frequency_display(),
            }
            for choice in NoticeChoice.objects.filter(user=user)
        ],
    )


def forget(user: "User") -> tuple[str, ...]:
    """Remove all of that, but for mails still on their way, such as the one that confirms it."""
    Notice.objects.filter(user=user).delete()
    NoticeChoice.objects.filter(user=user).delete()
    on_their_way = (MessageState.QUEUED, MessageState.SENDING)
    hers = queries.messages_to(user)
    hers.exclude(state__in=on_their_way).delete()
    if hers.exists():
        return (_("Mails an Sie, die noch unterwegs sind, bleiben höchstens 30 Tage im Postbuch."),)
    return ()


def clear_messages(before: datetime) -> int:
    """Remove what is done with. What is still to leave stays: no mail is lost."""
    done = (MessageState.SENT, MessageState.FAILED, MessageState.GIVEN_UP)
    return Message.objects.filter(created_at__lt=before, state__in=done).delete()[0]


def clear_notices(before: datetime) -> int:
    """Remove old notices, told or not."""
    return Notice.objects.filter(created_at__lt=before).delete()[0]


offer = Offer(
    tick=tick,
    deeds={
        "mail.retry_message": gettext_lazy("Noch einmal versucht."),
        "mail.give_up_message": gettext_lazy("Aufgegeben."),
    },
    desk=(
        DeskEntry(
            label=gettext_lazy("Post"),
            note=gettext_lazy("Welche Mails das Haus verlassen haben und welche gescheitert sind"),
            url_name="mail:log",
            order=60,
            waiting=lambda: queries.waiting_for_operator().count(),
        ),
    ),
    account=(
        AccountEntry(
            label=gettext_lazy("Benachrichtigungen"),
            note=gettext_lazy("Wie oft Sie per Mail erfahren, was es Neues gibt"),
            url_name="mail:choices",
            order=70,
        ),
    ),
    personal_data=personal_data,
    forget=forget,
    retention=(
        Retention(
            key="mail.message",
            kind=gettext_lazy("Postbuch: an wen wann eine Mail mit welchem Betreff ging"),
            period=timedelta(days=30),
            why=gettext_lazy(
                "Damit der Betrieb helfen kann, wenn eine Mail nicht ankommt. Der Inhalt wird schon "
                "beim Senden gelöscht."
            ),
            clear=clear_messages,
        ),
        Retention(
            key="mail.notice",
            kind=gettext_lazy("Neuigkeiten, die Menschen in ihren Übersichten erhalten"),
            period=timedelta(days=90),
            why=gettext_lazy("Damit niemand dasselbe zweimal hört."),
            clear=clear_notices,
        ),
    ),
)
