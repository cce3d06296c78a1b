"""Files that are no script: what they are is said, once, and what would be taken."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.crisis.small import small_document
from tests.formats.test_file_kinds import archive

from allmende.accounts.models import User
from allmende.accounts.queries import everything_about
from allmende.crisis.models import InjectTable, ScriptDraft
from allmende.crisis.portal import forget
from allmende.registry.models import Organisation

pytestmark = pytest.mark.django_db
LETTER = archive(word__document_xml=b"")
PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def errors(answer: Any) -> list[str]:
    """What the page says at the file; it says so in the summary, too, and nowhere else."""
    found: list[str] = answer.context["form"].errors["file"]
    shown = answer.content.decode()
    assert [shown.count(each) for each in found] == [2] * len(found)
    return found


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("plan.pdf", b"%PDF-1.7 \xe2", "plan.pdf: Das ist eine PDF-Datei, keine Tabelle."),
        ("plan.csv", b"%PDF-1.7 \xe2", "plan.csv: Das ist eine PDF-Datei, keine Tabelle."),
        ("plan.docx", LETTER, "plan.docx: Das ist ein Word-Dokument (.docx), keine Tabelle."),
        ("plan.png", PICTURE, "plan.png: Das ist ein Bild, keine Tabelle."),
        ("plan.json", b'{"a": 1}', "plan.json: Das ist eine JSON-Datei, keine Tabelle."),
    ],
)
def test_a_table_of_another_kind(
    draft: ScriptDraft, page: Client, name: str, content: bytes, said: str
) -> None:
    file = SimpleUploadedFile(name, content)
    answer = page.post(reverse("scripts:choose_table", args=[draft.pk]), {"file": file})
    assert errors(answer) == [f"{said} Möglich ist: Excel (.xlsx) oder CSV."]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "plan.pdf",
            b"%PDF-1.7",
            "plan.pdf: Das ist eine PDF-Datei, weder Drehbuch noch Tabelle. Möglich ist: "
            "ein Drehbuch als JSON, oder eine Tabelle als Excel (.xlsx) oder CSV.",
        ),
        (
            "netz.json",
            b'{"format": "allmende-cascade/1"}',
            "netz.json: Das ist ein Netz für „allmende cascade“, kein Drehbuch. "
            "Ein Drehbuch als JSON beginnt mit „format“: „allmende-exercise/1“.",
        ),
    ],
)
def test_a_draft_cannot_begin_with_it(
    host: Organisation, page: Client, name: str, content: bytes, said: str
) -> None:
    sent = {"host": host.pk, "begin": "datei", "file": SimpleUploadedFile(name, content)}
    assert errors(page.post(reverse("scripts:add"), sent)) == [said]


def add_exercise(page: Client, host: Organisation, document: dict[str, Any]) -> Any:
    file = SimpleUploadedFile("drehbuch.json", json.dumps(document).encode())
    return page.post(reverse("exercises:add"), {"host": host.pk, "file": file})


def test_faults_of_a_script_are_listed_once(host: Organisation, page: Client) -> None:
    document = small_document()
    document["injects"][0]["goals"] = ["keines"]
    document["injects"][1]["to"] = ["niemand"]
    answer = add_exercise(page, host, document)
    assert errors(answer) == ["Dieses Drehbuch hat 2 Fehler. Sie stehen unter dem Formular."]
    shown = answer.content.decode()
    assert [shown.count(each) for each in ("„keines“", "„niemand“")] == [1, 1]
    document["goals"] = [{"key": f"z{n}", "name": "Z", "capabilities": ["f"]} for n in range(22)]
    shown = add_exercise(page, host, document).content.decode()
    assert "4 weitere Fehler stehen nicht hier." in shown


def test_a_single_fault_stands_at_its_field(host: Organisation, page: Client) -> None:
    document = small_document()
    document["injects"][1]["to"] = ["niemand"]
    answer = add_exercise(page, host, document)
    [said] = errors(answer)
    assert "„niemand“" in said
    assert "Was am Drehbuch falsch ist" not in answer.content.decode()


def test_an_example_shows_how_a_file_is_made(page: Client, host: Organisation) -> None:
    for name in ("exercises:add", "scripts:add"):
        shown = page.get(reverse(name)).content.decode()
        assert "docs/" not in shown
        assert reverse("scripts:template", args=["stromausfall.json"]) in shown
    answer = page.get(reverse("scripts:template", args=["stromausfall.json"]))
    assert add_exercise(page, host, json.loads(answer.content)).status_code == 303
    for unknown in ("stromausfall", "nichts.json", "..json"):
        assert page.get(reverse("scripts:template", args=[unknown])).status_code == 404


def test_who_wrote_last_has_it_in_her_copy_until_she_goes(
    draft: ScriptDraft, alice: User, bob: User
) -> None:
    table = InjectTable.objects.create(
        draft=draft, created_by=alice, file_name="einlagen.xlsx", cells={}
    )

    def copied(user: User) -> list[list[Any]]:
        titles = ("Drehbücher, an denen Sie zuletzt geschrieben haben", "Tabellen mit Einlagen")
        parts = [part for part in everything_about(user) if part.title in titles]
        return [list(row.values()) for part in parts for row in part.rows]

    assert copied(alice) == [
        ["Kleiner Stromausfall", "Lindenfurt", draft.changed_at],
        ["einlagen.xlsx", "Kleiner Stromausfall", table.created_at],
    ]
    assert copied(bob) == []
    changed_at = draft.changed_at
    forget(alice)
    draft.refresh_from_db()
    table.refresh_from_db()
    assert (draft.changed_by, table.created_by, draft.changed_at) == (None, None, changed_at)
