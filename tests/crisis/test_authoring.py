"""Writing scripts: line by line, by two at once, and by nobody else."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.crisis.small import small_document, small_script

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.crisis import scripts, services
from allmende.crisis.forms.authoring.injects import lines_of
from allmende.crisis.models import Exercise, ScriptDraft
from allmende.crisis.queries.drafts import SECTIONS, past_scripts_of
from allmende.crisis.queries.exercises import hosting_mandates
from allmende.crisis.services.exercises import add_exercise
from allmende.crisis.services.exercises import authoring as serve
from allmende.formats.exercise_script.changes import find_row, stand_of
from allmende.formats.exercise_script.document import script_of, write_script
from allmende.formats.exercise_script.faults import ScriptError
from allmende.registry.models import Organisation

pytestmark = pytest.mark.django_db
ROW = "/krise/drehbuecher/{}/zeilen/{}/zeile/"


@pytest.fixture
def host(alice: User) -> Organisation:
    [host] = hosting_mandates(alice)
    return host


@pytest.fixture
def draft(alice: User, host: Organisation) -> ScriptDraft:
    return serve.add_draft(actor=alice, mandate=None, host=host, script=small_script())


@pytest.fixture
def page(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


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
        ("title", "", "Dieses Feld ist zwingend erforderlich."),
        ("to", [], "Dieses Feld ist zwingend erforderlich."),
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


def test_a_draft_begins_with_what_there_is(page: Client, host: Organisation, alice: User) -> None:
    file = SimpleUploadedFile("mein.json", write_script(small_script()).encode())
    begins: list[tuple[dict[str, Any], str]] = [
        ({"begin": "leer", "name": "Sturm"}, "Sturm"),
        ({"begin": "vorlage/hochwasser"}, scripts.read("hochwasser").name),
        ({"begin": "datei", "file": file}, "Kleiner Stromausfall"),
    ]
    for sent, title in begins:
        assert page.post("/krise/drehbuecher/neu/", {"host": host.pk} | sent).status_code == 303
        assert ScriptDraft.objects.latest("pk").title == title
    for sent in ({"begin": "leer"}, {"begin": "datei"}, {"begin": "uebung/1"}):
        assert page.post("/krise/drehbuecher/neu/", {"host": host.pk} | sent).status_code == 200
    broken = SimpleUploadedFile("kaputt.json", b'{"format": "allmende-exercise/1", "name": 5}')
    shown = page.post(
        "/krise/drehbuecher/neu/", {"host": host.pk, "begin": "datei", "file": broken}
    )
    assert "Das Feld fehlt." in shown.content.decode()


def test_a_script_of_an_exercise_that_goes_on_is_no_beginning_for_who_may_play_in_it(
    alice: User, stranger: User, host: Organisation
) -> None:
    exercise = add_exercise(actor=stranger, mandate=None, host=host, script=small_script())
    assert list(past_scripts_of(alice)) == []
    Exercise.objects.update(state="beendet")
    assert list(past_scripts_of(alice)) == [exercise]
    assert list(past_scripts_of(stranger)) == []


def test_pressed_twice_is_one_draft_and_a_copy_is_another(
    draft: ScriptDraft, host: Organisation, alice: User, page: Client
) -> None:
    again = serve.add_draft(actor=alice, mandate=None, host=host, script=small_script())
    assert again == draft
    assert page.post(reverse("scripts:copy", args=[draft.pk])).status_code == 303
    assert [each.title for each in ScriptDraft.objects.order_by("pk")] == [
        "Kleiner Stromausfall",
        "Kleiner Stromausfall (Kopie)",
    ]


def test_what_is_removed_can_be_put_back_for_a_while(draft: ScriptDraft, page: Client) -> None:
    address = reverse("scripts:draft", args=[draft.pk])
    listed = page.get(page.post(reverse("scripts:remove", args=[draft.pk])).headers["Location"])
    assert listed.context["removed"] == draft
    assert page.get(address).status_code == 404
    assert serve.clear_drafts(timezone.now() - timedelta(days=30)) == 0
    assert page.post(reverse("scripts:restore", args=[draft.pk])).status_code == 303
    assert page.get(address).status_code == 200
    page.post(reverse("scripts:remove", args=[draft.pk]))
    assert serve.clear_drafts(timezone.now() + timedelta(days=1)) == 1


def test_nobody_else_sees_a_draft(draft: ScriptDraft, client: Client, stranger: User) -> None:
    client.force_login(stranger)
    assert client.get(reverse("scripts:draft", args=[draft.pk])).status_code == 404
    assert list(client.get("/krise/drehbuecher/").context["page"]) == []
    shown = client.get(f"/krise/uebungen/neu/?drehbuch={draft.pk}")
    assert draft.title not in shown.content.decode()


def test_an_exercise_keeps_a_copy_of_its_own(
    draft: ScriptDraft, page: Client, host: Organisation, alice: User
) -> None:
    sent = {"host": host.pk, "draft": draft.pk}
    assert page.post("/krise/uebungen/neu/", sent).status_code == 303
    exercise = Exercise.objects.get()
    serve.change_part(
        actor=alice,
        mandate=None,
        draft=draft,
        part="name",
        values={"name": "Anders"},
        seen=stand_of({"name": draft.script["name"]}),
    )
    exercise.refresh_from_db()
    assert exercise.script["name"] == "Kleiner Stromausfall"
    row = inject(draft, "2")
    put(draft, alice, row | {"to": ["niemand"]}, key="2", seen=stand_of(row))
    shown = page.post("/krise/uebungen/neu/", sent)
    assert "„niemand“ gibt es nicht" in shown.content.decode()


def test_head_and_announcements_are_changed_and_overtaken(
    draft: ScriptDraft, page: Client, alice: User
) -> None:
    address = reverse("scripts:head", args=[draft.pk])
    stand = page.get(address).context["stand"]
    sent = {
        "stand": stand,
        "name": "Neu",
        "duration_minutes": "24:00",
        "starts_at": "22:00",
        "speed": "16,5",
        "seed": "3",
    }
    assert page.post(address, sent).status_code == 303
    draft.refresh_from_db()
    script = script_of(draft.script)
    assert (script.name, script.duration_minutes, script.speed, script.summary) == (
        "Neu",
        1440,
        16.5,
        "",
    )
    late = page.post(address, sent | {"name": "Anders"})
    assert late.context["differences"] == [("Name", "Neu", "Anders")]
    address = reverse("scripts:announce", args=[draft.pk])
    sent = {
        "stand": page.get(address).context["stand"],
        "most": "2",
        "window_minutes": "30",
        "lines": "5",
        "audience_4": "public",
        "municipality_4": "Lindenfurt",
        "roles_4": ["presse"],
    }
    assert page.post(address, sent).status_code == 303
    draft.refresh_from_db()
    assert draft.script["announce"] == {
        "most": 2,
        "window_minutes": 30,
        "to": [{"audience": "public", "roles": ["presse"], "municipality": "Lindenfurt"}],
    }


def test_pages_ask_the_same_few_things_however_much_there_is(
    draft: ScriptDraft,
    page: Client,
    host: Organisation,
    alice: User,
    django_assert_num_queries: Any,
) -> None:
    document = small_document(name="Groß")
    document["injects"] = [
        {"key": str(n), "at": n, "title": "?", "to": ["stab"]} for n in range(1, 200)
    ]
    large = serve.add_draft(actor=alice, mandate=None, host=host, script=script_of(document))
    for path in ("", "zeilen/einlagen/", "zeilen/einlagen/zeile/?nr=2", "zeilen/rollen/"):
        counts = []
        for each in (draft, large):
            page.get(f"/krise/drehbuecher/{each.pk}/{path}")
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert page.get(f"/krise/drehbuecher/{each.pk}/{path}").status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1]
    with CaptureQueriesContext(connection) as two:
        page.get("/krise/drehbuecher/")
    copied = serve.add_draft(actor=alice, mandate=None, host=host, script=small_script(name="Drei"))
    assert copied.pk
    with django_assert_num_queries(len(two)):
        page.get("/krise/drehbuecher/")
