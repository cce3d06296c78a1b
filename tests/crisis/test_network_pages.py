"""Pages on what hangs on what: right figures, nothing of what a person may not see, few queries."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from tests.factories import (
    FacilityFactory,
    MandateFactory,
    MunicipalityFactory,
    SeatFactory,
    SupplyFactory,
)

from allmende.accounts.models import User
from allmende.crisis.models import Facility, Service
from allmende.crisis.outages.hazards import (
    Area,
    Hazard,
    chances_in_area,
    chances_of_part,
    draw,
    middle_of,
)
from allmende.crisis.queries import read_register, visible_facilities
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


def test_water_and_wind_hit_what_lies_in_their_way(
    inside: Client, village: Region, substation: Facility, waterworks: Facility
) -> None:
    other = FacilityFactory(name="Klärwerk", region=MunicipalityFactory(ars="095740123457"))
    SeatFactory(
        mandate=MandateFactory(
            user=User.objects.get(pk=inside.session["_auth_user_id"]), region=other.region
        )
    )
    for facility, lon in ((substation, 11.0), (waterworks, 11.2), (other, 12.0)):
        Facility.objects.filter(pk=facility.pk).update(lon=lon, lat=49.0)
    flood = f"{WHAT_IF}?was=gefahr:hochwasser&wasser=15&dauer=10"
    page = shown(inside, f"{flood}&ort={village.pk}&umkreis=8")
    assert "2 Einrichtungen fallen selbst aus" in page
    assert "Gewürfelt mit der Startzahl 1: Treffen kann es 2 Einrichtungen." in page
    # The middle of both is 7.3 km from each.
    page = shown(inside, f"{flood}&ort={village.pk}&umkreis=7")
    assert "Noch fällt nichts aus." in page
    strip = f"ort={other.region_id}&bis={village.pk}&umkreis=1"
    page = shown(inside, f"{flood}&{strip}")
    assert "2 Einrichtungen fallen selbst aus" in page
    calm = f"{WHAT_IF}?was=gefahr:sturm&{strip}"
    assert "Noch fällt nichts aus." in shown(inside, f"{calm}&boeen=60")
    assert "Treffen kann es 2 Einrichtungen." in shown(inside, f"{calm}&boeen=350&startzahl=3")
    runs = shown(inside, f"{flood}&{strip}&laeufe=on")
    assert "Wird jedes Mal neu gewürfelt, wen es trifft, so liegt der Verlust" in runs


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("was=gefahr:hochwasser", "Bitte wählen Sie eine Gemeinde."),
        ("was=gefahr:sturm&ort={town}", "Von keiner Einrichtung dort ist bekannt, wo sie liegt."),
        ("was=gefahr:sturm&boeen=351", "350"),
        ("was=gefahr:hochwasser&wasser=0", "0.1"),
        ("anteil=0", "1"),
        ("was=&boeen=200", "Bitte wählen Sie hier unter „Naturgefahr“"),
    ],
)
def test_a_hazard_that_cannot_be_is_told(
    inside: Client, waterworks: Facility, said: str, fault: str
) -> None:
    page = shown(inside, f"{WHAT_IF}?{said.format(town=waterworks.region_id)}")
    errors = page[page.index("kern-alert--danger") :]
    assert fault in errors
    assert "Was daraus wird" not in page


def test_an_attack_hits_a_share_of_those_with_the_same_vendor(
    inside: Client, village: Region
) -> None:
    for number in range(12):
        FacilityFactory(name=f"Werk {number}", region=village, vendor="Leitwerk", served=10)
    FacilityFactory(region=village, vendor="Andere")
    whole = f"{WHAT_IF}?was=hersteller:Leitwerk"
    assert "12 Einrichtungen fallen selbst aus" in shown(inside, whole)
    share = [shown(inside, f"{whole}&anteil=50&startzahl={seed}") for seed in (1, 1, 2)]
    said = [re.findall(r"(\d+) Einrichtung(?:en)? f[aä]ll", page)[0] for page in share]
    assert [int(each) < 12 for each in said] == [True] * 3
    down = [re.findall(r"Werk \d+", page[page.index("Was daraus wird") :]) for page in share]
    assert down[0] == down[1] != down[2]
    assert "Treffen kann es 12 Einrichtungen." in share[0]
    one = f"{WHAT_IF}?was=hersteller:Andere&anteil=1"
    assert "Bei diesem Wurf fällt nichts aus: Die eine Einrichtung" in shown(inside, one)


def test_chances_are_those_of_the_curves(
    alice: User, village: Region, substation: Facility, waterworks: Facility
) -> None:
    Facility.objects.update(lon=11.0, lat=49.0)
    register = read_register(visible_facilities(alice))
    middle = middle_of(register, village.pk)
    assert middle is not None
    found = chances_in_area(register, Hazard.FLOOD, Area(middle, middle, 1), strength=1.0)
    assert found[waterworks.pk] == 0.5
    assert found[substation.pk] == pytest.approx(0.6723, abs=1e-4)  # Φ(ln(1/0.8)/0.5)
    assert chances_of_part(register, {waterworks.pk}, share=0.3) == {waterworks.pk: 0.3}
    assert draw(register, {waterworks.pk: 1.0}, seed=5) == {waterworks.pk}
