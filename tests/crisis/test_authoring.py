"""Writing scripts: line by line, by two at once, and by nobody else."""

import re
from copy import deepcopy
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.crisis import scripts, services
from allmende.crisis.forms.authoring.injects import lines_of
from allmende.crisis.models import ScriptDraft
from allmende.crisis.queries.drafts import SECTIONS
from allmende.crisis.services.exercises import authoring as serve
from allmende.formats.exercise_script.changes import find_row, stand_of
from allmende.formats.exercise_script.faults import ScriptError
from allmende.registry.models import Organisation

pytestmark = pytest.mark.django_db
ROW = "/krise/drehbuecher/{}/zeilen/{}/zeile/"


def inject(draft: ScriptDraft, key: str) -> dict[str, Any]:
    draft.refresh_from_db()
    found = find_row(draft.script, "injects", key)
    assert found is not None
    return found


def put(draft: ScriptDraft, actor: User, row: dict[str, Any], **options: Any) -> None:
    serve.put_row(actor=actor, mandate=None, draft=draft, section="injects", row=row, **options)


def posted(draft: ScriptDraft, **changes: Any) -> dict[str, Any]:
    """What the form of the first inject sends."""
    return {
        "stand": stand_of(inject(draft, "1")),
        "key": "1",
        "at": "T+00:10",
        "title": "Das Licht flackert",
        "text": "Im Rathaus flackert das Licht.",
        "sender": "Hausmeisterei",
        "to": ["lindenfurt"],
        "channel": "mail",
        "kind": "contextual",
        "status": "draft",
        "enabled": "on",
        "expected_action": "Beim Netzbetreiber nachfragen",
        "expected_minutes": "0:30",
        "lines": "2",
        "combine": "all",
    } | changes


def test_a_line_is_added_once_and_changed_by_who_saw_it(draft: ScriptDraft, alice: User) -> None:
    row = {"key": "4", "at": 20, "title": "Anruf", "to": ["stab"]}
    for _twice in range(2):
        put(draft, alice, row)
    assert inject(draft, "4") == row
    assert draft.revision == 2
    put(draft, alice, row | {"title": "Zweiter Anruf"}, key="4", seen=stand_of(row))
    with pytest.raises(services.Overtaken) as caught:
        put(draft, alice, row | {"title": "Zu spät"}, key="4", seen=stand_of(row))
    assert caught.value.there == inject(draft, "4") == row | {"title": "Zweiter Anruf"}
    with pytest.raises(services.Conflict, match="gibt es schon"):
        put(draft, alice, row | {"title": "Noch einer"})
    deeds = Entry.objects.filter(deed="crisis.change_draft").order_by("number")
    assert [entry.details for entry in deeds] == [{"part": "injects", "name": "4"}] * 2


def test_two_change_different_lines_and_lose_nothing(draft: ScriptDraft, alice: User) -> None:
    first, second = (deepcopy(inject(draft, key)) for key in "12")
    old = ScriptDraft.objects.get(pk=draft.pk)
    put(old, alice, first | {"title": "A"}, key="1", seen=stand_of(first))
    put(old, alice, second | {"title": "B"}, key="2", seen=stand_of(second))
    assert [inject(draft, key)["title"] for key in "12"] == ["A", "B"]


def test_what_could_not_be_read_is_not_kept(draft: ScriptDraft, alice: User) -> None:
    with pytest.raises(ScriptError):
        put(draft, alice, {"key": "9", "at": "morgen", "title": "?", "to": ["stab"]})
    draft.refresh_from_db()
    assert (draft.revision, find_row(draft.script, "injects", "9")) == (1, None)


def test_what_changes_nothing_leaves_no_trace(draft: ScriptDraft, alice: User) -> None:
    row = inject(draft, "1")
    put(draft, alice, row | {"enabled": True}, key="1", seen=stand_of(row))
    draft.refresh_from_db()
    assert (draft.revision, Entry.objects.filter(deed="crisis.change_draft").count()) == (1, 0)


def test_the_second_of_two_editors_sees_what_differs(
    draft: ScriptDraft, page: Client, alice: User
) -> None:
    row = deepcopy(inject(draft, "1"))
    sent = posted(draft, title="Meine Fassung")
    put(draft, alice, row | {"title": "Ihre Fassung"}, key="1", seen=stand_of(row))
    address = ROW.format(draft.pk, "einlagen") + "?nr=1"
    shown = page.post(address, sent)
    assert "Jemand anderes hat das inzwischen geändert." in shown.content.decode()
    assert shown.context["differences"] == [("Titel", "Ihre Fassung", "Meine Fassung")]
    assert shown.context["form"]["title"].value() == "Meine Fassung"
    again = page.post(address, sent | {"stand": shown.context["stand"]})
    assert again.status_code == 303
    assert inject(draft, "1") == row | {"title": "Meine Fassung"}


def test_the_summary_of_errors_says_in_which_line(draft: ScriptDraft, page: Client) -> None:
    sent = posted(draft, lines="3", what_2="", state_2="failed", title="")
    shown = page.post(ROW.format(draft.pk, "einlagen") + "?nr=1", sent).content.decode()
    said = re.findall(r'<li><a class="kern-link" href="(#\w+)">([^<]+):', shown)
    assert said == [
        ("#id_title", "Titel"),
        ("#id_what_2", "Zeile 3, Entscheidung, Einlage oder Einrichtung"),
    ]


def test_what_was_deleted_meanwhile_becomes_a_new_line(
    draft: ScriptDraft, page: Client, alice: User
) -> None:
    sent = posted(draft)
    serve.remove_row(
        actor=alice, mandate=None, draft=draft, section="injects", key="1", seen=sent["stand"]
    )
    address = ROW.format(draft.pk, "einlagen") + "?nr=1"
    shown = page.post(address, sent)
    assert "inzwischen gelöscht" in shown.content.decode()
    assert page.post(address, sent | {"stand": shown.context["stand"]}).status_code == 303
    assert inject(draft, "1")["title"] == "Das Licht flackert"


@pytest.mark.one_database
@pytest.mark.parametrize("key", [key for key, _name in scripts.names()])
def test_every_line_of_our_scripts_passes_through_its_form_unchanged(
    key: str, host: Organisation, alice: User, page: Client
) -> None:
    draft = serve.add_draft(actor=alice, mandate=None, host=host, script=scripts.read(key))
    before = draft.script
    for slug, section in SECTIONS.items():
        for row in before.get(section.name, [])[:12]:
            name = row["name" if slug == "anlagen" else "key"]
            address = reverse("scripts:row", args=[draft.pk, slug]) + f"?nr={name}"
            form = page.get(address).context["form"]
            sent = {
                field.html_name: field.value()
                for field in form
                if field.value() not in (None, "", False, [])
            }
            answer = page.post(address, sent | {"stand": stand_of(row)})
            assert answer.status_code == 303, (name, answer.context["form"].errors)
    for decision in before["decisions"]:
        for option in decision["options"]:
            address = (
                reverse("scripts:option", args=[draft.pk])
                + f"?nr={decision['key']}&wahl={option['key']}"
            )
            form = page.get(address).context["form"]
            sent = {f.html_name: f.value() for f in form if f.value() not in (None, "")}
            answer = page.post(address, sent | {"stand": stand_of(decision)})
            assert answer.status_code == 303, (option, answer.context["form"].errors)
    for part in ("head", "announce"):
        address = reverse(f"scripts:{part}", args=[draft.pk])
        shown = page.get(address)
        sent = {
            f.html_name: f.value() for f in shown.context["form"] if f.value() not in (None, "", [])
        }
        answer = page.post(address, sent | {"stand": shown.context["stand"]})
        assert answer.status_code == 303, answer.context["form"].errors
    draft.refresh_from_db()
    assert (draft.script, draft.revision) == (before, 1)


def test_an_inject_says_which_decisions_it_asks_for(draft: ScriptDraft, page: Client) -> None:
    address = ROW.format(draft.pk, "einlagen") + "?nr=1"
    assert page.post(address, posted(draft, asks_for=["wohin"])).status_code == 303
    assert inject(draft, "1")["asks_for"] == ["wohin"]
    form = page.get(address).context["form"]
    assert form.fields["asks_for"].choices == [("wohin", "Wohin soll das Aggregat?")]
    assert page.post(address, posted(draft, asks_for=["gibt-es-nicht"])).status_code == 200
    # What is no more can still be seen, and taken out.
    draft.refresh_from_db()
    draft.script["decisions"] = []
    draft.save(update_fields=["script"])
    shown = page.get(address).context["form"].fields["asks_for"].choices
    assert shown == [("wohin", "wohin (gibt es nicht)")]
    assert page.post(address, posted(draft)).status_code == 303
    assert "asks_for" not in inject(draft, "1")


def test_conditions_are_built_from_lines(draft: ScriptDraft, page: Client) -> None:
    address = ROW.format(draft.pk, "einlagen") + "?nr=1"
    sent = posted(
        draft,
        combine="any",
        what_0='{"decision": "wohin", "option": "nord"}',
        what_1='{"facility": "sued"}',
        state_1="failed",
        since_1="90",
        not_1="on",
    )
    assert page.post(address, sent).status_code == 303
    condition = {
        "any": [
            {"decision": "wohin", "option": "nord"},
            {"not": {"facility": "sued", "state": "failed", "since_minutes": 90}},
        ]
    }
    assert inject(draft, "1")["condition"] == condition
    form = page.get(address).context["form"]
    assert (form.line_count, form["what_1"].value(), form["since_1"].value()) == (
        4,
        '{"facility": "sued"}',
        90,
    )


@pytest.mark.parametrize(
    "condition",
    [
        {"all": [{"inject": "2"}, {"any": [{"inject": "3"}, {"decision": "wohin"}]}]},
        {"facility": "nord", "state": ["failed", "repairing"]},
        {"all": [{"inject": "2"}]},
    ],
)
def test_what_lines_cannot_say_is_shown_as_json_and_stays(
    condition: dict[str, Any], draft: ScriptDraft, alice: User, page: Client
) -> None:
    row = inject(draft, "1")
    put(draft, alice, row | {"condition": condition}, key="1", seen=stand_of(row))
    assert lines_of(condition) is None
    address = ROW.format(draft.pk, "einlagen") + "?nr=1"
    written = page.get(address).context["form"]["condition_json"].value()
    sent = posted(draft, title="Neu", condition_json=written)
    assert page.post(address, sent).status_code == 303
    assert inject(draft, "1") == row | {"title": "Neu", "condition": condition}
    both = posted(draft, condition_json=written, what_0='{"inject": "2"}')
    assert "nicht beides" in page.post(address, both).content.decode()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("at", "gestern", "Das ist keine Zeit."),
        ("title", "", "Bitte füllen Sie dieses Feld aus."),
        ("to", [], "Bitte füllen Sie dieses Feld aus."),
        ("key", "simulation/1", "vergibt die Simulation"),
        ("claims", "Wasserwerk Nord", "Es fehlt das „=“."),
        ("claims", "Wasserwerk Nord = kaputt", "ist kein Zustand"),
        ("state_0", "failed", "Bitte wählen Sie, worum es geht."),
        ("condition_json", "{", "Das ist kein lesbares JSON."),
        ("condition_json", '{"wann": 1}', "Eine Bedingung hat eines der Felder"),
    ],
)
def test_faults_are_told_at_their_field_and_what_was_typed_stays(
    field: str, typed: Any, said: str, draft: ScriptDraft, page: Client
) -> None:
    shown = page.post(ROW.format(draft.pk, "einlagen") + "?nr=1", posted(draft, **{field: typed}))
    form = shown.context["form"]
    named = "what_0" if field == "state_0" else field
    assert said in str(form.errors[named])
    assert form["sender"].value() == "Hausmeisterei"
    draft.refresh_from_db()
    assert draft.revision == 1


def test_options_say_what_follows(draft: ScriptDraft, page: Client) -> None:
    decision = find_row(draft.script, "decisions", "wohin")
    address = reverse("scripts:option", args=[draft.pk]) + "?nr=wohin"
    assert page.get(address).context["form"]["key"].value() == "1"
    sent = {
        "stand": stand_of(decision),
        "key": "alle-weg",
        "name": "Alle in Sicherheit bringen",
        "lines": "3",
        "kind_0": "evacuate",
        "municipality_0": "Lindenfurt",
        "share_0": "12,5",
        "hours_0": "6",
        "kind_1": "generator",
        "unit_1": "aggregat",
    }
    wrong = page.post(address, sent | {"rank_0": "3", "share_0": ""})
    assert sorted(wrong.context["form"].errors) == ["rank_0", "share_0"]
    assert page.post(address, sent).status_code == 303
    draft.refresh_from_db()
    assert draft.script["decisions"][0]["options"][2] == {
        "key": "alle-weg",
        "name": "Alle in Sicherheit bringen",
        "acts": [
            {"kind": "evacuate", "municipality": "Lindenfurt", "share": 0.125, "hours": 6.0},
            {"kind": "generator", "unit": "aggregat", "facility": ""},
        ],
    }
    stand = stand_of(find_row(draft.script, "decisions", "wohin"))
    assert (
        page.post(address + "&wahl=alle-weg", {"stand": stand, "entfernen": "1"}).status_code == 303
    )
    draft.refresh_from_db()
    assert [each["key"] for each in draft.script["decisions"][0]["options"]] == ["nord", "sued"]


def test_who_refers_to_a_line_is_told_before_it_goes(draft: ScriptDraft, page: Client) -> None:
    address = reverse("scripts:remove_row", args=[draft.pk, "rollen"])
    asked = page.get(f"{address}?nr=stab")
    assert {each.key for each in asked.context["referrers"]} == {"3", "wohin", ""}
    assert page.post(address, {"nr": "stab", "stand": "falsch"}).status_code == 303
    draft.refresh_from_db()
    assert find_row(draft.script, "roles", "stab") is not None
    assert page.post(address, {"nr": "stab", "stand": asked.context["stand"]}).status_code == 303
    draft.refresh_from_db()
    assert find_row(draft.script, "roles", "stab") is None


def test_copy_switch_and_shift(draft: ScriptDraft, alice: User, page: Client) -> None:
    who: dict[str, Any] = {"actor": alice, "mandate": None, "draft": draft}
    assert serve.copy_row(**who, section="injects", key="1") == "4"
    serve.switch_inject(**who, key="4", enabled=False)
    assert inject(draft, "4") == inject(draft, "1") | {"key": "4", "enabled": False}
    address = reverse("scripts:shift", args=[draft.pk])
    sent = {"strand": "", "minutes": "30", "revision": draft.revision}
    assert [page.post(address, sent).status_code for _twice in range(2)] == [303, 200]
    assert [inject(draft, key)["at"] for key in "1234"] == [40, 330, None, 40]
    with pytest.raises(services.Conflict):
        serve.copy_row(**who, section="injects", key="99")


def test_a_list_is_as_it_was_left(draft: ScriptDraft, page: Client) -> None:
    rows = reverse("scripts:rows", args=[draft.pk, "einlagen"])
    seen = "an=lindenfurt&stand=draft&seite=1"
    shown = page.get(f"{rows}?{seen}&fremd=1").content.decode()
    assert 'id="zeile-1"' in shown
    address = ROW.format(draft.pk, "einlagen") + "?nr=1&liste=" + quote(seen, safe="")
    assert f"{ROW.format(draft.pk, 'einlagen')}?nr=1&amp;liste=an%3Dlindenfurt" in shown
    back = f"{rows}?{seen.replace('&', '&amp;')}#zeile-1"
    open_row = page.get(address).content.decode()
    assert f'href="{back}"' in open_row
    assert f'name="liste" value="{seen.replace("&", "&amp;")}"' in open_row
    sent = {"nr": "1", "an": "0", "liste": f"{seen}&fremd=1"}
    off = page.post(reverse("scripts:switch", args=[draft.pk]), sent)
    assert off.headers["Location"] == f"{rows}?{seen}#zeile-1"
    assert inject(draft, "1")["enabled"] is False
    saved = page.post(address, posted(draft, key="ein s", stand=stand_of(inject(draft, "1"))))
    assert saved.headers["Location"] == f"{rows}?{seen}#zeile-ein%20s"
    assert 'id="zeile-ein%20s"' in page.get(rows).content.decode()


def test_a_list_leads_nowhere_else(draft: ScriptDraft, page: Client) -> None:
    sent = {"nr": "1", "an": "1", "liste": "https://anderswo.example/?an=stab&strang=%0d%0aX"}
    answer = page.post(reverse("scripts:switch", args=[draft.pk]), sent)
    rows = reverse("scripts:rows", args=[draft.pk, "einlagen"])
    assert answer.headers["Location"] == f"{rows}?strang=%0D%0AX#zeile-1"


def folds(shown: str) -> list[tuple[str, bool]]:
    """What a page folds, and whether it is open."""
    found = re.findall(r"<details class=\"al-fold[^>]*?( open)?><summary[^>]*>([^<]*)", shown)
    return [(title, bool(opened)) for opened, title in found]


def test_what_is_rarely_needed_is_folded_unless_something_stands_there(
    draft: ScriptDraft, page: Client
) -> None:
    units = ROW.format(draft.pk, "aggregate")
    assert folds(page.get(units).content.decode()) == [("Weitere Angaben", False)]
    key = "aggregat"
    row = find_row(draft.script, "units", key)
    assert row is not None
    sent = {"key": key, "name": "Aggregat", "stand": stand_of(row), "sites": "nord"}
    wrong = page.post(f"{units}?nr={key}", sent | {"travel_hours": "nord = bald"})
    assert folds(wrong.content.decode()) == [("Weitere Angaben", True)]
    assert page.post(f"{units}?nr={key}", sent).status_code == 303
    assert folds(page.get(f"{units}?nr={key}").content.decode()) == [("Weitere Angaben", True)]


def test_blank_lines_are_folded_but_the_first(draft: ScriptDraft, page: Client) -> None:
    hazard = reverse("scripts:hazard", args=[draft.pk])
    blank = [("Zeile 3, noch leer", False), ("Zeile 4, noch leer", False)]
    assert folds(page.get(hazard).content.decode()) == blank
    # A line that was typed in is no blank one, wherever it stands.
    sent = {"stand": "", "lines": "4", "horizon": "", "kind_3": "aus", "facility_3": "nord"}
    assert folds(page.post(hazard, sent).content.decode()) == [
        ("Zeile 2, noch leer", False),
        ("Zeile 3, noch leer", False),
    ]


def test_a_line_of_an_option_folds_what_few_acts_need(draft: ScriptDraft, page: Client) -> None:
    address = reverse("scripts:option", args=[draft.pk]) + "?nr=wohin&wahl=nord"
    closed = [("Wirkungen", True), ("Weitere Angaben", False), ("Weitere Angaben", False)]
    shown = folds(page.get(address).content.decode())
    assert shown == [*closed, ("Zeile 3, noch leer", False), ("Weitere Angaben", False)]
    sent = {"key": "nord", "name": "N", "lines": "3", "kind_0": "rerank", "facility_0": "nord"}
    wrong = folds(page.post(address, sent).content.decode())
    assert wrong[:3] == [("Wirkungen", True), ("Weitere Angaben", True), ("Weitere Angaben", False)]


def test_an_inject_has_headings(draft: ScriptDraft, page: Client) -> None:
    shown = page.get(ROW.format(draft.pk, "einlagen") + "?nr=1").content.decode()
    headings = re.findall(r'<h2 class="kern-title">([^<]*)</h2>', shown)
    assert headings == ["Was gesagt wird", "Wann, an wen und wie", "Wozu sie gehört"]
    assert [title for title, opened in folds(shown) if opened] == ["Was erwartet wird"]
