"""A failure played through in the browser, without JavaScript, to a generator that changes who has water."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from allmende.commands.cascade.command import cascade
from allmende.crisis.models import Facility, Service
from tests.factories import (
    FacilityFactory,
    MandateFactory,
    MunicipalityFactory,
    SeatFactory,
    SupplyFactory,
    second_factor,
)

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)

TOWNS = (("Lindenfurt", 11.50, 48.95, 640), ("Falkenbrück", 11.61, 48.99, 5_200))


@pytest.fixture
def grid() -> Facility:
    """A substation above two towns, each with a grid, water, a clinic's care home and a shop."""
    substation = None
    for number, (name, lon, lat, people) in enumerate(TOWNS):
        town = MunicipalityFactory(name=name, ars=f"09574012345{number}", population=people)
        made = {"region": town, "provider_name": "Ahornwerke", "served": people}

        def place(
            what: str,
            service: Service,
            step: int,
            *,
            fields: dict[str, object] = made,
            town: str = name,
            at: tuple[float, float] = (lon, lat),
            **more: object,
        ) -> Facility:
            where = {"lon": at[0] + step * 0.008, "lat": at[1] + step % 2 * 0.006}
            return FacilityFactory(
                **fields | {"name": f"{what} {town}", "service": service} | where | more
            )

        substation = substation or place("Umspannwerk", Service.POWER, 0, served=0, repair_hours=30)
        local = place("Ortsnetz", Service.POWER, 1)
        water = place("Wasserwerk", Service.DRINKING_WATER, 2, feed_in_kw=120)
        care = place("Pflegeheim", Service.CARE, 3)
        shop = place("Lebensmittelmarkt", Service.FOOD, 4)
        SupplyFactory(facility=local, of=[substation], buffer_hours=0)
        SupplyFactory(facility=water, of=[local], buffer_hours=8)
        SupplyFactory(facility=care, of=[local], buffer_hours=24)
        SupplyFactory(facility=care, service=Service.DRINKING_WATER, of=[water], buffer_hours=6)
        SupplyFactory(facility=shop, of=[local], buffer_hours=1)
    assert substation is not None
    return substation


def test_a_failure_is_played_through(look: Eye, grid: Facility) -> None:
    mandate = MandateFactory(user__name="Maria Albers", region=grid.region)
    user = second_factor(SeatFactory(mandate=mandate).mandate.user)
    Facility.objects.update(provider=mandate.organisation, provider_name="")
    page = sign_in(look(javascript=False), user)
    page.goto("/krise/einrichtungen/")
    page.get_by_role("link", name="Was wäre wenn").click()
    page.get_by_label("Einzelne Einrichtung suchen").fill("umspann")
    page.get_by_role("button", name="Suchen", exact=True).last.click()
    page.get_by_label("Umspannwerk Lindenfurt").check()
    page.get_by_role("button", name="Durchspielen").click()
    # Electricity 30 h, food 29 h, water 22 h, care 16 h (six after the water): 97 h for 5,840 people.
    expect(page.locator(".al-keys dd").first).to_have_text("566.480")
    page.get_by_text("Was Sie dagegen tun können").click()
    page.get_by_role("row", name="Wasserwerk Falkenbrück").get_by_label("120 kW").check()
    page.get_by_role("button", name="Durchspielen").click()
    # 5,200 people keep their water; their care home lasts 24 hours, not 14: 6 h without, not 16.
    expect(page.locator(".al-keys dd").first).to_have_text("400.080")
    expect(page.locator(".al-keys")).to_contain_text("166.400")
    again = sign_in(look(), user)
    again.goto(page.url)
    for way in every_way(again):
        assert_accessible(again)
        assert_fits(again)
        take(again, f"ausfall-ergebnis-{way}")


def test_pages_on_what_hangs_on_what(look: Eye, grid: Facility) -> None:
    mandate = MandateFactory(user__name="Maria Albers", region=grid.region)
    user = second_factor(SeatFactory(mandate=mandate).mandate.user)
    Facility.objects.update(provider=mandate.organisation, provider_name="")
    page = sign_in(look(), user)
    shown = {
        "abhaengigkeiten": f"{grid.get_absolute_url()}abhaengigkeiten/",
        "engstellen": "/krise/engstellen/",
        "karte": "/krise/karte/",
        "leer": "/krise/was-waere-wenn/",
    }
    for name, path in shown.items():
        page.goto(path)
        for way in every_way(page):
            assert_accessible(page)
            assert_fits(page)
            take(page, f"ausfall-{name}-{way}")


@pytest.mark.django_db
def test_the_report_of_the_command_can_be_read_by_everybody(look: Eye, tmp_path: Path) -> None:
    country, report = tmp_path / "land.json", tmp_path / "bericht.html"
    for arguments in (
        ["--generate", "400", "--seed", "1", "--json", str(country)],
        [str(country), "--html", str(report)],
    ):
        assert CliRunner().invoke(cascade, arguments).exit_code == 0
    page = look()
    page.set_content(report.read_text(encoding="utf-8"))
    for way in every_way(page):
        assert_accessible(page)
        take(page, f"ausfall-bericht-{way}", whole=False)
