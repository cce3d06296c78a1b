"""The network of a script, facility by facility."""

from copy import deepcopy
from typing import Any

import pytest

from allmende.crisis import scripts
from allmende.formats.errors import FormatError
from allmende.formats.exercise_script import changes, network
from allmende.formats.exercise_script.check import check_script
from allmende.formats.exercise_script.document import document_of, script_of
from allmende.formats.exercise_script.references import unknown_names
from tests.crisis.small import small_document

SECTION = network.SECTION


def named_everywhere() -> dict[str, Any]:
    """The small script, where everything that can name a facility names the grid."""
    document = small_document(
        units=[
            {
                "key": "aggregat",
                "name": "Aggregat",
                "travel_hours": {"netz": 2},
                "sites": ["netz", "sued"],
            }
        ],
        facility_places={"netz": [1, 2]},
    )
    document["injects"][0] |= {
        "claims": {"netz": "failed"},
        "condition": {"any": [{"not": {"facility": "netz", "state": "failed"}}, {"inject": "2"}]},
    }
    document["decisions"][0]["options"][0]["acts"] = [{"kind": "isolate", "facility": "netz"}]
    document["model"]["scenario"] |= {
        "outages": [{"facility": "netz", "at": 9, "hours": 1}],
        "hazards": [
            {"kind": "attack", "users": ["netz"], "share": 1, "hours": 1},
            {
                "kind": "field",
                "intensity": {"netz": 1},
                "arrival": {"netz": 2},
                "fragility": {"strom": {"median": 1, "spread": 1}},
            },
        ],
    }
    return document


def test_everything_follows_a_new_name_of_a_facility() -> None:
    document = named_everywhere()
    row = network.find_facility(document, "netz")
    assert row == {
        "key": "netz",
        "name": "Ortsnetz",
        "sector": "strom",
        "municipality": "Lindenfurt",
        "repair_hours": 7,
        "east": 1,
        "north": 2,
    }
    changes.put_row(document, SECTION, row | {"key": "ortsnetz"}, before="netz")
    script = script_of(document)
    assert list(unknown_names(script)) == []
    network.check_network(document)
    assert "netz" not in str(document).replace("ortsnetz", "").replace("Ortsnetz", "")
    assert list(document["facility_names"]) == ["ortsnetz", "nord", "sued"]


@pytest.mark.parametrize("key", [key for key, _name in scripts.names()])
def test_every_facility_of_our_scripts_can_be_taken_out_and_put_in_as_it_was(key: str) -> None:
    document = document_of(scripts.read(key))
    before = deepcopy(document)
    for row in changes.rows_of(document, SECTION):
        found = changes.find_row(document, SECTION, row["key"])
        assert found is not None
        changes.put_row(document, SECTION, found, before=row["key"])
        assert document == before
        less = deepcopy(document)
        changes.remove_row(less, SECTION, row["key"])
        network.check_network(less)
        # Nothing but injects, decisions and units names what is gone.
        assert {use.section for use in changes.uses(less, SECTION, row["key"])} <= {
            "injects",
            "decisions",
            "units",
        }


def test_who_names_a_facility_is_told() -> None:
    found = [(use.section, use.key) for use in changes.uses(named_everywhere(), SECTION, "netz")]
    assert found == [
        ("facilities", "nord"),
        ("facilities", "sued"),
        *[("scenario", "")] * 5,
        ("units", "aggregat"),
        ("units", "aggregat"),
        ("injects", "1"),
        ("injects", "1"),
        ("decisions", "wohin"),
    ]


def test_a_network_lets_go_of_a_facility_and_the_check_tells_of_the_rest() -> None:
    document = named_everywhere()
    supplies = document["model"]["supplies"]
    supplies[0] |= {"suppliers": ["sued", "netz"], "needed": 3, "weights": [1, 2]}
    changes.remove_row(document, SECTION, "netz")
    assert document["model"] == {
        "facilities": [
            {"key": "nord", "sector": "trinkwasser", "municipality": "Lindenfurt", "served": 800},
            {"key": "sued", "sector": "trinkwasser", "municipality": "Kranichsee", "served": 500},
        ],
        "supplies": [
            {
                "facility": "nord",
                "suppliers": ["sued"],
                "weights": [1],
                "needed": 1,
                "buffer_hours": 2,
            }
        ],
        "scenario": {"horizon_hours": 12, "damages": [], "outages": [], "hazards": []},
    }
    assert document["facility_places"] == {}
    told = [each.message for each in check_script(script_of(document))]
    assert told.count("Die Einrichtung „netz“ gibt es nicht.") == 5


def test_crews_of_nobody_go_and_with_the_last_facility_all() -> None:
    document: dict[str, Any] = {"from_register": True, "facility_names": {"a": "A"}}
    network.put_facility(document, {"key": "a", "name": "A", "sector": "strom", "pool": "kreis"})
    network.put_facility(document, {"key": "b", "name": "b", "sector": "strom"})
    document["model"]["scenario"] = {"crews": {"kreis": 1, "": 2}}
    network.check_network(document)
    network.remove_facility(document, "a")
    assert document["model"]["scenario"] == {"crews": {"": 2}}
    network.check_network(document)
    network.remove_facility(document, "b")
    assert document == {}
    network.check_network(document)


def test_supplies_stay_in_their_place() -> None:
    document = small_document()
    row = changes.find_row(document, SECTION, "nord")
    assert row is not None
    more = {"suppliers": ["sued"], "needed": 1, "buffer_hours": 0.0, "recharge": 1, "weights": []}
    changes.put_row(document, SECTION, row | {"supplies": [*row["supplies"], more]}, before="nord")
    stored = document["model"]["supplies"]
    assert [each["facility"] for each in stored] == ["nord", "sued", "nord"]
    assert stored[2] == {"facility": "nord", "suppliers": ["sued"]}
    changes.put_row(document, SECTION, row | {"supplies": [more]}, before="nord")
    assert [each["facility"] for each in document["model"]["supplies"]] == ["nord", "sued"]


def test_what_no_network_can_be_is_refused() -> None:
    document = small_document()
    network.put_facility(
        document,
        {"key": "x", "name": "x", "sector": "gas", "supplies": [{"suppliers": ["fort"]}]},
    )
    with pytest.raises(FormatError, match="Die Einrichtung „fort“ gibt es nicht"):
        network.check_network(document)


GRID, TANK, GAS = ({"suppliers": [key], "buffer_hours": 4} for key in ("netz", "tank", "gas"))
GRID_BY_TWO = {"suppliers": ["netz", "gas"], "needed": 2}


def numbered() -> dict[str, Any]:
    """A hospital that needs the grid (1) and a tank (2), and an act on each; the first is not said."""
    document: dict[str, Any] = {"format": "allmende-exercise/1", "name": "N", "duration_minutes": 9}
    for key in ("netz", "tank", "gas"):
        network.put_facility(document, {"key": key, "name": key, "sector": "strom"})
    network.put_facility(document, CLINIC | {"supplies": [GRID, TANK]})
    acts = [
        {"kind": "generator", "unit": "u", "facility": "klinik"},
        {"kind": "restock", "facility": "klinik", "supply": 2},
        {"kind": "isolate", "facility": "klinik"},
    ]
    option = {"key": "ja", "name": "Ja", "acts": acts}
    document["decisions"] = [{"key": "d", "question": "?", "role": "r", "options": [option]}]
    return document


CLINIC = {"key": "klinik", "name": "Klinik", "sector": "krankenhaus"}


def numbers(document: dict[str, Any]) -> list[int | None]:
    return [act.get("supply") for act in document["decisions"][0]["options"][0]["acts"]]


@pytest.mark.parametrize(
    ("key", "now", "told"),
    [
        ("netz", [2, 1, None], ["„Klinik“ hat keine Versorgung 2 (es gibt 1)."]),
        ("tank", [None, 2, None], ["„Klinik“ hat keine Versorgung 2 (es gibt 1)."]),
        ("gas", [None, 2, None], []),
    ],
)
def test_acts_follow_the_needs_that_stay_without_a_supplier(
    key: str, now: list[int | None], told: list[str]
) -> None:
    document = numbered()
    changes.remove_row(document, SECTION, key)
    assert numbers(document) == now
    found = [each.message for each in check_script(script_of(document))]
    assert [each for each in found if "Versorgung" in each] == told


@pytest.mark.parametrize(
    ("supplies", "now"),
    [
        ([GRID, TANK], [None, 2, None]),
        ([TANK, GRID], [2, 1, None]),
        ([TANK], [2, 1, None]),
        ([GRID_BY_TWO, TANK], [None, 2, None]),
        ([TANK, GRID_BY_TWO, GAS], [2, 1, None]),
        ([TANK, GAS], [2, 1, None]),  # as many as before: what is left is the same
        ([GAS, TANK], [None, 2, None]),
        ([], [None, 1, None]),
    ],
)
def test_acts_follow_the_needs_of_a_facility_that_is_said_anew(
    supplies: list[dict[str, Any]], now: list[int | None]
) -> None:
    document = numbered()
    renamed = CLINIC | {"key": "haus", "supplies": deepcopy(supplies)}
    changes.put_row(document, SECTION, renamed, before="klinik")
    assert numbers(document) == now


def test_an_act_on_a_need_that_is_gone_meets_none_that_comes_later() -> None:
    document = numbered()
    changes.remove_row(document, SECTION, "netz")
    changes.put_row(document, SECTION, CLINIC | {"supplies": [TANK, GAS]}, before="klinik")
    assert numbers(document) == [3, 1, None]
