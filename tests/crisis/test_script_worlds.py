"""The register as the world of a script, and what fails in it."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.crisis.small import small_script
from tests.factories import (
    ContactFactory,
    FacilityFactory,
    GeneratorFactory,
    MunicipalityFactory,
    SupplyFactory,
)

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.crisis.models import Facility, Generator, ScriptDraft, Service
from allmende.crisis.queries import worlds
from allmende.crisis.queries.places import places_in
from allmende.crisis.queries.rehearsals import check_draft, rehearse_draft
from allmende.crisis.queries.worlds import world_of_register
from allmende.crisis.services.exercises import authoring
from allmende.formats.exercise_script.document import script_of
from allmende.registry.models import Region

pytestmark = pytest.mark.django_db


def take(page: Client, draft: ScriptDraft, **wish: object) -> str:
    address = reverse("scripts:take_register", args=[draft.pk])
    answer = page.post(address, {"revision": draft.revision} | wish)
    shown = page.get(answer.headers["Location"]).content.decode()
    draft.refresh_from_db()
    return shown


def test_the_register_becomes_the_network_and_nothing_else_of_it(
    draft: ScriptDraft, page: Client, waterworks: Facility, substation: Facility, far: Facility
) -> None:
    ContactFactory(facility=waterworks, name="Erika Geheim", telephone="0911 4711")
    Facility.objects.filter(pk=waterworks.pk).update(
        place="Am Brunnen 3",
        note="Schlüssel beim Pförtner",
        lon=11.23456,
        lat=49.34567,
        vendor="Siemens",
    )
    SupplyFactory(facility=waterworks, of=[far], buffer_hours=1)
    take(page, draft)
    keys = [f"strom-{substation.pk}", f"trinkwasser-{waterworks.pk}"]
    assert draft.script["facility_names"] == dict(
        zip(keys, ["Umspannwerk", "Wasserwerk"], strict=True)
    )
    model = draft.script["model"]
    assert [row["key"] for row in model["facilities"]] == keys
    assert model["facilities"][1] == {
        "key": keys[1],
        "sector": "trinkwasser",
        "municipality": "Lindenfurt",
        "served": 1_000,
        "rank": waterworks.repair_rank,
        "repair_hours": waterworks.repair_hours,
    } | ({"repair_spread": waterworks.repair_spread} if waterworks.repair_spread else {})
    assert [
        (row["facility"], row["suppliers"], row["buffer_hours"]) for row in model["supplies"]
    ] == [(keys[1], [keys[0]], 4)]
    written = json.dumps(draft.script, ensure_ascii=False)
    for secret in ("Geheim", "4711", "Brunnen", "Pförtner", "11.23", "49.34", "Siemens", far.name):
        assert secret not in written
    assert Entry.objects.get(deed="crisis.change_draft").details == {
        "part": "model",
        "name": "",
        "facilities": 2,
    }


def test_a_network_is_replaced_only_after_asking_and_can_be_put_back(
    draft: ScriptDraft, page: Client, waterworks: Facility, alice: User
) -> None:
    before = dict(draft.script)
    asked = page.get(reverse("scripts:take_register", args=[draft.pk]))
    shown = asked.content.decode()
    assert asked.context["exchange"].gone == ["Ortsnetz", "Wasserwerk Nord", "Wasserwerk Süd"]
    assert asked.context["exchange"].come == len(Facility.objects.all())
    assert "Die Einrichtung „nord“ gibt es nicht." in shown
    draft.refresh_from_db()
    assert draft.script == before
    shown = take(page, draft)
    assert "Rückgängig machen" in shown
    assert "Dieses Netz nennt Einrichtungen eines Registers." in shown
    assert draft.script["from_register"] is True
    authoring.switch_inject(actor=alice, mandate=None, draft=draft, key="1", enabled=False)
    back = reverse("scripts:put_network_back", args=[draft.pk])
    page.post(back)
    draft.refresh_from_db()
    assert {name: draft.script[name] for name in ("model", "facility_names")} == {
        name: before[name] for name in ("model", "facility_names")
    }
    assert draft.script["injects"][0]["enabled"] is False
    assert "from_register" not in draft.script
    again = page.get(page.post(back).headers["Location"])
    assert "nicht mehr rückgängig" in again.content.decode()


def test_a_part_of_the_register_is_chosen_and_seen_before_it_is_taken(
    draft: ScriptDraft, page: Client, alice: User, waterworks: Facility, substation: Facility
) -> None:
    clinic = FacilityFactory(name="Klinik", service=Service.HOSPITAL, region=waterworks.region)
    address = reverse("scripts:take_register", args=[draft.pk])

    def seen(**wish: object) -> tuple[set[str], int, int]:
        found = page.get(address, wish).context["world"]
        return set(found.names.values()), found.along, found.hidden

    every = {"Umspannwerk", "Wasserwerk", "Klinik"}
    assert seen() == seen(gemeinden=waterworks.region_id) == (every, 0, 0)
    assert seen(sektoren="wasser") == ({"Umspannwerk", "Wasserwerk"}, 1, 0)
    assert seen(sektoren="wasser", lieferanten="ohne") == ({"Wasserwerk"}, 0, 1)
    assert seen(sektoren=["wasser", "gesundheit"], lieferanten="ohne")[0] == every - {"Umspannwerk"}
    assert seen(sektoren="weltraum") == (set(), 0, 0)
    shown = page.get(address, {"sektoren": "wasser"}).content.decode()
    assert '<input type="hidden" name="sektoren" value="wasser">' in shown
    before = dict(draft.script)
    for wrong in ({"sektoren": "zauberei"}, {"gemeinden": "0"}):
        answer = page.post(address, {"revision": draft.revision} | wrong)
        told = page.get(answer.headers["Location"])
        assert "Bitte berichtigen Sie zuerst die Auswahl." in told.content.decode()
    draft.refresh_from_db()
    assert draft.script == before
    take(page, draft, sektoren="wasser", lieferanten="ohne")
    assert list(draft.script["facility_names"].values()) == ["Wasserwerk"]
    assert draft.script["model"]["supplies"] == []
    assert f"krankenhaus-{clinic.pk}" not in str(draft.script)


def test_a_municipality_has_what_supplies_it_from_elsewhere_too(
    draft: ScriptDraft, alice: User, waterworks: Facility, far: Facility
) -> None:
    other = MunicipalityFactory(ars="095740999999", name="Nachbarort")
    there = FacilityFactory(name="Nachbarwerk", region=other, served=200)
    there.shares.create(region=waterworks.region, persons=200)
    FacilityFactory(name="Nachbarbad", region=other)
    wish = worlds.Wish(towns=(waterworks.region_id,), along=False)
    assert set(world_of_register(alice, draft, wish).names.values()) == {
        "Nachbarwerk",
        "Umspannwerk",
        "Wasserwerk",
    }


def test_where_a_network_comes_from_survives_a_copy_and_a_file(
    draft: ScriptDraft, page: Client, waterworks: Facility
) -> None:
    take(page, draft)
    page.post(reverse("scripts:copy", args=[draft.pk]))
    copy = ScriptDraft.objects.latest("pk")
    assert (copy.pk != draft.pk, copy.script["from_register"]) == (True, True)
    file = page.get(reverse("scripts:export", args=[draft.pk, "drehbuch.json"]))
    assert script_of(json.loads(file.getvalue())).from_register is True


def test_a_network_that_was_changed_since_is_not_put_back(
    draft: ScriptDraft, page: Client, waterworks: Facility
) -> None:
    take(page, draft)
    model = draft.script["model"] | {"scenario": {"horizon_hours": 99}}
    ScriptDraft.objects.filter(pk=draft.pk).update(script=draft.script | {"model": model})
    assert "Rückgängig" not in page.get(reverse("scripts:world", args=[draft.pk])).content.decode()
    page.post(reverse("scripts:put_network_back", args=[draft.pk]))
    draft.refresh_from_db()
    assert draft.script["model"]["scenario"] == {"horizon_hours": 99}


def test_what_no_longer_exists_becomes_a_finding_and_the_same_key_stays(
    draft: ScriptDraft, page: Client, waterworks: Facility
) -> None:
    take(page, draft)
    messages = [each.message for each in check_draft(script_of(draft.script)).found]
    assert "Die Einrichtung „nord“ gibt es nicht." in messages
    FacilityFactory(name="Klinik", service=Service.HOSPITAL, region=waterworks.region)
    before = set(draft.script["facility_names"])
    take(page, draft)
    assert before < set(draft.script["facility_names"])


def test_another_register_is_nobodys(
    draft: ScriptDraft, waterworks: Facility, far: Facility, stranger: User, alice: User
) -> None:
    assert world_of_register(stranger, draft).names == {}
    assert len(world_of_register(alice, draft).names) == 2


def test_an_empty_register_and_a_script_that_changed_are_told(
    draft: ScriptDraft, page: Client, village: Region, alice: User
) -> None:
    assert "noch keine Einrichtung" in take(page, draft)
    authoring.switch_inject(actor=alice, mandate=None, draft=draft, key="1", enabled=False)
    assert "inzwischen geändert" in take(page, draft)
    assert draft.script["model"]["facilities"][0]["key"] == "netz"


def test_a_register_that_is_too_large_is_counted_and_not_read(
    draft: ScriptDraft,
    page: Client,
    waterworks: Facility,
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worlds, "MOST_FACILITIES", 1)
    with CaptureQueriesContext(connection) as asked:
        world = worlds.world_of_register(alice, draft)
    assert (world.is_too_large, world.names) == (True, {})
    assert not any("repair_hours" in query["sql"] for query in asked)
    before = dict(draft.script)
    assert "Das Register hat mehr als" in take(page, draft)
    assert draft.script == before


def test_towns_of_one_name_are_told_apart_by_their_keys(
    draft: ScriptDraft, alice: User, waterworks: Facility
) -> None:
    other = MunicipalityFactory(ars="095750999999", name="Lindenfurt")
    waterworks.shares.all().delete()
    for region, persons in ((waterworks.region, 600), (other, 400)):
        waterworks.shares.create(region=region, persons=persons)
    [row] = [
        row
        for row in world_of_register(alice, draft).model["facilities"]
        if row["key"] == f"trinkwasser-{waterworks.pk}"
    ]
    assert row["shares"] == {
        f"Lindenfurt ({waterworks.region.ags})": 600,
        f"Lindenfurt ({other.ags})": 400,
    }


def test_what_fails_is_chosen_and_played(
    draft: ScriptDraft, page: Client, waterworks: Facility, substation: Facility
) -> None:
    take(page, draft)
    address = reverse("scripts:hazard", args=[draft.pk])
    shown = page.get(address)
    grid = f"strom-{substation.pk}"
    sent = {
        "stand": shown.context["stand"],
        "lines": "3",
        "horizon": "72",
        "facility_1": grid,
        "kind_1": "aus",
        "at_1": "1,5",
        "hours_1": "6",
    }
    wrong = page.post(address, sent | {"hours_1": "", "at_0": "2"})
    assert sorted(wrong.context["form"].errors) == ["facility_0", "hours_1"]
    assert page.post(address, sent).status_code == 303
    draft.refresh_from_db()
    scenario = draft.script["model"]["scenario"]
    assert scenario == {
        "horizon_hours": 72,
        "outages": [{"facility": grid, "at": 1.5, "hours": 6.0}],
    }
    # What follows from the small script's decision is about facilities that are no more.
    document = draft.script | {"decisions": []}
    run = rehearse_draft(script_of(document), [])
    # Four hours in store, so two of the six without water.
    assert run.nothing == pytest.approx(1_000 * 2)
    late = page.post(address, sent | {"hours_1": "9"})
    assert "inzwischen geändert" in late.content.decode()


def test_the_rest_of_a_scenario_stays(draft: ScriptDraft, page: Client) -> None:
    model = draft.script["model"]
    crews = {"": 1}
    hazards = [{"kind": "attack", "users": ["nord"], "share": 1, "at": 3, "hours": 4}]
    model["scenario"] |= {"crews": crews, "hazards": hazards}
    ScriptDraft.objects.filter(pk=draft.pk).update(script=draft.script)
    address = reverse("scripts:hazard", args=[draft.pk])
    shown = page.get(address)
    sent = {f.html_name: f.value() for f in shown.context["form"] if f.value() not in (None, "")}
    assert (
        page.post(address, sent | {"stand": shown.context["stand"], "hours_0": "8"}).status_code
        == 303
    )
    draft.refresh_from_db()
    assert draft.script["model"]["scenario"] == {
        "horizon_hours": 12.0,
        "crews": crews,
        "hazards": hazards,
        "damages": [{"facility": "netz", "at": 1.0, "hours": 8.0}],
    }


@pytest.mark.parametrize(
    "model",
    [
        {},
        {"facilities": "viele"},
        {"facilities": [{"key": "a", "sector": "strom", "served": "viel"}]},
        {"facilities": [{"key": "a", "sector": "strom"}], "supplies": [{"facility": 5}]},
        {"facilities": [{"key": "a", "sector": "strom"}], "scenario": {"damages": [{"at": 1}]}},
        {"facilities": [{"key": "a", "sector": "strom"}], "scenario": [1]},
    ],
)
def test_a_network_that_cannot_be_read_breaks_no_page(
    model: dict[str, Any], draft: ScriptDraft, page: Client, waterworks: Facility
) -> None:
    document = draft.script | {"model": model}
    document.pop("facility_places", None)
    ScriptDraft.objects.filter(pk=draft.pk).update(script=document)
    for name in ("draft", "world", "hazard", "check", "rehearsal", "announce"):
        assert page.get(reverse(f"scripts:{name}", args=[draft.pk])).status_code in (200, 303)
    for section in ("einlagen", "aggregate"):
        assert page.get(reverse("scripts:row", args=[draft.pk, section])).status_code == 200
    option = reverse("scripts:option", args=[draft.pk])
    assert page.get(f"{option}?nr=wohin&wahl=nord").status_code == 200
    draft.refresh_from_db()
    take(page, draft)
    assert len(draft.script["facility_names"]) == 2


def test_more_failures_than_lines_stay(draft: ScriptDraft, page: Client) -> None:
    damages = [{"facility": "netz", "at": float(n), "hours": 1.0} for n in range(70)]
    model = draft.script["model"]
    model["scenario"] = {"horizon_hours": 100.0, "damages": damages}
    ScriptDraft.objects.filter(pk=draft.pk).update(script=draft.script)
    address = reverse("scripts:hazard", args=[draft.pk])
    shown = page.get(address)
    assert "10 weitere stehen nicht hier" in shown.content.decode()
    sent = {f.html_name: f.value() for f in shown.context["form"] if f.value() not in (None, "")}
    assert page.post(address, sent | {"stand": shown.context["stand"]}).status_code == 303
    draft.refresh_from_db()
    assert draft.script["model"]["scenario"]["damages"] == damages


def test_places_tell_supplies_by_number() -> None:
    [north, grid, south] = sorted(places_in(small_script()), key=lambda place: place.key != "nord")
    assert (north.name, north.supplies, north.served) == (
        "Wasserwerk Nord",
        ("Ortsnetz, Vorrat 2 Std.",),
        800,
    )
    assert {grid.key, south.key} == {"netz", "sued"}


def test_mobile_generators_of_the_area_come_with_it_and_go_back(
    draft: ScriptDraft, page: Client, waterworks: Facility, village: Region
) -> None:
    """The waterworks takes 60 kW: what gives less feeds nobody."""
    fitting = GeneratorFactory(name="Aggregat Bauhof", power_kw=100, region=village)
    GeneratorFactory(power_kw=59, region=village)
    GeneratorFactory(power_kw=500, is_mobile=False, region=village)
    GeneratorFactory(power_kw=500)
    written = draft.script.get("units", [])
    take(page, draft)
    unit = {
        "key": f"netzersatz-{fitting.pk}",
        "name": "Aggregat Bauhof (100 kW)",
        "hours": 2.0,
        "sites": [f"trinkwasser-{waterworks.pk}"],
    }
    assert draft.script["units"] == [*written, unit]
    assert "0800 112" not in json.dumps(draft.script)
    # How long it takes, the register does not know: what was said of it stays.
    unit |= {"hours": 0.5, "travel_hours": {f"trinkwasser-{waterworks.pk}": 1.5}}
    draft.script["units"] = [*written, unit | {"travel_hours": unit["travel_hours"] | {"fort": 1}}]
    draft.save()
    take(page, draft)
    assert draft.script["units"] == [*written, unit]
    Generator.objects.all().delete()
    take(page, draft)
    assert draft.script.get("units", []) == written
    page.post(reverse("scripts:put_network_back", args=[draft.pk]))
    draft.refresh_from_db()
    assert draft.script["units"] == [*written, unit]
