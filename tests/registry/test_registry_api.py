"""Regions, organisations and offices for programs."""

import pytest

from allmende.accounts.models import ConsentKind
from allmende.accounts.services import give_consent
from tests.api_client import Program
from tests.factories import AgentFactory, MandateFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


def test_regions_by_area_and_key() -> None:
    region = MunicipalityFactory(ars="095720111111", ags="09572111", name="Adelsdorf")
    MunicipalityFactory(ars="010010000001", ags="01001001")
    program = Program()
    assert [row["name"] for row in program.get("/regions?ags=09572")["items"]] == ["Adelsdorf"]
    assert program.get("/regions/09572111")["ars"] == region.ars
    program.send("GET", "/regions/00000000", status=404)


def test_organisations_and_who_may_speak_for_them() -> None:
    mandate = MandateFactory(user__name="Alice Ahrens")
    AgentFactory()
    program = Program()
    [row] = program.get("/organisations?kind=gemeinde")["items"]
    assert row["slug"] == mandate.organisation.slug
    path = f"/organisations/{row['slug']}/offices"
    [office] = program.get(path)["items"]
    assert (office["office"], office["rights"]) == ("Verwaltung", ["contribute", "vote"])
    assert office["name"] is None
    give_consent(actor=mandate.user, kind=ConsentKind.PUBLIC_NAME)
    assert program.get(path)["items"][0]["name"] == "Alice Ahrens"


def test_whose_token_it_is() -> None:
    mandate = MandateFactory()
    told = Program(mandate.user).get("/me")
    assert told["mandates"][0]["organisation"]["slug"] == mandate.organisation.slug
    assert told["mandates"][0]["rights"] == ["contribute", "vote"]
