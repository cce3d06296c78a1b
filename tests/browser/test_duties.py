"""An incident told in the browser without JavaScript, from the first step to the final report; and all pages by eye."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from allmende.accounts.models import User
from allmende.crisis import services
from allmende.crisis.models import Facility, HandedIn, Particulars, ReportingOffice
from allmende.registry.models import Office, OrganisationKind
from tests.factories import (
    ContactFactory,
    DocumentFactory,
    FacilityFactory,
    GeneratorFactory,
    IncidentFactory,
    MandateFactory,
    MeasureFactory,
    MunicipalityFactory,
    OrganisationFactory,
    SupplyFactory,
    UserFactory,
    second_factor,
)

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)


# Pages that guides show.
PICTURES = {
    "kontakte/": "einrichtung-kontakt",
    "versorgungsgrad/": "einrichtung-versorgungsgrad",
    "/krise/pflichten/": "pflichten",
    "stoerung/": "stoerung-melden",
    "/krise/notstrom/": "notstrom",
    "/krise/notstrom/neu/": "notstrom-eintragen",
}


@pytest.fixture
def head() -> User:
    provider = OrganisationFactory(region=None, kind=OrganisationKind.PROVIDER, name="Ahornwerke")
    mandate = MandateFactory(
        organisation=provider, office=Office.LEADERSHIP, user__name="Mehmet Strom"
    )
    return second_factor(mandate.user)


@pytest.fixture
def waterworks(head: User) -> Facility:
    services.load_thresholds()
    facility: Facility = FacilityFactory(
        provider=head.mandates.get().organisation,
        name="Wasserwerk Lindenfurt",
        region=MunicipalityFactory(name="Lindenfurt"),
        served=640,
    )
    MeasureFactory(facility=facility, value=Decimal(22_000_000), year=2024)
    ContactFactory(facility=facility)
    DocumentFactory(facility=facility)
    SupplyFactory(facility=facility)
    ReportingOffice.objects.create(land="", name="Meldestelle", how="https://meldung.example")
    Particulars.objects.create(
        organisation=facility.provider,
        legal_form="GmbH",
        register_court="Amtsgericht Musterstadt",
        register_number="HRB 1234",
        address="Werkstraße 1, 99999 Lindenfurt",
        contact_name="Leitwarte",
        contact_telephone="0800 110",
        confirmed_on=timezone.localdate(),
    )
    return facility


def test_an_incident_is_told_to_its_end(look: Eye, head: User, waterworks: Facility) -> None:
    page = sign_in(look(javascript=False), head)
    page.goto(waterworks.get_absolute_url())
    page.get_by_role("link", name="Störung melden").click()
    page.get_by_label("Was ist gestört").fill("Kein Druck im Netz")
    page.get_by_role("button", name="Speichern und weiter").click()
    expect(page.get_by_label("Wie viele Menschen")).to_have_value("640")
    page.get_by_label("Wie viele Menschen").fill("641")
    page.get_by_role("button", name="Speichern und weiter").click()
    expect(page.get_by_text("betroffen können nicht mehr sein").first).to_be_visible()
    page.get_by_label("Wie viele Menschen").fill("320")
    page.get_by_role("button", name="Speichern und weiter").click()
    page.get_by_label("Ursache, soweit bekannt").fill("Rohrbruch")
    page.get_by_role("button", name="Speichern", exact=True).click()
    expect(page.locator("main")).to_contain_text("50,0 %")
    expect(page.locator("main")).to_contain_text("noch 23 Std. 5")
    with page.expect_download() as fetched:
        page.get_by_role("button", name="Als PDF herunterladen").click()
    assert fetched.value.suggested_filename.endswith(".pdf")
    for stage in ("Erstmeldung", "Ausführliche Meldung"):
        page.get_by_label("Welche Meldung").select_option(stage)
        page.get_by_role("button", name="Als abgegeben festhalten").click()
    expect(page.locator("main")).to_contain_text("abgeschlossen")
    assert [report.to for report in HandedIn.objects.all()] == ["Meldestelle", "Meldestelle"]


def test_pages_of_duties_and_incidents(look: Eye, head: User, waterworks: Facility) -> None:
    incident = IncidentFactory(
        facility=waterworks, known_at=timezone.now() - timedelta(hours=1), affected=320
    )
    page = sign_in(look(), head)
    facility = waterworks.get_absolute_url()
    provider = head.mandates.get().organisation
    generator = GeneratorFactory(
        name="Netzersatzanlage im Maschinenhaus",
        facility=waterworks,
        region=None,
        owner_name="",
        is_mobile=False,
        power_kw=250,
    )
    GeneratorFactory(
        name="Anhänger 2", owner=provider, owner_name="", region=waterworks.region, power_kw=60
    )
    contact = waterworks.contacts.get()
    particulars = f"/krise/betreiber/{provider.slug}/"
    pictures = PICTURES | {particulars: "betreiber"}
    for address in (
        "/krise/schwellenwerte/",
        "/krise/pflichten/",
        "/krise/stoerungen/",
        facility,
        *(f"{facility}{part}/" for part in ("versorgungsgrad", "kontakte", "dokumente")),
        *(f"{facility}{part}/" for part in ("pflichten", "pflichten/registrierung", "stoerung")),
        *(f"{facility}unterlagen/{key}/" for key in ("registrierung", "risikoanalyse")),
        f"{facility}unterlagen/resilienzplan/",
        f"/krise/kontakte/{contact.pk}/",
        particulars,
        *(f"/krise/notstrom/{part}" for part in ("", "neu/", f"{generator.pk}/")),
        incident.get_absolute_url(),
        *(f"{incident.get_absolute_url()}{key}/" for key in ("was", "wen", "warum")),
    ):
        page.goto(address)
        for way in every_way(page):
            assert_accessible(page)
            assert_fits(page)
            if name := pictures.get(address.removeprefix(facility) or address):
                take(page, f"{name}-{way}")


def test_pages_of_the_desk(look: Eye, waterworks: Facility) -> None:
    page = sign_in(look(), second_factor(UserFactory(is_operator=True)))
    for address in ("/betrieb/schwellenwerte/", "/betrieb/meldestellen/"):
        page.goto(address)
        for _way in every_way(page):
            assert_accessible(page)
            assert_fits(page)
