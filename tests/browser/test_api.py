"""Tokens, webhooks and the page that explains the interface."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allmende.accounts.models import User
from allmende.webhooks import services
from allmende.webhooks.models import Delivery
from tests.factories import PASSWORD, AccountFactory, MandateFactory, second_factor

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager(db: None) -> User:
    user = AccountFactory.create(name="Alice Ahrens")
    MandateFactory(user=user, region__name="Lindenfurt", may_release=True, may_manage=True)
    return second_factor(user)


def test_a_token_from_making_to_revoking(look: Eye) -> None:
    user = AccountFactory.create(name="Alice Ahrens")
    page = sign_in(look(), user)
    page.goto("/konto/schluessel/")
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"schluessel-leer-{way}")
    page.get_by_role("link", name="Neuen Schlüssel machen").click()
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Bestätigen").click()
    page.get_by_label("Wofür ist der Schlüssel?").fill("Sitzungsdienst im Rathaus")
    page.get_by_label("Abstimmen, mitzeichnen").check()
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"schluessel-neu-{way}")
    page.get_by_role("button", name="Schlüssel machen").click()
    assert page.locator("code").inner_text().startswith("allmende_")
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"schluessel-gemacht-{way}")
    page.get_by_role("link", name="Ich habe ihn kopiert").click()
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"schluessel-{way}")
    page.get_by_role("button", name="Widerrufen").click()
    assert page.get_by_text("Widerrufen am").is_visible()


def test_the_interface_explains_itself(look: Eye) -> None:
    page = look("/api/docs/")
    page.locator("summary").nth(8).click()
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"api-{way}", whole=False)


def test_webhooks(look: Eye, manager: User) -> None:
    page = sign_in(look(), manager)
    page.goto("/webhooks/")
    assert_accessible(page)
    page.get_by_role("link", name="Neuer Webhook").click()
    page.get_by_label("Adresse Ihres Programms").fill("https://rathaus.example/allmende")
    page.get_by_label("Antwort veröffentlicht").check()
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"webhook-neu-{way}")
    page.get_by_role("button", name="Speichern").click()
    assert_accessible(page)
    take(page, "webhook-geheimnis-desk-light")
    page.get_by_role("link", name="Ich habe es kopiert").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Testereignis senden").click()
    late = timezone.now() - timedelta(minutes=3)
    Delivery.objects.update(
        state="failed", attempts=8, status=500, answer="Interner Fehler", created_at=late
    )
    delivery = Delivery.objects.get()
    services.send_test(delivery.webhook)
    page.reload()
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"webhook-{way}")
    page.goto("/webhooks/")
    for _ in every_way(page):
        assert_accessible(page)
        assert_fits(page)
