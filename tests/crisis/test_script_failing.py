"""What fails in a dry run, when, why, and whom it leaves without supply."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.crisis.small import small_document

from allmende.crisis import scripts
from allmende.crisis.models import ScriptDraft
from allmende.crisis.queries.failing import MOST_SINGLE, Failures
from allmende.crisis.queries.rehearsals import rehearse_draft
from allmende.formats.exercise_script.document import document_of, script_of


def failing(document: dict[str, Any], *choices: tuple[int, str, str]) -> Failures:
    found = rehearse_draft(script_of(document), choices).failing
    assert found is not None
    return found


def told(found: Failures) -> list[tuple[str, str, str, str, float]]:
    return [(each.when, each.until, each.first, each.why, each.persons) for each in found.rows]


GONE = "weil Ortsnetz fehlt und der Vorrat für 2 Std. zu Ende ist"


def test_each_failure_has_its_hour_its_cause_and_its_people() -> None:
    assert told(failing(small_document())) == [
        ("T+01:00", "T+08:00", "Ortsnetz", "beschädigt", 0),
        ("T+03:00", "T+08:00", "Wasserwerk Nord", GONE, 800),
        ("T+03:00", "T+08:00", "Wasserwerk Süd", GONE, 500),
    ]


def test_what_is_decided_keeps_facilities_running() -> None:
    found = failing(small_document(), (60, "wohin", "nord"))
    assert [each.first for each in found.rows] == ["Ortsnetz", "Wasserwerk Süd"]


def test_other_causes_and_times_are_told() -> None:
    document = small_document(begins_hours=2)
    document["decisions"][0]["options"][0]["acts"] = [{"kind": "isolate", "facility": "sued"}]
    document["model"]["supplies"][0]["buffer_hours"] = 0
    document["model"]["scenario"] = {
        "outages": [{"facility": "netz", "at": 1, "hours": 90}],
        "horizon_hours": 30,
    }
    assert told(failing(document, (30, "wohin", "nord"))) == [
        ("vor Beginn", "", "Ortsnetz", "von außen ausgefallen", 0),
        ("vor Beginn", "", "Wasserwerk Nord", "weil Ortsnetz fehlt", 800),
        ("T+00:30", "", "Wasserwerk Süd", "durch eine Entscheidung abgeschaltet", 500),
    ]


def test_several_that_are_missing_are_told_as_several() -> None:
    document = small_document()
    document["model"]["facilities"].append({"key": "kabel", "sector": "strom"})
    document["facility_names"]["kabel"] = "Kabel Ost"
    for row in document["model"]["supplies"]:
        row["suppliers"] = ["netz", "kabel"]
    document["model"]["supplies"][1]["buffer_hours"] = 0
    document["model"]["scenario"]["damages"].append({"facility": "kabel", "at": 1, "hours": 7})
    assert {each.first: each.why for each in failing(document).rows} == {
        "Ortsnetz": "beschädigt",
        "Kabel Ost": "beschädigt",
        "Wasserwerk Süd": "weil Ortsnetz und Kabel Ost fehlen",
        "Wasserwerk Nord": "weil Ortsnetz und Kabel Ost fehlen und der Vorrat für 2 Std. zu Ende ist",
    }


def test_what_fails_after_the_end_is_not_told() -> None:
    found = failing(small_document(duration_minutes=120))
    assert [each.first for each in found.rows] == ["Ortsnetz"]


def test_much_is_told_by_hour_and_service() -> None:
    document = small_document()
    keys = [f"haus-{n}" for n in range(MOST_SINGLE)]
    document["model"]["facilities"] += [
        {"key": key, "sector": "strom", "served": 10} for key in keys
    ]
    document["model"]["supplies"] += [{"facility": key, "suppliers": ["netz"]} for key in keys]
    found = failing(document)
    assert (found.total, found.is_gathered) == (MOST_SINGLE + 3, True)
    assert [(each.when, each.total, each.service, each.persons) for each in found.rows] == [
        ("T+01:00", MOST_SINGLE + 1, "Strom", 10.0 * MOST_SINGLE),
        ("T+03:00", 2, "Trinkwasser", 1300),
    ]
    assert found.rows[0].why == "beschädigt und weil Ortsnetz fehlt"


@pytest.mark.parametrize("key", [key for key, _name in scripts.names()])
def test_every_failure_of_our_scripts_has_a_cause(key: str) -> None:
    rows = failing(document_of(scripts.read(key))).rows
    assert rows
    assert all(each.why and "weil  " not in each.why for each in rows)


@pytest.mark.django_db
def test_the_page_shows_what_fails_with_and_without_decisions(
    draft: ScriptDraft, page: Client
) -> None:
    address = reverse("scripts:rehearsal", args=[draft.pk])
    idle = page.get(address).content.decode()
    assert ("Was ausfällt" in idle, "Was ohne Entscheidungen ausfiele" in idle) == (True, False)
    decided = page.get(address, {"wahl_0": "nord", "zeit_0": "1:00"}).content.decode()
    assert "Was ohne Entscheidungen ausfiele" in decided
    # Without a decision there is one figure, and the questions are folded away.
    assert ("wenn niemand entscheidet" in idle, "mit diesen Entscheidungen" in idle) == (
        True,
        False,
    )
    assert "mit diesen Entscheidungen" in decided
    fold = (
        '<details class="al-fold"{}>\n        <summary class="kern-title">Entscheidungen vorgeben'
    )
    assert (fold.format("") in idle, fold.format(" open") in decided) == (True, True)


@pytest.mark.django_db
def test_where_nothing_fails_the_page_says_what_to_do(draft: ScriptDraft, page: Client) -> None:
    address = reverse("scripts:rehearsal", args=[draft.pk])
    draft.script["model"]["scenario"] = {"horizon_hours": 12}
    draft.save(update_fields=["script"])
    assert "Es fällt nichts aus." in page.get(address).content.decode()
    for name in ("model", "facility_names"):
        del draft.script[name]
    draft.script["decisions"] = []
    draft.save(update_fields=["script"])
    assert "Das Drehbuch hat kein Netz" in page.get(address).content.decode()
