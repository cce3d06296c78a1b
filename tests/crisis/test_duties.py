"""Duties: what follows from the standing of a facility, done, voluntary, as tasks and as papers."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.factories import (
    ContactFactory,
    FacilityFactory,
    MandateFactory,
    MeasureFactory,
    MunicipalityFactory,
    OrganisationFactory,
    SeatFactory,
    SupplyFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.crisis import portal, queries, services
from allmende.crisis.models import Facility, Fulfilment, Service, Threshold
from allmende.portal.models import Upload
from allmende.registry.models import Office, Organisation, OrganisationKind

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def law() -> None:
    services.load_thresholds()


@pytest.fixture
def provider() -> Organisation:
    return OrganisationFactory(region=None, kind=OrganisationKind.PROVIDER, name="Stadtwerke")


@pytest.fixture
def head(client: Client, provider: Organisation) -> User:
    mandate = MandateFactory(organisation=provider, office=Office.LEADERSHIP, may_contribute=True)
    user = second_factor(mandate.user)
    client.force_login(user)
    return user


@pytest.fixture
def waterworks(provider: Organisation) -> Facility:
    """Critical since 1 April 2025."""
    facility: Facility = FacilityFactory(provider=provider, name="Wasserwerk Nord")
    MeasureFactory(facility=facility, value=Decimal(22_000_000), year=2024)
    return facility


def days(facility: Facility, on: date = TODAY) -> dict[str, date | None]:
    [duties] = queries.duties_of([facility], on=on)
    return {due.duty.key: due.due_on for due in duties.dues}


def test_the_law_asks_only_those_above_the_threshold(waterworks: Facility) -> None:
    assert days(waterworks) == {
        "registrierung": date(2026, 7, 17),
        "risikoanalyse": None,
        "resilienzplan": None,
    }
    waterworks.measures.update(value=Decimal(21_000_000))
    [duties] = queries.duties_of([waterworks], on=TODAY)
    assert (duties.since, duties.dues, duties.is_legal) == (None, (), False)


def test_what_is_done_starts_what_follows(client: Client, head: User, waterworks: Facility) -> None:
    page = f"{waterworks.get_absolute_url()}pflichten/registrierung/"
    file = SimpleUploadedFile("Bescheid.pdf", b"%PDF-1.7\nBescheid\n%%EOF\n")
    typed = {"done_on": "2026-06-15", "note": "Az. 12"}
    assert client.post(page, typed | {"file": file}).status_code == 303
    assert client.post(page, typed).status_code == 303
    assert days(waterworks) == {
        "registrierung": None,
        "risikoanalyse": date(2027, 3, 15),
        "resilienzplan": date(2027, 4, 15),
    }
    done = Fulfilment.objects.get()
    answer = client.post(f"/krise/pflichten/{done.pk}/nachweis/")
    assert answer.getvalue().startswith(b"%PDF")  # type: ignore[attr-defined]
    assert client.post(f"/krise/pflichten/{done.pk}/zuruecknehmen/").status_code == 303
    assert days(waterworks)["registrierung"] == date(2026, 7, 17)
    assert Upload.objects.count() == 0


def test_nothing_is_done_tomorrow(client: Client, head: User, waterworks: Facility) -> None:
    page = f"{waterworks.get_absolute_url()}pflichten/registrierung/"
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    content = client.post(page, {"done_on": tomorrow}).content.decode()
    assert "Dieses Datum liegt in der Zukunft" in content
    assert client.get(page.replace("registrierung", "erfunden")).status_code == 404


def test_below_the_threshold_the_list_is_voluntary_and_off(
    client: Client, head: User, provider: Organisation
) -> None:
    facility = FacilityFactory(provider=provider)
    page = f"{facility.get_absolute_url()}pflichten/"
    content = client.get(page).content.decode()
    assert "hat keine gesetzlichen Pflichten" in content
    assert "Registrieren" not in content
    assert client.post(f"{page}freiwillig/", {"freiwillig": "ja"}).status_code == 303
    content = client.get(page).content.decode()
    assert "Registrieren" in content
    assert "freiwillig" in content
    [task] = portal.tasks(head)
    assert task.note == "freiwillig"
    client.post(f"{page}freiwillig/", {"freiwillig": "nein"})
    assert list(portal.tasks(head)) == []


def test_a_sector_with_its_own_law_registers_only(provider: Organisation) -> None:
    facility = FacilityFactory(provider=provider, service=Service.TELECOM)
    MeasureFactory(facility=facility, key="telekommunikationsnetz", value=Decimal(200_000))
    [duties] = queries.duties_of([facility], on=TODAY)
    assert [due.duty.key for due in duties.dues] == ["registrierung"]
    assert [duty.key for duty in duties.exempt] == [
        "risikoanalyse",
        "resilienzplan",
        "stoerungsmeldung",
    ]
    assert not duties.reports_incidents


def test_tasks_are_for_those_who_run_it(head: User, waterworks: Facility) -> None:
    [task] = portal.tasks(head)
    assert task.title == "Registrieren: Wasserwerk Nord"
    assert task.note == "KRITISDachG § 8"
    assert task.due == queries.end_of(date(2026, 7, 17))
    seat = SeatFactory(mandate__organisation=OrganisationFactory(region=waterworks.region))
    assert list(portal.tasks(second_factor(seat.mandate.user))) == []


def test_the_municipality_reads_and_enters_them_too(client: Client, waterworks: Facility) -> None:
    seat = SeatFactory(mandate__organisation=OrganisationFactory(region=waterworks.region))
    client.force_login(second_factor(seat.mandate.user))
    content = client.get("/krise/pflichten/").content.decode()
    assert "Wasserwerk Nord" in content
    assert "Stadtwerke" in content
    assert "bis 17. Juli 2026" in content


def test_others_find_nothing(client: Client, waterworks: Facility) -> None:
    seat = SeatFactory(mandate__organisation=OrganisationFactory(region=MunicipalityFactory()))
    client.force_login(second_factor(seat.mandate.user))
    assert "Wasserwerk Nord" not in client.get("/krise/pflichten/").content.decode()
    for path in ("pflichten/", "pflichten/registrierung/", "unterlagen/registrierung/"):
        assert client.get(f"{waterworks.get_absolute_url()}{path}").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_many_as_for_one(
    client: Client,
    head: User,
    provider: Organisation,
    rows: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    for number in range(rows):
        facility = FacilityFactory(provider=provider, group=f"Gruppe {number}")
        MeasureFactory(facility=facility)
    client.get("/krise/pflichten/")
    with django_assert_num_queries(10):
        client.get("/krise/pflichten/")


@pytest.mark.parametrize("key", ["registrierung", "risikoanalyse", "resilienzplan"])
def test_a_paper_is_prepared_from_the_register(
    client: Client, head: User, waterworks: Facility, key: str
) -> None:
    ContactFactory(facility=waterworks, name="Bereitschaft *Nord*")
    SupplyFactory(
        facility=waterworks, of=[FacilityFactory(service=Service.POWER, name="Umspannwerk")]
    )
    hidden = SupplyFactory(
        facility=FacilityFactory(name="Klinik"), service=Service.DRINKING_WATER, of=[waterworks]
    )
    page = f"{waterworks.get_absolute_url()}unterlagen/{key}/"
    content = client.get(page).content.decode()
    assert "Wasserwerk Nord" in content
    assert ("Umspannwerk" in content) is (key != "registrierung")
    assert hidden.facility.name not in content
    for format_, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = client.post(page, {"als": format_})
        assert answer.content.startswith(start)
        assert answer["Content-Disposition"].endswith(f'{key}-{waterworks.pk}.{format_}"')
        entry = Entry.objects.order_by("-number").first()
        assert entry is not None
        assert (entry.deed, entry.details) == (
            "crisis.export_paper",
            {"paper": key, "format": format_},
        )
    written = docx.Document(io.BytesIO(answer.content))
    foot = written.sections[0].footer.paragraphs[0].text
    assert foot.startswith("Vertraulich · abgerufen für Leitung · Stadtwerke am ")
    assert foot.endswith(f"Kennung {entry.number}")
    assert head.name not in foot


def test_what_fails_with_one_supplier_is_said(
    client: Client, head: User, waterworks: Facility
) -> None:
    SupplyFactory(facility=waterworks, buffer_hours=4)
    sheet = queries.sheet_of(waterworks, reader=head)
    assert [need.is_single for need in sheet.needs] == [True]
    assert sheet.needs[0].hours == "4 Stunden"
    assert sheet.measures == (
        (
            "Wasserwerk: Aufbereitung von Trinkwasser: Wasser",
            "2024",
            "22.000.000 m³ im Jahr",
            "500.000",
        ),
    )
    page = f"{waterworks.get_absolute_url()}unterlagen/risikoanalyse/"
    assert "Fällt der einzige Lieferant aus" in client.get(page).content.decode()


def test_a_facility_of_a_land_is_told_why_there_is_no_list(
    client: Client, head: User, provider: Organisation
) -> None:
    facility = FacilityFactory(provider=provider, name="Wasserwerk Süd")
    MeasureFactory(facility=facility, value=Decimal(1_000))
    ours = Threshold.objects.filter(key="wasserwerk", level="bund").order_by("-valid_from")[0]
    ours.pk, ours.level, ours.land, ours.amount = (
        None,
        "land",
        facility.region.land,
        Decimal(1_000),
    )
    ours.save()
    for page in (f"{facility.get_absolute_url()}pflichten/", "/krise/pflichten/"):
        content = client.get(page).content.decode()
        assert "Pflichten aus Landesrecht sind hier keine hinterlegt" in content
        assert "Registrieren" not in content


def test_of_whom_the_law_asks_something_comes_first(
    client: Client, provider: Organisation, waterworks: Facility
) -> None:
    """Who comes later by name; what nobody asks anything of is folded away."""
    small = FacilityFactory(provider_name="Aachwerke", region=waterworks.region)
    MeasureFactory(facility=small, value=Decimal(1_000))
    seat = SeatFactory(mandate__organisation=OrganisationFactory(region=waterworks.region))
    client.force_login(second_factor(seat.mandate.user))
    providers = client.get("/krise/pflichten/").context["providers"]
    told = [
        (name, [row.facility for row in rows], [row.facility for row in rest])
        for name, _runs, rows, rest in providers
    ]
    assert told == [("Stadtwerke", [waterworks], []), (small.who_runs_it, [], [small])]
