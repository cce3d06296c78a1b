"""Scripts as files, and tried out: tables are looked at first; the check leads to what is wrong."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.text import slugify
from tests.crisis.small import small_document, small_script

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.crisis import scripts, services
from allmende.crisis.models import InjectTable, ScriptDraft
from allmende.crisis.queries.rehearsals import (
    MOST_SIMULATED,
    CannotPlay,
    check_draft,
    rehearse_draft,
)
from allmende.crisis.services.exercises import authoring, tables
from allmende.formats.exercise_script.changes import find_row
from allmende.formats.exercise_script.document import script_of
from allmende.formats.exercise_script.tables import Cells
from allmende.formats.exercise_script.workbooks import Book, write_workbook

pytestmark = pytest.mark.django_db


def sent(page: Client, draft: ScriptDraft, content: bytes, name: str = "einlagen.csv") -> str:
    """The page of a table that was sent."""
    file = SimpleUploadedFile(name, content)
    answer = page.post(reverse("scripts:choose_table", args=[draft.pk]), {"file": file})
    assert answer.status_code == 303, answer.context["form"].errors
    return str(answer.headers["Location"])


def test_a_table_is_looked_at_and_then_taken_over_once(draft: ScriptDraft, page: Client) -> None:
    address = sent(
        page, draft, b"Nr.;Zeit;Betreff;An;Farbe\n1;0:20;Neu;stab;rot\n7;30;Anruf;presse;blau\n"
    )
    link = f'<a class="kern-link" href="{address}">einlagen.csv</a>'
    places = [
        draft.get_absolute_url(),
        reverse("scripts:drafts"),
        f"{draft.get_absolute_url()}einlesen/",
    ]
    assert [link in page.get(place).content.decode() for place in places] == [True] * 3
    shown = page.get(address)
    look = shown.context["look"]
    assert (look.ignored, look.new, look.changed) == (("Farbe",), 1, 1)
    draft.refresh_from_db()
    assert draft.revision == 1
    said = {"revision": 1, **look.columns}
    assert page.post(f"{address}uebernehmen/", said).status_code == 303
    assert [link in page.get(place).content.decode() for place in places] == [False] * 3
    answer = page.get(page.post(f"{address}verwerfen/").headers["Location"])
    assert "schon übernommen" in answer.content.decode()
    draft.refresh_from_db()
    assert find_row(draft.script, "injects", "7") == {
        "key": "7",
        "at": 30,
        "title": "Anruf",
        "to": ["presse"],
    }
    assert find_row(draft.script, "injects", "1")["sender"] == "Hausmeisterei"  # type: ignore[index]
    assert "schon übernommen" in page.post(f"{address}uebernehmen/", said).content.decode()
    assert Entry.objects.get(deed="crisis.change_draft").details == {
        "part": "injects",
        "name": "",
        "new": 1,
        "changed": 1,
    }


def test_columns_can_be_chosen_where_the_guess_is_wrong(draft: ScriptDraft, page: Client) -> None:
    address = sent(page, draft, b"Wann,Was,Wer\n10,Anruf,stab\n")
    assert [fault.place for fault in page.get(address).context["look"].faults] == ["Kopfzeile"]
    look = page.get(address, {"zuordnung": "1", "at": "Wann", "title": "Was", "to": "Wer"}).context[
        "look"
    ]
    assert [row["key"] for row in look.merges[0].new] == ["4"]
    wrong = page.get(
        address, {"zuordnung": "1", "at": "Was", "title": "Wann", "to": "Wer"}
    ).context["look"]
    assert [(fault.line, fault.column) for fault in wrong.faults] == [(2, "Was")]


def test_a_script_that_changed_meanwhile_is_looked_at_again(
    draft: ScriptDraft, page: Client, alice: User
) -> None:
    address = sent(page, draft, b"Zeit,Titel,An\n10,Anruf,stab\n")
    authoring.switch_inject(actor=alice, mandate=None, draft=draft, key="1", enabled=False)
    said = {"revision": 1, "at": "Zeit", "title": "Titel", "to": "An"}
    assert "inzwischen geändert" in page.post(f"{address}uebernehmen/", said).content.decode()
    assert InjectTable.objects.get().carried_out_at is None
    assert page.post(f"{address}uebernehmen/", said | {"revision": 2}).status_code == 303


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "leer.csv", "leer"),
        (b"Zeit,Titel,An\n", "ohne.csv", "keine Zeilen"),
        (b"PK\x03\x04kaputt", "kaputt.xlsx", ""),
        (b"\xff\xfe\x00Z", "falsch.csv", ""),
        (b"Zeit,Titel\n" + b"1,x\n" * 5_001, "lang.csv", "mehr als 5000"),
    ],
)
def test_bad_files_are_told(
    content: bytes, name: str, said: str, draft: ScriptDraft, page: Client
) -> None:
    file = SimpleUploadedFile(name, content)
    answer = page.post(reverse("scripts:choose_table", args=[draft.pk]), {"file": file})
    assert said in str(answer.context["form"].errors["file"])
    assert not InjectTable.objects.exists()


def test_a_table_can_begin_a_script(page: Client, draft: ScriptDraft) -> None:
    file = SimpleUploadedFile("msel.csv", b"Zeit,Titel,An\n10,Anruf,stab\n")
    begin = {"host": draft.host_id, "begin": "datei", "file": file}
    answer = page.post("/krise/drehbuecher/neu/", begin)
    made = ScriptDraft.objects.latest("pk")
    address = reverse("scripts:table", args=[made.tables.get().pk])
    assert (made.title, answer.headers["Location"]) == ("msel", address)
    # Until it is taken over, the script is empty and says what waits for it.
    assert address in page.get(made.get_absolute_url()).content.decode()
    answer = page.get(page.post(f"{address}verwerfen/").headers["Location"])
    assert "„msel.csv“ ist verworfen." in answer.content.decode()
    assert not made.tables.exists()


def test_a_table_with_faults_that_began_a_script_says_that_it_is_empty(
    page: Client, draft: ScriptDraft
) -> None:
    file = SimpleUploadedFile("msel.csv", "Zeit\tTitel\tAn\nspäter\tAnruf\tstab\n".encode("cp1252"))
    begin = {"host": draft.host_id, "begin": "datei", "file": file}
    answer = page.get(page.post("/krise/drehbuecher/neu/", begin).headers["Location"])
    shown = answer.content.decode()
    assert [fault.line for fault in answer.context["look"].faults] == [2]
    assert "Das Drehbuch „msel“ ist angelegt und noch leer." in shown
    assert "im Zeichensatz von Windows (cp1252) gelesen" in shown


@pytest.mark.parametrize("file", ["drehbuch.json", "einlagen.csv", "drehbuch.xlsx"])
def test_what_is_taken_along_is_logged(file: str, draft: ScriptDraft, page: Client) -> None:
    answer = page.get(reverse("scripts:export", args=[draft.pk, file]))
    name = f"{slugify(draft.title)}-{file}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    entry = Entry.objects.get(deed="crisis.export_draft")
    assert entry.details == {"format": file}
    code = f"{entry.number}-{entry.hash[:8]}"
    if file == "drehbuch.json":
        document = json.loads(answer.content)
        assert (document["mark"]["for"], document["mark"]["code"]) == (entry.capacity, code)
        assert script_of(document) == script_of(draft.script)
    else:
        sheet = sent(page, draft, answer.content, file)
        cells = draft.tables.get().cells
        assert cells["headings"][-3:] == ["Abgerufen für", "Abgerufen am", "Abrufkennung"]
        assert {(row[-3], row[-1]) for _line, row in cells["rows"]} == {(entry.capacity, code)}
        look = page.get(sheet).context["look"]
        # A workbook has a team, roles, a generator, a decision, a network, and what is said once, too.
        assert (look.changes_something, look.unchanged) == (False, 16 if file[-1] == "x" else 3)


def test_what_is_too_long_for_a_workbook_is_told(draft: ScriptDraft, page: Client) -> None:
    hours = {f"Einrichtung mit langem Namen {number}": 1 for number in range(1_000)}
    document = small_document(units=[{"key": "a", "name": "A", "travel_hours": hours}])
    ScriptDraft.objects.filter(pk=draft.pk).update(script=document)
    answer = page.get(reverse("scripts:export", args=[draft.pk, "drehbuch.xlsx"]))
    assert "ist zu lang für eine Zelle" in page.get(answer.headers["Location"]).content.decode()
    document = small_document()
    document["model"]["supplies"][0]["suppliers"] = ["niemand"]
    document["model"]["scenario"] |= {"first_come": True, "hazards": []}
    ScriptDraft.objects.filter(pk=draft.pk).update(script=document)
    answer = page.get(reverse("scripts:export", args=[draft.pk, "drehbuch.xlsx"]))
    shown = page.get(answer.headers["Location"]).content.decode()
    assert "Berichtigen Sie zuerst das Netz, oder nehmen Sie das Drehbuch als JSON mit." in shown
    assert "In JSON, nicht in Excel, stehen außerdem: wie die Reparaturtrupps wählen." in shown
    assert not Entry.objects.filter(deed="crisis.export_draft").exists()


def test_a_workbook_can_begin_a_whole_script(page: Client, draft: ScriptDraft) -> None:
    file = SimpleUploadedFile("drehbuch.xlsx", write_workbook(script_of(draft.script)))
    answer = page.post(
        reverse("scripts:add"), {"host": draft.host_id, "begin": "datei", "file": file}
    )
    shown = page.get(answer.headers["Location"])
    look = shown.context["look"]
    assert (look.faults, "Wasserwerk Nord" in shown.content.decode()) == ((), True)
    made = ScriptDraft.objects.latest("pk")
    said = {"revision": made.revision, **look.columns}
    assert page.post(f"{answer.headers['Location']}uebernehmen/", said).status_code == 303
    made.refresh_from_db()
    assert made.title == draft.title
    for part in ("injects", "roles", "teams", "decisions", "units", "announce"):
        assert made.script[part] == draft.script[part]
    entry = Entry.objects.get(deed="crisis.change_draft")
    assert entry.details["part"] == "workbook"


def test_tables_go_after_a_while(draft: ScriptDraft, alice: User) -> None:
    kept = tables.keep_table(
        actor=alice, draft=draft, file_name="x.csv", book=Book(Cells(("Zeit",), ((2, ("1",)),)))
    )
    assert tables.clear_tables(kept.created_at) == 0
    InjectTable.objects.update(created_at="2026-01-01T00:00Z")
    assert tables.clear_tables(kept.created_at) == 1
    with pytest.raises(services.Conflict):
        tables.carry_out_table(actor=alice, mandate=None, table=kept, columns={}, seen=1)


def test_findings_lead_to_where_they_are_mended(draft: ScriptDraft, page: Client) -> None:
    document = small_document()
    document["injects"][1] |= {"to": ["niemand"], "at": 601}
    document["announce"]["to"][0]["roles"] = ["keiner"]
    document["decisions"][0]["options"][0]["acts"][0]["unit"] = "keins"
    ScriptDraft.objects.filter(pk=draft.pk).update(script=document)
    shown = page.get(reverse("scripts:check", args=[draft.pk]))
    places = [
        finding.place for finding, is_error, _address in shown.context["findings"] if is_error
    ]
    assert sorted(set(places)) == [
        "Einlage „Die Zeitung fragt“ (2, T+10:01)",
        "Entscheidung „Wohin soll das Aggregat?“ (wohin), Möglichkeit „Wasserwerk nord“ (nord)",
        "Meldungen der Simulation",
    ]
    addresses = [address for _finding, is_error, address in shown.context["findings"] if is_error]
    row = f"/krise/drehbuecher/{draft.pk}/zeilen/{{}}/zeile/?nr={{}}"
    assert sorted(addresses) == sorted(
        [
            row.format("einlagen", "2"),
            row.format("einlagen", "2"),
            row.format("entscheidungen", "wohin"),
            reverse("scripts:announce", args=[draft.pk]),
        ]
    )


@pytest.mark.parametrize("key", [key for key, _name in scripts.names()])
def test_our_scripts_have_no_findings(key: str) -> None:
    checked = check_draft(scripts.read(key))
    assert (checked.found, checked.simulated) == ([], True)


def test_a_dry_run_shows_what_decisions_change(draft: ScriptDraft, page: Client) -> None:
    address = reverse("scripts:rehearsal", args=[draft.pk])
    idle = page.get(address).context["run"]
    sent = {"wahl_0": "nord", "zeit_0": "1:00", "rolle": ""}
    decided = page.get(address, sent).context["run"]
    assert idle.decided == idle.nothing == decided.nothing
    assert decided.nothing - decided.decided == pytest.approx(800 * 5)
    failed = "Wasserwerk Nord ausgefallen"
    assert failed in [line.title for line in idle.lines]
    assert failed not in [line.title for line in decided.lines]
    heard = page.get(address, {"rolle": "presse"}).context["run"]
    assert [(line.when, line.key) for line in heard.lines] == [("T+00:10", "1"), ("T+05:00", "2")]
    for wrong, reason in (
        ("99:00", "Das liegt nicht in der Übung."),
        ("bald", "Das ist keine Zeit."),
    ):
        [said] = page.get(address, sent | {"zeit_0": wrong}).context["form"].errors["zeit_0"]
        assert said.startswith(f"„Wohin soll das Aggregat?“: {reason}")


def test_a_dry_run_refuses_what_play_would(draft: ScriptDraft, page: Client) -> None:
    document = small_document()
    document["injects"][1] |= {"to": ["stab"], "at": 60, "asks_for": ["wohin"]}
    ScriptDraft.objects.filter(pk=draft.pk).update(script=document)
    address = reverse("scripts:rehearsal", args=[draft.pk])
    early = page.get(address, {"wahl_0": "nord", "zeit_0": "0:30"})
    assert [tuple(each) for each in early.context["run"].early] == [
        ("Wohin soll das Aggregat?", "T+00:30", "T+01:00")
    ]
    assert "Offen ab T+01:00" in early.content.decode()
    assert early.context["run"].decided == early.context["run"].nothing
    soon = page.get(address, {"wahl_0": "nord"}).context["run"]
    asked = page.get(address, {"wahl_0": "nord", "zeit_0": "1:00"}).context["run"]
    assert (soon.early, soon) == ([], asked)
    assert soon.decided < soon.nothing


def test_each_decision_of_a_dry_run_is_one_run_more() -> None:
    script = small_script()
    most = MOST_SIMULATED // len(script.facilities)
    with pytest.raises(CannotPlay, match="mit so vielen Entscheidungen"):
        rehearse_draft(script, [(None, "wohin", "nord")] * most)


def test_what_cannot_be_played_says_why(draft: ScriptDraft, page: Client) -> None:
    document: dict[str, Any] = small_document()
    document["model"]["supplies"][0]["suppliers"] = ["gibt-es-nicht"]
    with pytest.raises(CannotPlay):
        rehearse_draft(script_of(document), [])
    ScriptDraft.objects.filter(pk=draft.pk).update(script=document)
    assert "reason" in page.get(reverse("scripts:rehearsal", args=[draft.pk])).context
