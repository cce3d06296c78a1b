"""Pages on what hangs on what: right figures, nothing of what a person may not see, few queries."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.factories import FacilityFactory, SupplyFactory

from allmende.accounts.models import User
from allmende.crisis.models import Facility, Service
from allmende.registry.models import Region

pytestmark = pytest.mark.django_db
WHAT_IF = "/krise/was-waere-wenn/"
PAGES = ("/krise/engstellen/", "/krise/karte/", f"{WHAT_IF}?was=leistung:strom&laeufe=on")


@pytest.fixture
def inside(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def shown(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_run_by_hand(inside: Client, substation: Facility, waterworks: Facility) -> None:
    page = shown(inside, f"{WHAT_IF}?aus={substation.pk}&dauer=10&horizont=24&beginn=10:30")
    assert "<dd>6.000</dd>" in page  # 1,000 people from hour 4 to hour 10
    assert "<dd>Tag 1, 14:30</dd>" in page
    assert "Strom fehlt seit Tag 1, 10:30 (Umspannwerk), und der Vorrat ist aufgebraucht" in page
    assert "Strom fehlt; der Vorrat reicht noch 4 Std., bis Tag 1, 14:30" in page
    assert "Rufen Sie zuerst an" in page
    assert "Was eine Stunde mehr Vorrat erspart" in page


def test_a_generator_in_time_saves_it_all(
    inside: Client,
    substation: Facility,
    waterworks: Facility,
) -> None:
    page = shown(
        inside,
        f"{WHAT_IF}?aus={substation.pk}&dauer=10&aggregat={waterworks.pk}&ab=2&fahrt=1.5",
    )
    assert "Personenstunden von 6.000" in page
    assert "Niemand ist ohne Versorgung" in page
    assert "ein Aggregat kommt an" in page
    assert '<td class="kern-table__cell al-nowrap al-beside">Tag 1, 15:30</td>' in page


def test_dependencies_name_what_may_be_seen(
    inside: Client,
    substation: Facility,
    waterworks: Facility,
    far: Facility,
) -> None:
    waterworks.supplies.get().rows.create(facility=far)
    for start in (substation, waterworks):
        page = shown(inside, f"{start.get_absolute_url()}abhaengigkeiten/")
        assert "Umspannwerk" in page
        assert "Wasserwerk" in page
    assert "1 von 2" in page
    assert "(1 nicht sichtbar)" in page
    assert "Geheime Leitung" not in page


def test_what_depends_on_it_unseen_is_counted(
    inside: Client,
    waterworks: Facility,
    far: Facility,
) -> None:
    SupplyFactory(facility=far, service=Service.DRINKING_WATER, of=[waterworks])
    page = shown(inside, f"{waterworks.get_absolute_url()}abhaengigkeiten/")
    assert "1 Einrichtung, die von ihr abhängt, dürfen Sie nicht sehen" in page
    assert "Geheime Leitung" not in page


def test_what_may_not_be_seen_is_told_beside_the_figures(
    inside: Client, substation: Facility, waterworks: Facility, far: Facility
) -> None:
    """Suppliers count as working, and who hangs on what fails is not counted: no false reassurance."""
    path = f"{WHAT_IF}?aus={substation.pk}&dauer=1"
    limits = "Gerechnet ist nur mit dem, was Sie sehen dürfen"
    page = shown(inside, path)
    assert "<dt>Einrichtung fällt aus</dt><dd>1</dd>" in page
    assert "Der Schaden dauert jeweils eine Stunde." in page
    assert "Niemand ist ohne Versorgung" in page
    assert limits not in page

    waterworks.supplies.get().rows.create(facility=far)
    SupplyFactory(facility=far, of=[substation])
    page = shown(inside, path)
    assert "1 Lieferant, den Sie nicht sehen dürfen, gilt als in Betrieb." in page
    assert (
        "1 Einrichtung, die von den ausgefallenen abhängt, dürfen Sie nicht sehen; sie zählt nicht mit."
        in page
    )
    assert limits in page

    other = FacilityFactory()
    waterworks.supplies.get().rows.create(facility=other)
    SupplyFactory(facility=other, of=[substation])
    page = shown(inside, path)
    assert "2 Lieferanten, die Sie nicht sehen dürfen, gelten als in Betrieb." in page
    assert (
        "2 Einrichtungen, die von den ausgefallenen abhängen, dürfen Sie nicht sehen; sie zählen nicht mit."
        in page
    )
    Facility.objects.filter(pk=other.pk).update(closed_on="2026-01-01")
    assert "1 Einrichtung, die von den ausgefallenen abhängt," in shown(inside, path)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_names_what_may_not_be_seen(
    inside: Client,
    waterworks: Facility,
    far: Facility,
    path: str,
) -> None:
    waterworks.supplies.get().rows.create(facility=far)
    Facility.objects.filter(pk=far.pk).update(vendor="Geheimtec", provider_name="Geheimnetz")
    assert "Geheim" not in shown(inside, path)
    page = shown(inside, f"{WHAT_IF}?aus={far.pk}&q=geheim&aggregat={far.pk}")
    assert "Geheime Leitung" not in page
    assert "1 Einrichtung aus der Adresse gibt es nicht mehr" in page


def test_a_stranger_finds_no_dependencies(
    client: Client, waterworks: Facility, stranger: User
) -> None:
    client.force_login(stranger)
    assert client.get(f"{waterworks.get_absolute_url()}abhaengigkeiten/").status_code == 404


def test_what_was_given_up_hangs_on_nothing(inside: Client, waterworks: Facility) -> None:
    Facility.objects.filter(pk=waterworks.pk).update(closed_on="2026-01-01")
    page = shown(inside, f"{waterworks.get_absolute_url()}abhaengigkeiten/")
    assert "Die Einrichtung ist aufgegeben." in page


@pytest.mark.parametrize("path", PAGES)
def test_what_does_not_fit_together_is_no_error(
    inside: Client,
    substation: Facility,
    waterworks: Facility,
    path: str,
) -> None:
    waterworks.supplies.update(needed=9, buffer_hours=8_760, recharge=0)
    waterworks.supplies.get().rows.create(facility=waterworks)
    shown(inside, path)
    Facility.objects.filter(pk=substation.pk).update(closed_on="2026-01-01")
    shown(inside, path)


@pytest.mark.parametrize(
    "said",
    [
        "aus=abc&aus=-1&aus=99999999999999&was=quatsch",
        "was=leistung:strom&dauer=nan",
        "was=leistung:strom&dauer=inf&horizont=5",
        "was=leistung:strom&dauer=-3&ab=-1&fahrt=1e9",
        "was=leistung:strom&beginn=25:99",
        "was=leistung:strom&horizont=",
        "was=gemeinde:0&q=%00",
        "q=%25&suchen=1",
    ],
)
def test_a_strange_address_is_no_error(inside: Client, waterworks: Facility, said: str) -> None:
    shown(inside, f"{WHAT_IF}?{said}")


def test_too_many_facilities_are_refused(inside: Client, village: Region) -> None:
    many = FacilityFactory.create_batch(151, region=village)
    page = shown(inside, WHAT_IF + "?" + "&".join(f"aus={each.pk}" for each in many))
    assert "Bitte wählen Sie höchstens 150 Einrichtungen" in page
    assert "Was daraus wird" not in page


def test_search_offers_and_keeps_what_was_chosen(
    inside: Client,
    substation: Facility,
    waterworks: Facility,
) -> None:
    page = shown(inside, f"{WHAT_IF}?aus={substation.pk}&q=wasser")
    assert f'value="{substation.pk}" checked' in page
    assert f'name="aus" value="{waterworks.pk}">' in page


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "count"),
    [*zip(PAGES, (10, 10, 13), strict=True), ("abhaengigkeiten/", 13)],
)
def test_pages_ask_as_often_for_many_as_for_one(
    inside: Client,
    village: Region,
    django_assert_num_queries: Callable[[int], object],
    *,
    rows: int,
    path: str,
    count: int,
) -> None:
    grid = FacilityFactory(service=Service.POWER, region=village)
    for _row in range(rows):
        SupplyFactory(facility=FacilityFactory(region=village), of=[grid])
    if path == "abhaengigkeiten/":
        path = f"{grid.get_absolute_url()}{path}"
    inside.get(path)
    with django_assert_num_queries(count):
        inside.get(path)
