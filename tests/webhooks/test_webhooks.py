"""Webhooks: who keeps them, what they are told, how it arrives, and what happens if it does not."""

import base64
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext, override
from tests.api_client import Program
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    UserFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.forum import events
from allmende.forum.models import Concern, ConcernState
from allmende.forum.services import close_concern, open_concern
from allmende.mail.models import Notice
from allmende.registry.models import Organisation
from allmende.webhooks import services
from allmende.webhooks.models import Delivery, DeliveryState, Event, Webhook
from allmende.webhooks.portal import clear_deliveries
from allmende.webhooks.services.delivery import MOST_ATTEMPTS

pytestmark = pytest.mark.django_db(transaction=True)


class Receiver(BaseHTTPRequestHandler):
    """A program of somebody else; ``status`` is its mood."""

    status = 200
    heard: list[tuple[dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).heard.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(type(self).status)
        if 300 <= type(self).status < 400:
            self.send_header("Location", "http://10.0.0.1/")
        self.end_headers()
        self.wfile.write(b"Angekommen.")

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def address(settings: Any) -> Iterator[str]:
    settings.WEBHOOKS_MAY_BE_LOOPBACK = True
    Receiver.heard, Receiver.status = [], 200
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook?x=1"
    server.shutdown()
    server.server_close()


@pytest.fixture
def manager(db: None) -> User:
    return second_factor(MandateFactory(may_manage=True, region__name="Lindenfurt").user)


@pytest.fixture
def organisation(manager: User) -> Organisation:
    return manager.mandates.get().organisation


@pytest.fixture
def concern(manager: User) -> Concern:
    return ConcernFactory(owner=manager.mandates.get().region, state=ConcernState.DRAFT)


def opened(concern: Concern) -> Concern:
    person = MandateFactory(region=concern.owner).user
    return open_concern(actor=person, concern=concern, mandate=person.mandates.get())  # type: ignore[return-value]


def verified(webhook: Webhook, headers: dict[str, str], body: bytes) -> bool:
    """As docs/reference/webhooks.md tells receivers to do it."""
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, content, sha256).digest()).decode()
    given = [part.split(",")[1] for part in headers["webhook-signature"].split()]
    return any(hmac.compare_digest(expected, each) for each in given)


def test_an_event_arrives_signed_and_once(
    manager: User, organisation: Organisation, concern: Concern, address: str
) -> None:
    webhook = services.add_webhook(actor=manager, organisation=organisation, url=address)
    opened(concern)
    assert services.deliver_due()
    assert services.deliver_due()
    [(headers, body)] = Receiver.heard
    assert verified(webhook, headers, body)
    assert not verified(webhook, headers, body + b" ")
    told = json.loads(body)
    assert told["type"] == "concern.opened"
    assert told["data"]["concern"]["slug"] == concern.slug
    assert told["data"]["concern"]["state"] == "open"
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.answer) == ("delivered", 200, "Angekommen.")
    assert headers["webhook-id"] == delivery.message_id


def test_what_is_rolled_back_is_not_told(
    manager: User, organisation: Organisation, concern: Concern, address: str
) -> None:
    services.add_webhook(actor=manager, organisation=organisation, url=address)
    with transaction.atomic():
        opened(concern)
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({}, True),
        ({"events": [Event.OPENED]}, True),
        ({"events": [Event.ANSWERED]}, False),
        ({"topic": "demokratie"}, True),
        ({"topic": "klima"}, False),
        ({"ags": "09"}, True),
        ({"ags": "01"}, False),
    ],
)
def test_filters(
    manager: User, concern: Concern, address: str, wish: dict[str, object], *, told: bool
) -> None:
    organisation = manager.mandates.get().organisation
    services.add_webhook(actor=manager, organisation=organisation, url=address, **wish)  # type: ignore[arg-type]
    opened(concern)
    assert Delivery.objects.exists() == told


def test_what_is_not_public_is_not_told(
    manager: User, organisation: Organisation, concern: Concern, address: str
) -> None:
    services.add_webhook(actor=manager, organisation=organisation, url=address)
    Concern.objects.update(is_confidential=True)
    concern.refresh_from_db()
    opened(concern)
    assert not Delivery.objects.exists()


def test_example_data_are_not_told_to_real_organisations(manager: User, address: str) -> None:
    invented = MunicipalityFactory(invented=True)
    own = OrganisationFactory(region=invented)
    real = manager.mandates.get().organisation
    services.add_webhook(actor=manager, organisation=real, url=address)
    example = services.add_webhook(actor=manager, organisation=own, url=address)
    opened(ConcernFactory(owner=invented, is_example=True, state=ConcernState.DRAFT))
    assert [each.webhook for each in Delivery.objects.all()] == [example]


def failing(manager: User, address: str, status: int) -> Delivery:
    webhook = services.add_webhook(
        actor=manager, organisation=manager.mandates.get().organisation, url=address
    )
    Receiver.status = status
    return services.send_test(webhook)


def due_now() -> None:
    Delivery.objects.filter(state="queued").update(next_try_at=timezone.now())


@pytest.mark.parametrize("status", [500, 404, 302])
def test_failures_are_tried_again_later_under_the_same_name(
    manager: User, address: str, status: int
) -> None:
    delivery = failing(manager, address, status)
    services.deliver_due()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.status, delivery.attempts) == ("queued", status, 1)
    assert delivery.next_try_at > timezone.now()
    assert Webhook.objects.get().failing_since is not None
    services.deliver_due()
    assert len(Receiver.heard) == 1
    Receiver.status = 204
    due_now()
    services.deliver_due()
    delivery.refresh_from_db()
    assert delivery.state == "delivered"
    assert Webhook.objects.get().failing_since is None
    assert len({headers["webhook-id"] for headers, _ in Receiver.heard}) == 1


def test_lasting_failure_disables_it_and_tells_who_keeps_it(manager: User, address: str) -> None:
    failing(manager, address, 500)
    for _ in range(MOST_ATTEMPTS):
        services.deliver_due()
        due_now()
        Webhook.objects.update(failing_since=timezone.now() - timedelta(days=3))
    assert Delivery.objects.get().state == DeliveryState.FAILED
    webhook = Webhook.objects.get()
    assert webhook.disabled_at is not None
    assert [notice.user for notice in Notice.objects.all()] == [manager]
    assert Entry.objects.filter(deed="webhooks.disable_webhook").count() == 1
    services.enable_webhook(actor=manager, webhook=webhook)
    assert Webhook.objects.get().disabled_at is None


def test_gone_is_gone(manager: User, address: str) -> None:
    failing(manager, address, 410)
    services.deliver_due()
    assert "410" in Webhook.objects.get().disabled_why


def test_who_keeps_it_is_told_in_her_language(manager: User, address: str) -> None:
    User.objects.filter(pk=manager.pk).update(language="en")
    failing(manager, address, 410)
    services.deliver_due()
    notice = Notice.objects.get()
    whose = manager.mandates.get().organisation
    with override("en"):
        why = gettext(Webhook.objects.get().disabled_why)
        text = gettext("%(whose)s: %(why)s Prüfen Sie die Adresse und schalten Sie ihn wieder ein.")
        title = gettext("Ein Webhook ist abgeschaltet")
    assert (notice.title, notice.text) == (title, text % {"whose": whose, "why": why})
    assert "Der Server" not in notice.text


def test_a_delivery_whose_worker_died_is_sent_again(manager: User, address: str) -> None:
    delivery = failing(manager, address, 200)
    before = timezone.now() - timedelta(minutes=6)
    Delivery.objects.update(state="sending", claimed_at=before)
    services.deliver_due()
    delivery.refresh_from_db()
    assert delivery.state == "delivered"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://rathaus.example/", "https://"),
        ("https://rathaus.example:8443/", "keinen Port"),
        ("https://name:wort@rathaus.example/", "keine vollständige Adresse"),
        ("ftp://rathaus.example/", "https://"),
    ],
)
def test_only_addresses_that_are_asked_are_kept(
    manager: User, organisation: Organisation, url: str, said: str
) -> None:
    with pytest.raises(services.WebhookError, match=said):
        services.add_webhook(actor=manager, organisation=organisation, url=url)


def test_addresses_inside_are_not_asked(manager: User, organisation: Organisation) -> None:
    webhook = services.add_webhook(
        actor=manager, organisation=organisation, url="https://127.0.0.1/"
    )
    services.send_test(webhook)
    services.deliver_due()
    assert Delivery.objects.get().answer == "Dieser Server liegt in einem privaten Netz."


def test_closing_is_told_too(
    manager: User, organisation: Organisation, concern: Concern, address: str
) -> None:
    services.add_webhook(actor=manager, organisation=organisation, url=address)
    opened(concern)
    close_concern(actor=None, concern=concern, reason="Die Frist ist abgelaufen.")
    told = Delivery.objects.order_by("pk").values_list("event", flat=True)
    assert list(told) == ["concern.opened", "concern.voting_ended"]


def test_every_deed_that_is_told_is_a_deed() -> None:
    from allmende.audit.words import deed_words

    assert set(events.EVENTS) - set(deed_words()) - {"forum.seal_position"} == set()


def test_the_pages(manager: User, address: str) -> None:
    client = Client()
    client.force_login(manager)
    organisation = manager.mandates.get().organisation
    answer = client.post(
        "/webhooks/neu/",
        {"organisation": organisation.pk, "url": address, "events": ["concern.opened"]},
    )
    webhook = Webhook.objects.get()
    assert webhook.secret in answer.content.decode()
    page = f"/webhooks/{webhook.pk}/"
    assert webhook.secret not in client.get(page).content.decode()
    client.post(f"{page}testen/")
    services.deliver_due()
    assert "Testereignis" in client.get(page).content.decode()
    assert b"webhook.test" in b"".join(client.get(f"{page}protokoll.csv"))
    client.post(f"{page}aendern/", {"url": address, "events": []})
    webhook.refresh_from_db()
    assert webhook.events == []
    secret = webhook.secret
    assert secret not in client.post(f"{page}geheimnis/").content.decode()
    delivery = Delivery.objects.get()
    client.post(f"{page}zustellungen/{delivery.pk}/")
    services.deliver_due()
    assert len(Receiver.heard) == 2
    client.post(f"{page}schalten/")
    assert "Abgeschaltet seit" in client.get(page).content.decode()
    client.post(f"{page}schalten/")
    client.post(f"{page}entfernen/")
    assert not Webhook.objects.exists()
    wrong = client.post(
        "/webhooks/neu/", {"organisation": organisation.pk, "url": "ftp://a.example"}
    )
    assert wrong.status_code == 422
    assert "https://" in wrong.content.decode()


def test_strangers_see_none(manager: User, organisation: Organisation, address: str) -> None:
    webhook = services.add_webhook(actor=manager, organisation=organisation, url=address)
    client = Client()
    client.force_login(UserFactory())
    assert client.get(f"/webhooks/{webhook.pk}/").status_code == 404
    assert client.get("/webhooks/neu/").status_code == 404
    assert "verwaltet" in client.get("/webhooks/").content.decode()


def test_programs_keep_them_with_the_scope(manager: User, address: str) -> None:
    Program(manager, "abstimmen").post("/webhooks", {"url": address}, status=403)
    program = Program(manager, "verwalten")
    made = program.post("/webhooks", {"url": address, "events": ["concern.sent"]}, status=201)
    assert made["secret"] == Webhook.objects.get().secret
    [row] = program.get("/webhooks")["items"]
    assert "secret" not in row
    program.post(f"/webhooks/{made['id']}/test")
    program.send("DELETE", f"/webhooks/{made['id']}", status=204)
    program.post("/webhooks", {"url": "ftp://a.example/"}, status=422)


def test_the_log_is_cleared(manager: User, address: str) -> None:
    failing(manager, address, 200)
    later = timezone.now() + timedelta(seconds=1)
    assert clear_deliveries(later) == 0
    services.deliver_due()
    assert clear_deliveries(later) == 1
