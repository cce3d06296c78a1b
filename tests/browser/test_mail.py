"""The pages about mails, and a mail itself, as they look on a phone and on a desk."""

import pytest
from django.urls import reverse

from allmende.mail.letters import digest_of, unsubscribe_url
from allmende.mail.models import Message, Notice
from allmende.mail.queries import topics
from allmende.mail.services import queue_message
from tests.factories import AccountFactory, second_factor

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)


def test_pages_about_mails_and_a_mail_itself(look: Eye) -> None:
    olga = second_factor(AccountFactory.create(name="Olga", is_operator=True))
    for number, (state, error) in enumerate(
        [("sent", ""), ("failed", "550 5.1.1 no such user here"), ("queued", "451 try again later")]
    ):
        address = f"verwaltung-der-verbandsgemeinde-{number}@lindenfurt.example.org"
        message = queue_message(
            key=state, to=address, subject="Einladung für Lindenfurt", text="Guten Tag"
        )
        Message.objects.filter(pk=message.pk).update(state=state, error=error)
    notices = [
        Notice(user=olga, topic=topic, key=topic, title=f"Neues: {name}", text="Kurz.", url="/")
        for topic, name in list(topics().items())[:2]
    ]
    addresses = {
        "mail-choices": reverse("mail:choices"),
        "mail-unsubscribe": unsubscribe_url(olga.pk, list(topics())[:2]),
        "mail-log": reverse("mail:log"),
        "mail-digest": "",
    }
    for name, address in addresses.items():
        page = sign_in(look(), olga)
        if address:
            page.goto(address)
        else:
            page.set_content(digest_of(notices, topics()).html)
        for way in every_way(page):
            assert_accessible(page)
            assert_fits(page)
            take(page, f"{name}-{way}")
