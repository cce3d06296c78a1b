"""A real mail server on this machine, and mails for it."""

from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings
from tests.commands.test_cli import free_port
from tests.factories import UserFactory, second_factor

from allmende.accounts.models import User


class MailServer:
    """Takes mails, unless it is told what to answer instead."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []  # to the next mails; then all is well again
        self.connections = 0
        self.when_it_has_a_mail: Callable[[SMTP], object] = lambda connection: None

    async def handle_EHLO(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            mail = message_from_bytes(content.replace(b"\r\n", b"\n"), policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        self.when_it_has_a_mail(server)
        return answer


@pytest.fixture
def controller(settings: Settings) -> Iterator[Controller]:
    controller = Controller(MailServer(), hostname="127.0.0.1", port=free_port())
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def server(controller: Controller) -> MailServer:
    handler = controller.handler
    assert isinstance(handler, MailServer)
    return handler


@pytest.fixture
def operator(db: None) -> User:
    return second_factor(UserFactory(name="Olga", is_operator=True))
