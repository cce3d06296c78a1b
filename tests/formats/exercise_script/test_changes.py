"""Changing a script as a document: who refers to whom follows, and nothing else changes."""

from copy import deepcopy

import pytest

from allmende.crisis import scripts
from allmende.formats.exercise_script import changes
from allmende.formats.exercise_script.document import document_of, script_of
from allmende.formats.exercise_script.references import unknown_names
from tests.crisis.small import small_document

CONDITION = {"any": [{"decision": "wohin", "option": "nord"}, {"not": {"inject": "1"}}]}


def test_who_refers_to_a_row_follows_its_new_name() -> None:
    document = small_document()
    document["injects"][1]["condition"] = deepcopy(CONDITION)
    document["injects"][1]["asks_for"] = ["wohin"]
    for section, before, after in (
        ("roles", "stab", "leitung"),
        ("decisions", "wohin", "aggregat-wohin"),
        ("injects", "1", "eins"),
        ("units", "aggregat", "nea"),
        ("teams", "lindenfurt", "stadt"),
    ):
        row = dict(changes.find_row(document, section, before) or {})
        changes.put_row(document, section, row | {"key": after}, before=before)
    assert list(unknown_names(script_of(document))) == []
    assert document["injects"][1]["condition"] == {
        "any": [{"decision": "aggregat-wohin", "option": "nord"}, {"not": {"inject": "eins"}}]
    }
    assert document["injects"][1]["asks_for"] == ["aggregat-wohin"]
    assert document["announce"]["to"][0]["roles"] == ["leitung"]
    assert document["decisions"][0]["options"][0]["acts"][0]["unit"] == "nea"


@pytest.mark.parametrize("key", [key for key, _name in scripts.names()])
def test_renaming_everything_in_our_scripts_leaves_nothing_unknown(key: str) -> None:
    document = document_of(scripts.read(key))
    for section in (*changes.POINTS_AT, "teams", "units", "articles", "strands", "capabilities"):
        for row in list(changes.rows_of(document, section)):
            new = row | {"key": f"neu-{row['key']}"}
            changes.put_row(document, section, new, before=row["key"])
    assert list(unknown_names(script_of(document))) == []


def test_a_key_is_taken_once_and_roles_share_theirs_with_teams() -> None:
    document = small_document()
    for section, key in (("injects", "1"), ("roles", "lindenfurt"), ("teams", "stab")):
        with pytest.raises(KeyError):
            changes.put_row(document, section, {"key": key, "name": "?"})
    with pytest.raises(KeyError):
        changes.put_row(document, "roles", {"key": "stab", "name": "?"}, before="gibt-es-nicht")
    assert changes.free_key(document, "injects") == "4"
    assert changes.free_key(document, "roles", "stab") == "stab-2"


def test_what_is_removed_leaves_its_referrers_as_they_are() -> None:
    document = small_document()
    assert [use.key for use in changes.uses(document, "roles", "presse")] == ["2"]
    changes.remove_row(document, "roles", "presse")
    assert document["injects"][1]["to"] == ["presse"]
    with pytest.raises(KeyError):
        changes.remove_row(document, "roles", "presse")


def test_who_asks_for_a_decision_refers_to_it() -> None:
    document = small_document()
    document["injects"][2]["asks_for"] = ["wohin"]
    assert [use.key for use in changes.uses(document, "decisions", "wohin")] == ["3"]
    changes.remove_row(document, "decisions", "wohin")
    assert [each.message for each in unknown_names(script_of(document))] == [
        "Die Entscheidung „wohin“ gibt es nicht."
    ]


def test_injects_move_together_or_not_at_all() -> None:
    document = small_document()
    document["injects"][1] |= {"strand": "medien", "until": 400}
    assert changes.shift_injects(document, -10, strand="medien") == 1
    assert [row["at"] for row in document["injects"]] == [10, 290, None]
    assert document["injects"][1]["until"] == 390
    with pytest.raises(ValueError, match="Einlage „Das Licht flackert“"):
        changes.shift_injects(document, -11)
    assert [row["at"] for row in document["injects"]] == [10, 290, None]
    assert changes.shift_injects(document, 5) == 2


def test_the_stand_tells_whether_something_has_changed() -> None:
    row = {"key": "1", "title": "Licht"}
    assert changes.stand_of(row) == changes.stand_of({"title": "Licht", "key": "1"})
    assert changes.stand_of(row) != changes.stand_of(row | {"title": "Dunkel"})
    assert changes.stand_of(None) == ""
