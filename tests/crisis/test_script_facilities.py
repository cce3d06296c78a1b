"""The network of a script, written facility by facility in the browser."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.crisis.small import small_document

from allmende.accounts.models import User
from allmende.crisis import scripts
from allmende.crisis.models import ScriptDraft
from allmende.crisis.queries.rehearsals import rehearse_draft
from allmende.crisis.services.exercises import authoring
from allmende.formats.exercise_script.changes import find_row, rows_of, stand_of
from allmende.formats.exercise_script.document import document_of, script_of
from allmende.formats.exercise_script.model import Script
from allmende.registry.models import Organisation

pytestmark = pytest.mark.django_db


def row_page(draft: ScriptDraft, key: str = "", page: str = "row") -> str:
    address = reverse(f"scripts:{page}", args=[draft.pk, "einrichtungen"])
    return f"{address}?nr={quote(key)}" if key else address


def list_page(draft: ScriptDraft) -> str:
    return reverse("scripts:rows", args=[draft.pk, "einrichtungen"])


def sent_by(form: Any) -> dict[str, Any]:
    return {f.html_name: f.value() for f in form if f.value() not in (None, "", False, [])}


def facility(draft: ScriptDraft, key: str) -> dict[str, Any] | None:
    draft.refresh_from_db()
    return find_row(draft.script, "facilities", key)


def test_a_small_network_is_written_and_played(
    host: Organisation, alice: User, page: Client
) -> None:
    script = Script("Unser Netz", 600)
    draft = authoring.add_draft(actor=alice, mandate=None, host=host, script=script)
    assert (
        "Erste Einrichtung anlegen"
        in page.get(reverse("scripts:world", args=[draft.pk])).content.decode()
    )
    grid = {"key": "netz", "name": "Ortsnetz", "sector": "strom", "starts_alone": "on"}
    assert page.post(row_page(draft), grid).status_code == 303
    works = {
        "key": "werk",
        "name": "Wasserwerk",
        "sector": "trinkwasser",
        "municipality": "Lindenfurt",
        "served": "1000",
        "starts_alone": "on",
        "east": "1,5",
        "north": "2",
        "lines": "2",
        "supplier_0": "netz",
        "buffer_hours_0": "2,5",
    }
    answer = page.post(row_page(draft), works)
    assert answer.headers["Location"] == f"{list_page(draft)}#zeile-werk"
    # Sent twice is once.
    assert page.post(row_page(draft), works).status_code == 303
    assert facility(draft, "werk") == {
        "key": "werk",
        "name": "Wasserwerk",
        "sector": "trinkwasser",
        "municipality": "Lindenfurt",
        "served": 1000,
        "east": 1.5,
        "north": 2.0,
        "supplies": [{"suppliers": ["netz"], "buffer_hours": 2.5}],
    }
    assert [row["key"] for row in rows_of(draft.script, "facilities")] == ["netz", "werk"]
    hazard = reverse("scripts:hazard", args=[draft.pk])
    stand = page.get(hazard).context["stand"]
    damaged = {"stand": stand, "lines": "1", "horizon": "24", "facility_0": "netz", "hours_0": "6"}
    assert page.post(hazard, damaged).status_code == 303
    draft.refresh_from_db()
    run = rehearse_draft(script_of(draft.script), [])
    assert run.nothing == pytest.approx(1_000 * 3.5)


@pytest.mark.parametrize("key", [key for key, _name in scripts.names()])
def test_every_facility_of_our_scripts_passes_through_its_form_unchanged(
    key: str, host: Organisation, alice: User, page: Client
) -> None:
    draft = authoring.add_draft(actor=alice, mandate=None, host=host, script=scripts.read(key))
    before = draft.script
    for row in before["model"]["facilities"][::3]:
        shown = page.get(row_page(draft, row["key"]))
        sent = sent_by(shown.context["form"]) | {"stand": shown.context["stand"]}
        answer = page.post(row_page(draft, row["key"]), sent)
        assert answer.status_code == 303, (row, answer.context["form"].errors)
    draft.refresh_from_db()
    assert (draft.script, draft.revision) == (before, 1)


def test_what_is_rare_passes_through_the_form(draft: ScriptDraft, page: Client) -> None:
    model = draft.script["model"]
    model["facilities"][1] = {
        "key": "nord",
        "sector": "Deich",
        "served": 1234.5,
        "shares": {"Lindenfurt": 1000, "Kranichsee": 234.5},
        "repair_hours": None,
        "repair_spread": 0.5,
        "rank": -2,
        "pool": "kreis",
        "starts_alone": False,
    }
    added = [{"key": f"haus-{n}", "sector": "strom"} for n in range(4)]
    model["facilities"] += added
    model["supplies"][0] = {
        "facility": "nord",
        "suppliers": ["sued", "netz", *(row["key"] for row in added)],
        "needed": 4,
        "weights": [1, 3, 1, 1, 1, 2],
        "buffer_hours": None,
        "recharge": 0.5,
    }
    draft.script = document_of(script_of(draft.script))
    draft.save(update_fields=["script"])
    before = draft.script
    shown = page.get(row_page(draft, "nord"))
    sent = sent_by(shown.context["form"]) | {"stand": shown.context["stand"]}
    assert sent["shares"] == "Kranichsee = 234,5\nLindenfurt = 1000"
    assert page.post(row_page(draft, "nord"), sent).status_code == 303
    draft.refresh_from_db()
    assert draft.script == before
    again = page.post(row_page(draft, "nord"), sent | {"shares": "A = 1.000\nB=234,5", "pool": ""})
    assert again.status_code == 303
    found = facility(draft, "nord")
    assert found is not None
    assert found["shares"] == {"A": 1000, "B": 234.5}


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"name": ""}, ["name"]),
        ({"sector": "Zauberei"}, ["sector"]),
        ({"served": "-1"}, ["served"]),
        ({"repair_hours": "0"}, ["repair_hours"]),
        ({"east": "3"}, ["north"]),
        ({"municipality": "", "shares": "Lindenfurt"}, ["shares"]),
        ({"municipality": "", "shares": "Lindenfurt = viele"}, ["shares"]),
        ({"municipality": "", "shares": "Lindenfurt = 9"}, ["shares"]),
        ({"shares": "Lindenfurt = 800"}, ["municipality"]),
        ({"supplier_1": "nord"}, ["supplier_1"]),
        ({"needed_1": "1"}, ["supplier_1"]),
        ({"needed_0": "2"}, ["needed_0"]),
        ({"more_0": "Atomkraftwerk"}, ["more_0"]),
        ({"weights_0": "Wasserwerk Süd = 2"}, ["weights_0"]),
        ({"weights_0": "Ortsnetz = halb"}, ["weights_0"]),
        ({"key": "sued"}, ["key"]),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(
    draft: ScriptDraft, page: Client, typed: dict[str, str], wrong: list[str]
) -> None:
    shown = page.get(row_page(draft, "nord"))
    sent = sent_by(shown.context["form"]) | {"stand": shown.context["stand"]} | typed
    answer = page.post(row_page(draft, "nord"), sent)
    assert sorted(answer.context["form"].errors) == wrong
    for name, value in typed.items():
        assert answer.context["form"][name].value() == value
    before = draft.script
    draft.refresh_from_db()
    assert draft.script == before


def test_a_network_that_could_not_be_is_refused_with_its_reason(
    draft: ScriptDraft, page: Client
) -> None:
    model = draft.script["model"]
    model["facilities"][0]["pool"] = "netz"
    model["scenario"]["crews"] = {"netz": 1}
    draft.save(update_fields=["script"])
    shown = page.get(row_page(draft, "netz"))
    sent = sent_by(shown.context["form"]) | {"stand": shown.context["stand"]}
    answer = page.post(row_page(draft, "netz"), sent | {"pool": "anderer"})
    assert "Keine Einrichtung hat den Bereich" in str(answer.context["form"].errors)


def test_two_who_change_one_facility_see_what_differs(draft: ScriptDraft, page: Client) -> None:
    shown = page.get(row_page(draft, "nord"))
    sent = sent_by(shown.context["form"]) | {"stand": shown.context["stand"]}
    assert page.post(row_page(draft, "nord"), sent | {"buffer_hours_0": "5"}).status_code == 303
    late = page.post(row_page(draft, "nord"), sent | {"buffer_hours_0": "8", "served": "900"})
    assert late.context["differences"] == [
        ("Menschen, die sie versorgt", "800", "900"),
        (
            "Was sie braucht",
            "1 von Ortsnetz, Vorrat 5 Std.",
            "1 von Ortsnetz, Vorrat 8 Std.",
        ),
    ]


def test_a_facility_is_copied_with_what_it_needs(draft: ScriptDraft, page: Client) -> None:
    answer = page.post(row_page(draft, page="copy_row"), {"nr": "nord"})
    assert answer.headers["Location"] == row_page(draft, "nord-2")
    there, copied = facility(draft, "nord"), facility(draft, "nord-2")
    assert there is not None
    assert copied == there | {"key": "nord-2"}


def test_who_names_a_facility_is_said_before_it_goes(draft: ScriptDraft, page: Client) -> None:
    asked = page.get(row_page(draft, "netz", "remove_row"))
    assert [(each.part, each.title) for each in asked.context["referrers"]] == [
        ("facilities", "Wasserwerk Nord"),
        ("facilities", "Wasserwerk Süd"),
        ("scenario", ""),
    ]
    assert reverse("scripts:hazard", args=[draft.pk]) in asked.content.decode()
    sent = {"nr": "netz", "stand": asked.context["stand"]}
    assert page.post(row_page(draft, page="remove_row"), sent).status_code == 303
    assert facility(draft, "netz") is None
    assert draft.script["model"]["supplies"] == []
    assert draft.script["model"]["scenario"] == {"horizon_hours": 12, "damages": []}
    late = page.post(row_page(draft, page="remove_row"), sent)
    assert "gibt es nicht mehr" in page.get(late.headers["Location"]).content.decode()


def test_what_the_network_cannot_do_without_stays(draft: ScriptDraft, page: Client) -> None:
    attack = {"kind": "attack", "sectors": ["strom"], "share": 1, "hours": 1}
    draft.script["model"]["scenario"]["hazards"] = [attack]
    draft.save(update_fields=["script"])
    row = facility(draft, "netz")
    answer = page.post(row_page(draft, page="remove_row"), {"nr": "netz", "stand": stand_of(row)})
    shown = page.get(answer.headers["Location"]).content.decode()
    assert "Den Sektor „strom“ hat keine Einrichtung." in shown
    assert facility(draft, "netz") == row


def test_the_last_facility_takes_the_network_along(
    host: Organisation, alice: User, page: Client
) -> None:
    script = script_of({"format": "allmende-exercise/1", "name": "A", "duration_minutes": 60})
    draft = authoring.add_draft(actor=alice, mandate=None, host=host, script=script)
    page.post(row_page(draft), {"key": "1", "name": "Netz", "sector": "strom"})
    row = facility(draft, "1")
    page.post(row_page(draft, page="remove_row"), {"nr": "1", "stand": stand_of(row)})
    draft.refresh_from_db()
    assert script_of(draft.script) == script


def test_facilities_are_found_by_name_place_and_service(draft: ScriptDraft, page: Client) -> None:
    def found(**query: str) -> list[str]:
        return [place.name for place in page.get(list_page(draft), query).context["page"]]

    assert found() == ["Ortsnetz", "Wasserwerk Nord", "Wasserwerk Süd"]
    assert found(q="süd") == ["Wasserwerk Süd"]
    assert found(q="kranich") == ["Wasserwerk Süd"]
    assert found(leistung="strom") == ["Ortsnetz"]
    assert found(leistung="gibt-es-nicht") == found()
    nothing = page.get(list_page(draft), {"q": "Mond"}).content.decode()
    assert "Keine Einrichtung passt zu diesem Filter." in nothing
    # Whoever opens one comes back to the list as it was.
    shown = page.get(row_page(draft, "sued") + "&liste=" + quote("q=süd"))
    assert shown.context["back"] == f"{list_page(draft)}?q=s%C3%BCd#zeile-sued"


def grown(draft: ScriptDraft, count: int) -> ScriptDraft:
    document = small_document()
    model = document["model"]
    model["facilities"] += [
        {"key": f"haus-{n}", "sector": "strom", "served": 10} for n in range(count)
    ]
    model["supplies"] += [{"facility": f"haus-{n}", "suppliers": ["netz"]} for n in range(count)]
    document["facility_names"] |= {f"haus-{n}": f"Trafohaus {n}" for n in range(count)}
    draft.script = document_of(script_of(document))
    draft.save(update_fields=["script"])
    return draft


def test_large_networks_have_small_pages(draft: ScriptDraft, page: Client) -> None:
    grown(draft, 300)
    shown = page.get(list_page(draft))
    assert (len(shown.context["page"]), shown.context["page"].paginator.count) == (50, 303)
    form = page.get(row_page(draft, "nord")).content.decode()
    assert (form.count("<datalist"), len(re.findall("<option [^>]*Trafohaus", form))) == (2, 300)
    shown = page.get(row_page(draft, "nord"))
    sent = sent_by(shown.context["form"]) | {"stand": shown.context["stand"]}
    assert sent["supplier_0"] == "Ortsnetz"
    named = sent | {"second_0": "trafohaus 12", "more_0": "haus-7\nTrafohaus 8", "needed_0": "2"}
    assert page.post(row_page(draft, "nord"), named).status_code == 303
    found = facility(draft, "nord")
    assert found is not None
    assert found["supplies"] == [
        {"suppliers": ["netz", "haus-12", "haus-7", "haus-8"], "needed": 2, "buffer_hours": 2}
    ]


@pytest.mark.parametrize("name", ["rows", "row", "remove_row"])
def test_pages_ask_as_often_however_many_facilities_there_are(
    draft: ScriptDraft, page: Client, name: str
) -> None:
    address = row_page(draft, "nord", name)
    page.get(address)
    counts = []
    for count in (1, 3):
        grown(draft, count)
        with CaptureQueriesContext(connection) as asked:
            page.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_network_that_cannot_be_read_is_mended_elsewhere(
    draft: ScriptDraft, page: Client
) -> None:
    document = draft.script | {"model": {"facilities": "viele"}}
    ScriptDraft.objects.filter(pk=draft.pk).update(script=document)
    world = reverse("scripts:world", args=[draft.pk])
    for address in (list_page(draft), row_page(draft), row_page(draft, "netz", "remove_row")):
        assert page.get(address).headers["Location"] == world
    copied = page.post(row_page(draft, page="copy_row"), {"nr": "netz"})
    assert copied.headers["Location"] == world


def test_nobody_else_writes_the_network(draft: ScriptDraft, client: Client, stranger: User) -> None:
    client.force_login(stranger)
    for address in (list_page(draft), row_page(draft), row_page(draft, "netz", "remove_row")):
        assert client.get(address).status_code == 404
