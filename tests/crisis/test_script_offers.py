"""Fields that name one of very many: typed, with suggestions that stand on the page once."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from allmende.crisis.forms.authoring.offers import MOST_OPTIONS, Choice, Offer
from allmende.crisis.models import ScriptDraft
from allmende.formats.exercise_script.changes import find_row, stand_of
from allmende.formats.exercise_script.document import document_of, script_of

pytestmark = pytest.mark.django_db
MANY = 3 * MOST_OPTIONS


def grow(draft: ScriptDraft, **more: Any) -> ScriptDraft:
    """The draft with very many more facilities, two of one name."""
    document = dict(draft.script)
    model = dict(document["model"])
    added = [{"key": f"haus-{number}", "sector": "strom"} for number in range(MANY)]
    names = {row["key"]: f"Trafohaus {number}" for number, row in enumerate(added)}
    names |= {"haus-7": "Pumpwerk", "haus-8": "Pumpwerk"}
    model["facilities"] = [*model["facilities"], *added]
    document["model"] = model
    document["facility_names"] = {**document["facility_names"], **names}
    draft.script = document_of(script_of(document | more))
    draft.save(update_fields=["script"])
    return draft


def hazards(draft: ScriptDraft, count: int) -> ScriptDraft:
    scenario = draft.script["model"]["scenario"] | {
        "damages": [{"facility": f"haus-{number}", "at": 1} for number in range(count)]
    }
    draft.script["model"]["scenario"] = scenario
    draft.save(update_fields=["script"])
    return draft


def options_in(page: Client, address: str) -> tuple[int, int]:
    """How many facilities a page lists, and how many lists it has."""
    shown = page.get(address).content.decode()
    assert shown.count("<select") > 1
    return len(re.findall(r"<option value=[^>]*Trafohaus", shown)), shown.count("<datalist")


@pytest.mark.parametrize("lines", [1, 40])
def test_suggestions_stand_on_the_page_once_however_many_lines_there_are(
    draft: ScriptDraft, page: Client, lines: int
) -> None:
    hazards(grow(draft), lines)
    assert options_in(page, reverse("scripts:hazard", args=[draft.pk])) == (MANY - 2, 1)
    atoms = [{"facility": f"haus-{number}", "state": "failed"} for number in range(lines)]
    row = find_row(draft.script, "injects", "2")
    assert row is not None
    row["condition"] = {"any": [*atoms, {"inject": "1"}]}
    acts = [{"kind": "isolate", "facility": f"haus-{number}"} for number in range(lines)]
    draft.script["decisions"][0]["options"][0]["acts"] = acts
    draft.save(update_fields=["script"])
    injects = reverse("scripts:row", args=[draft.pk, "einlagen"])
    assert options_in(page, f"{injects}?nr=2") == (MANY - 2, 1)
    option = reverse("scripts:option", args=[draft.pk])
    assert options_in(page, f"{option}?nr=wohin&wahl=nord") == (MANY - 2, 1)


def test_few_are_chosen_from_a_list(draft: ScriptDraft, page: Client) -> None:
    shown = page.get(reverse("scripts:hazard", args=[draft.pk])).content.decode()
    assert "<datalist" not in shown
    assert '<option value="nord">Wasserwerk Nord</option>' in shown


def send_hazard(page: Client, draft: ScriptDraft, typed: str) -> Any:
    sent = {
        "stand": stand_of({"model": draft.script["model"]}),
        "lines": "3",
        "horizon": "48",
        "facility_0": typed,
        "kind_0": "schaden",
        "at_0": "2",
    }
    return page.post(reverse("scripts:hazard", args=[draft.pk]), sent)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Trafohaus 12", "haus-12"),
        (" trafohaus   12 ", "haus-12"),
        ("haus-12", "haus-12"),
        ("Pumpwerk (haus-8)", "haus-8"),
        ("Wasserwerk Nord", "nord"),
    ],
)
def test_a_name_or_a_key_is_typed(draft: ScriptDraft, page: Client, typed: str, key: str) -> None:
    grow(draft)
    assert send_hazard(page, draft, typed).status_code == 303
    draft.refresh_from_db()
    assert draft.script["model"]["scenario"]["damages"] == [{"facility": key, "at": 2.0}]
    shown = page.get(reverse("scripts:hazard", args=[draft.pk]))
    name = {"haus-12": "Trafohaus 12", "haus-8": "Pumpwerk (haus-8)", "nord": "Wasserwerk Nord"}
    assert shown.context["form"]["facility_0"].value() == name[key]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Atomkraftwerk", "„Atomkraftwerk“ gibt es im Drehbuch nicht. Bitte prüfen Sie"),
        ("Wasserwerk", "Ähnlich heißen: „Wasserwerk Nord“ und „Wasserwerk Süd“."),
        ("trafohaus", "Ähnlich heißen: „Trafohaus 0“, „Trafohaus 1“, „Trafohaus 10“ und andere."),
        (
            "Pumpwerk",
            "Mehrere Einrichtungen heißen „Pumpwerk“: „Pumpwerk (haus-7)“ und „Pumpwerk (haus-8)“. "
            "Bitte nennen Sie die Kennung.",
        ),
    ],
)
def test_what_nothing_or_several_are_called_is_said_and_stays(
    draft: ScriptDraft, page: Client, typed: str, said: str
) -> None:
    grow(draft)
    answer = send_hazard(page, draft, typed)
    assert said in answer.content.decode()
    assert len(answer.context["form"].errors["facility_0"]) == 1
    field = answer.context["form"]["facility_0"]
    assert (field.value(), list(answer.context["form"].errors)) == (typed, ["facility_0"])
    written = re.search(r'<input[^>]*name="facility_0"[^>]*>', answer.content.decode())
    assert written is not None
    assert 'list="einrichtungen"' in written[0]
    assert 'aria-describedby="id_facility_0_hint id_facility_0_error"' in written[0]


def test_what_is_wrong_in_a_line_is_said_once(draft: ScriptDraft, page: Client) -> None:
    grow(draft)
    option = reverse("scripts:option", args=[draft.pk]) + "?nr=wohin&wahl=nord"
    sent = {"key": "nord", "name": "N", "lines": "2", "kind_0": "isolate", "facility_0": "Nirgends"}
    inject = reverse("scripts:row", args=[draft.pk, "einlagen"])
    line = {"lines": "2", "what_0": "Nirgends", "state_0": "failed"}
    for address, data, field in ((option, sent, "facility_0"), (inject, line, "what_0")):
        [said] = page.post(address, data).context["form"].errors[field]
        assert said == ("„Nirgends“ gibt es im Drehbuch nicht. Bitte prüfen Sie die Schreibweise.")


def test_a_condition_names_what_it_is_about(draft: ScriptDraft, page: Client) -> None:
    grow(draft)
    row = find_row(draft.script, "injects", "2")
    assert row is not None
    address = reverse("scripts:row", args=[draft.pk, "einlagen"]) + "?nr=2"
    sent = {
        "stand": stand_of(row),
        "key": "2",
        "at": "T+05:00",
        "title": "Die Zeitung fragt",
        "to": ["presse"],
        "channel": "mail",
        "kind": "contextual",
        "status": "draft",
        "enabled": "on",
        "lines": "3",
        "combine": "any",
        "what_0": "Trafohaus 5",
        "state_0": "failed",
        "what_1": "1 · Das Licht flackert",
        "what_2": "Wohin soll das Aggregat?: Wasserwerk nord",
    }
    assert page.post(address, sent).status_code == 303
    draft.refresh_from_db()
    found = find_row(draft.script, "injects", "2")
    assert found is not None
    assert found["condition"] == {
        "any": [
            {"facility": "haus-5", "state": "failed"},
            {"inject": "1"},
            {"decision": "wohin", "option": "nord"},
        ]
    }
    shown = page.get(address).context["form"]
    assert [shown[f"what_{place}"].value() for place in range(3)] == [
        "Trafohaus 5",
        "1 · Das Licht flackert",
        "Wohin soll das Aggregat?: Wasserwerk nord",
    ]


def test_very_many_decisions_are_typed_on_lines(draft: ScriptDraft, page: Client) -> None:
    options = [{"key": key, "name": key} for key in ("ja", "nein")]
    decisions = [
        {"key": f"d-{n}", "question": f"Frage {n}?", "role": "stab", "options": options}
        for n in range(MANY)
    ]
    grow(draft, decisions=[*draft.script["decisions"], *decisions])
    address = reverse("scripts:row", args=[draft.pk, "einlagen"]) + "?nr=2"
    sent = {
        "stand": stand_of(find_row(draft.script, "injects", "2")),
        "key": "2",
        "at": "T+05:00",
        "title": "Die Zeitung fragt",
        "to": ["presse"],
        "channel": "mail",
        "kind": "contextual",
        "status": "draft",
        "enabled": "on",
        "lines": "1",
        "combine": "any",
        "asks_for": "Frage 7?\nd-8",
    }
    assert page.post(address, sent).status_code == 303
    draft.refresh_from_db()
    found = find_row(draft.script, "injects", "2")
    assert found is not None
    assert found["asks_for"] == ["d-7", "d-8"]


def test_very_many_recipients_are_typed_on_lines(draft: ScriptDraft, page: Client) -> None:
    roles = [{"key": f"rolle-{number}", "name": f"Stelle {number}"} for number in range(MANY)]
    grow(draft, roles=[*draft.script["roles"], *roles])
    row = find_row(draft.script, "injects", "2")
    address = reverse("scripts:row", args=[draft.pk, "einlagen"]) + "?nr=2"
    shown = page.get(address)
    assert shown.context["form"]["to"].value() == "Presse"
    assert shown.content.decode().count("Stelle 299") == 1
    sent = {
        "stand": stand_of(row),
        "key": "2",
        "at": "T+05:00",
        "title": "Die Zeitung fragt",
        "to": "Stelle 3\nrolle-4\nStelle 4000",
        "channel": "mail",
        "kind": "contextual",
        "status": "draft",
        "lines": "2",
    }
    wrong = page.post(address, sent)
    assert wrong.context["form"].errors["to"] == [
        "„Stelle 4000“ gibt es im Drehbuch nicht. Bitte prüfen Sie die Schreibweise."
    ]
    assert wrong.context["form"]["to"].value() == "Stelle 3\nrolle-4\nStelle 4000"
    assert page.post(address, sent | {"to": "Stelle 3\nrolle-4"}).status_code == 303
    draft.refresh_from_db()
    found = find_row(draft.script, "injects", "2")
    assert found is not None
    assert found["to"] == ["rolle-3", "rolle-4"]


def test_what_is_named_and_is_no_more_stays_on_offer() -> None:
    many = [Choice(str(number), f"Haus {number}", str(number)) for number in range(MANY)]
    for choices in (many[:3], many):
        offer = Offer("haeuser", choices, many="Häuser", present=["fort", "1"])
        field = offer.field(label="Haus")
        assert field.clean("fort") == "fort"
        assert field.clean("") == ""
    assert offer.name_of("fort") == "fort (gibt es nicht)"
    assert offer.value_of("fort (gibt es nicht)") == "fort"


def test_keys_that_differ_in_case_alone_are_told_apart() -> None:
    twins = [Choice(key, "Pumpwerk", key) for key in ("A1", "a1", "b2")]
    offer = Offer("werke", twins, many="Einrichtungen")
    for key in ("A1", "a1", "b2"):
        assert offer.find(key) == offer.find(f"Pumpwerk  ({key})") == key
    assert offer.find("B2") == offer.find("pumpwerk (b2)") == "b2"
    with pytest.raises(ValueError, match="Bitte nennen Sie die Kennung"):
        offer.find("pumpwerk (A1)")
    # What is spelt exactly as one is called goes before what is only alike.
    spelt = Offer("werke", [Choice("1", "Nord", "k"), Choice("2", "K", "Nord-2")], many="Werke")
    assert (spelt.find("k"), spelt.find("K")) == ("1", "2")


def test_claims_on_a_name_that_several_have_are_refused(draft: ScriptDraft, page: Client) -> None:
    grow(draft)
    address = reverse("scripts:row", args=[draft.pk, "einlagen"])
    sent = {"key": "9", "at": "5", "title": "Anruf", "to": ["stab"], "channel": "mail"}
    sent |= {"kind": "contextual", "status": "draft", "lines": "2"}
    answer = page.post(address, sent | {"claims": "Pumpwerk = ausgefallen"})
    assert "Mehrere Einrichtungen heißen „Pumpwerk“" in answer.content.decode()
    assert page.post(address, sent | {"claims": "haus-7 = ausgefallen"}).status_code == 303
    draft.refresh_from_db()
    row = find_row(draft.script, "injects", "9")
    assert row is not None
    assert row["claims"] == {"haus-7": "failed"}
    shown = page.get(f"{address}?nr=9").context["form"]
    assert shown["claims"].value() == "Pumpwerk (haus-7) = ausgefallen"
