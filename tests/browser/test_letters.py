"""A letter from the operator's desk to the mandate, and its picture for the guides."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django.fixtures import Settings

from allmende.formats.letters import Code, Page, Sender, write_pages
from allmende.registry import services
from allmende.registry.models import LetterBatch, Mandate
from tests.factories import OrganisationFactory, UserFactory, second_factor
from tests.registry.test_letters import codes_in, text_of

from .conftest import Eye, assert_accessible, assert_fits, keep, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)
SENDER = ("Kontaktstelle Allmende", "Musterstraße 1", "10115 Berlin", "Telefon 030 12345-0")


def test_a_letter_is_made_printed_and_redeemed(look: Eye, settings: Settings) -> None:
    settings.SENDER = SENDER
    village = OrganisationFactory(region__name="Lindenfurt", region__postcode="12345")
    olga = second_factor(UserFactory(name="Olga", is_operator=True))

    desk = sign_in(look(), olga)
    desk.goto(f"/betrieb/briefe/neu/?art=5&einzeln={village.slug}")
    assert_accessible(desk)
    assert_fits(desk)
    desk.get_by_label("Bezeichnung").fill("Lindenfurt, erste Runde")
    take(desk, "briefe-waehlen-1280")
    desk.get_by_role("button", name="1 Brief erstellen").click()
    batch = LetterBatch.objects.get()
    services.print_letters(batch_id=batch.pk)  # what the worker does
    desk.reload()
    assert_accessible(desk)
    assert_fits(desk)
    take(desk, "briefe-sendung-1280")
    desk.goto("/betrieb/briefe/")
    assert_accessible(desk)
    assert_fits(desk)

    (code,) = codes_in(text_of(batch))
    phone = sign_in(look(width=360), UserFactory(name="Maria Muster"))
    phone.goto(f"{reverse('registry:letter')}#{code}")  # as the QR code opens it
    expect(phone.get_by_label("Code aus dem Brief")).to_have_value(code)
    assert code not in phone.url
    assert_accessible(phone)
    assert_fits(phone)
    take(phone, "brief-code-360", whole=False)
    phone.get_by_role("button", name="Weiter").click()
    expect(phone.locator("h1")).to_have_text("Lindenfurt")
    assert_accessible(phone)
    assert_fits(phone)
    phone.get_by_label("Bürgermeisterin oder Bürgermeister").check()
    take(phone, "brief-amt-360")
    phone.get_by_role("button", name="Mandat übernehmen").click()
    expect(phone.get_by_text("Sie sprechen jetzt für Lindenfurt.")).to_be_visible()
    assert Mandate.objects.get().may_manage

    pages = [_example_page()]
    site = "https://allmende.example"
    sender = Sender(lines=SENDER, site=site, enter=f"{site}{reverse('registry:letter')}")
    keep(write_pages(pages, sender=sender, picture=True), "brief")


def _example_page() -> Page:
    code = Code.of("K7QM", "3FXA9RTWH2C")
    return Page(
        organisation="Gemeinde Lindenfurt",
        name="Lindenfurt",
        office="An die Bürgermeisterin oder den Bürgermeister",
        town="12345 Lindenfurt",
        serial=code.serial,
        code=str(code),
        made_on="2. März 2026",
        valid_until="1. Mai 2026",
    )
