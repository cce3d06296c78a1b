"""Delivery to a real server: what it refuses, when it is away, and when we are killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings
from tests.commands.test_cli import free_port
from tests.conftest import ROOT
from tests.mail.conftest import MailServer

from allmende.accounts.models import User
from allmende.mail.models import Message, MessageState
from allmende.mail.portal import offer
from allmende.mail.services import choose_frequencies, deliver_due, notify, queue_message
from allmende.mail.services.delivery import MOST_ATTEMPTS, PAUSES, WINDOW
from allmende.mail.tasks import deliver

pytestmark = pytest.mark.django_db


def queue(to: str = "alice@example.org", key: str = "test.mail") -> Message:
    return queue_message(
        key=key,
        to=to,
        subject="Einladung für Sie",
        text="Grüße <aus>\n\nhttps://example.org/?a=1&b=2",
    )


def later(pause: timedelta) -> None:
    """As if so much time had passed."""
    Message.objects.update(next_try_at=F("next_try_at") - pause, claimed_at=F("claimed_at") - pause)


def test_a_mail_arrives_as_text_and_html_and_only_the_log_remains(server: MailServer) -> None:
    message = queue()
    assert deliver_due()
    (mail,) = server.mails
    assert (mail["To"], mail["From"]) == ("alice@example.org", "allmende@localhost")
    assert (mail["Subject"], mail["Auto-Submitted"]) == ("Einladung für Sie", "auto-generated")
    assert mail["Message-ID"] == message.message_id
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().startswith(
        "Grüße <aus>\n\nhttps://example.org/?a=1&b=2\n\n-- \nAllmende"
    )
    assert "<p>Grüße &lt;aus&gt;</p>" in html.get_content()
    assert '<a href="https://example.org/?a=1&amp;b=2"' in html.get_content()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.text) == (MessageState.SENT, 1, "")
    deliver_due()
    assert len(server.mails) == 1


def test_a_batch_takes_one_connection_and_urgent_mails_go_first(server: MailServer) -> None:
    for number, priority in enumerate([1, 0, 1]):
        message = queue(to=f"{number}@example.org", key=f"test.{number}")
        Message.objects.filter(pk=message.pk).update(priority=priority)
    assert deliver_due(most=2) is False
    assert deliver_due() is True
    assert [mail["To"] for mail in server.mails] == [f"{n}@example.org" for n in (1, 0, 2)]
    assert server.connections == 2


@pytest.mark.parametrize("work", [offer.tick, deliver.call], ids=["tick", "worker"])
def test_tick_and_worker_gather_and_deliver(
    server: MailServer, alice: User, work: Callable[[], object]
) -> None:
    choose_frequencies(user=alice, choices={"": "immediately"})
    notify(users=[alice], topic="forum.opened", key="x", title="Neues Anliegen", url="/")
    queue()
    work()
    assert [mail["Subject"] for mail in server.mails] == ["Einladung für Sie", "Neues Anliegen"]


def test_a_server_that_asks_for_patience_gets_the_mail_later(server: MailServer) -> None:
    queue()
    server.answers = ["451 try again later", "421 too busy"]
    for pause in PAUSES[:2]:
        deliver_due()
        message = Message.objects.get()
        assert message.state == MessageState.QUEUED
        wait = message.next_try_at - timezone.now()
        assert timedelta(0) <= pause - wait < timedelta(seconds=30)
        later(pause)
    assert message.error == "421 too busy"
    deliver_due()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == (MessageState.SENT, 3, "")


def test_after_ten_tries_it_has_failed(server: MailServer) -> None:
    queue()
    server.answers = ["451 try again later"] * MOST_ATTEMPTS
    for pause in [*PAUSES, timedelta(days=10)]:
        deliver_due()
        later(pause)
    message = Message.objects.get()
    assert (message.state, message.attempts) == (MessageState.FAILED, MOST_ATTEMPTS)
    deliver_due()
    assert server.mails == []


def test_what_a_server_refuses_for_good_fails_at_once_and_holds_up_nothing(
    server: MailServer,
) -> None:
    queue(to="nobody@example.org", key="test.refused")
    queue(to="two\nlines@example.org", key="test.malformed")
    server.answers = ["554 no such content"]
    queue(to="first@example.org", key="test.content")
    queue(to="second@example.org", key="test.fine")
    deliver_due()
    rows = Message.objects.order_by("pk").values_list("state", "error")
    assert [row[0] for row in rows] == ["failed", "failed", "failed", "sent"]
    assert [row[1] for row in rows][::2] == ["550 5.1.1 no such user", "554 no such content"]
    assert Message.objects.first().text == ""
    assert Message.objects.get(key="test.refused").text != ""  # it may be tried once more


def test_while_the_server_is_away_nothing_is_used_up(
    server: MailServer, settings: Settings
) -> None:
    queue()
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    for _ in range(MOST_ATTEMPTS + 1):
        deliver_due()
        later(PAUSES[0])
    message = Message.objects.get()
    assert (message.state, message.attempts) == (MessageState.QUEUED, 0)
    assert message.error.startswith("Der Mailserver ist nicht erreichbar: ConnectionRefusedError")
    deliver_due()
    settings.EMAIL_PORT = there
    queue(key="test.meanwhile")
    deliver_due()
    assert server.mails == []  # it is known to be away, for a minute
    later(PAUSES[0])
    deliver_due()
    assert len(server.mails) == 2


def test_a_server_that_vanishes_with_a_mail_gets_it_again_after_the_window(
    server: MailServer,
) -> None:
    queue()
    server.when_it_has_a_mail = lambda connection: connection.transport.abort()
    deliver_due()
    server.when_it_has_a_mail = lambda _: None
    later(WINDOW - timedelta(minutes=1))
    deliver_due()
    message = Message.objects.get()
    assert (message.state, message.attempts) == (MessageState.QUEUED, 1)
    later(timedelta(minutes=1))
    deliver_due()
    assert [mail["Message-ID"] for mail in server.mails] == [message.message_id] * 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_deliver_200_mails_exactly_once(server: MailServer) -> None:
    for number in range(200):
        queue(to=f"{number}@example.org", key=f"test.{number}")

    def work(_: int) -> None:
        try:
            while not deliver_due(most=20):
                pass
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    assert sorted(int(mail["To"].split("@")[0]) for mail in server.mails) == list(range(200))
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}


DELIVER = """
import django
django.setup()
from django.conf import settings
from django.db import connection
connection.settings_dict["NAME"] = {name!r}
settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_PORT = {port}
from allmende.mail.services import deliver_due
deliver_due()
"""


@pytest.mark.django_db(transaction=True)
def test_killed_between_sending_and_recording_it_is_sent_again_but_not_within_the_window(
    controller: Controller, server: MailServer
) -> None:
    message = queue()
    code = DELIVER.format(name=connection.settings_dict["NAME"], port=controller.port)
    worker = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
    )
    server.when_it_has_a_mail = lambda _: os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL
    server.when_it_has_a_mail = lambda _: None
    message.refresh_from_db()
    assert (message.state, len(server.mails)) == (MessageState.SENDING, 1)

    later(WINDOW - timedelta(minutes=1))
    deliver_due()
    assert len(server.mails) == 1
    later(timedelta(minutes=1))
    deliver_due()
    assert [mail["Message-ID"] for mail in server.mails] == [message.message_id] * 2
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.SENT, 2)


def test_a_mail_that_ends_every_program_that_sends_it_fails(server: MailServer) -> None:
    queue()
    Message.objects.update(
        state=MessageState.SENDING,
        attempts=MOST_ATTEMPTS,
        claimed_at=timezone.now() - WINDOW,
    )
    deliver_due()
    assert (Message.objects.get().state, server.mails) == (MessageState.FAILED, [])
