"""Drafts of scripts: how they begin and end, who sees them, and what stands in them once."""

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
from allmende.crisis import scripts
from allmende.crisis.forms.authoring.lines import is_said
from allmende.crisis.models import Exercise, ScriptDraft
from allmende.crisis.queries.drafts import past_scripts_of
from allmende.crisis.services.exercises import add_exercise
from allmende.crisis.services.exercises import authoring as serve
from allmende.formats.exercise_script.changes import find_row, stand_of
from allmende.formats.exercise_script.document import script_of, write_script
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


def test_a_zero_is_something_that_is_said(draft: ScriptDraft, page: Client) -> None:
    draft.script["decisions"][0]["options"][0]["acts"] = [
        {"kind": "rerank", "facility": "nord", "rank": 0}
    ]
    draft.script["units"][0]["hours"] = 0
    draft.script["injects"][0]["enabled"] = False
    draft.save(update_fields=["script"])
    option = reverse("scripts:option", args=[draft.pk]) + "?nr=wohin&wahl=nord"
    form = page.get(option).context["form"]
    [lines] = [group.lines for group in form.groups if group.lines]
    assert [line.shows_more for line in lines] == [True, False, False]
    assert is_said(form["rank_0"])
    # What somebody else has stored meanwhile is compared as it is, not as if it were left out.
    row = reverse("scripts:row", args=[draft.pk, "aggregate"]) + "?nr=aggregat"
    sent = {"stand": "alt", "key": "aggregat", "name": "Aggregat", "hours": "2"}
    assert page.post(row, sent).context["differences"] == [("Stunden, bis es wirkt", "0", "2")]
    inject = reverse("scripts:row", args=[draft.pk, "einlagen"]) + "?nr=1"
    sent = {
        name: value for name, value in page.get(inject).context["form"].initial.items() if value
    }
    told = page.post(inject, sent | {"stand": "alt", "enabled": "on"}).context["differences"]
    assert told == [("Kommt vor", "nein", "ja")]


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
