"""Files of injects: with the draft, with the exercise, and for nobody before the inject brings them."""

import json
from base64 import b64encode
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.crisis.small import small_document
from tests.factories import UserFactory

from allmende.accounts.models import User
from allmende.crisis import scripts, services
from allmende.crisis.models import Exercise, ExerciseFile, ScriptDraft, ScriptFile
from allmende.crisis.queries.exercises import hosting_mandates
from allmende.crisis.services import exercises as serve
from allmende.crisis.services.exercises import authoring
from allmende.crisis.services.exercises.sent_files import MOST_BYTES
from allmende.formats.exercise_script.changes import find_row, stand_of
from allmende.formats.exercise_script.document import document_of, script_of
from allmende.portal.models import Upload
from allmende.portal.services import clear_uploads
from allmende.registry.models import Organisation

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def draft(alice: User) -> ScriptDraft:
    document = small_document()
    document["injects"][2]["attachments"] = ["Plan.pdf"]
    [host] = hosting_mandates(alice)
    return authoring.add_draft(actor=alice, mandate=None, host=host, script=script_of(document))


def send(page: Client, draft: ScriptDraft, name: str = "Plan.pdf", content: bytes = PDF) -> int:
    file = SimpleUploadedFile(name, content)
    return page.post(reverse("scripts:add_file", args=[draft.pk]), {"file": file}).status_code


def prepared(page: Client, draft: ScriptDraft) -> Exercise:
    sent = {"host": draft.host_id, "draft": draft.pk}
    assert page.post("/krise/uebungen/neu/", sent).status_code == 303
    return Exercise.objects.latest("pk")


def status(user: User, file: ExerciseFile) -> int:
    client = Client()
    client.force_login(user)
    return client.get(reverse("exercises:attachment", args=[file.pk])).status_code


def test_a_file_is_kept_once_under_its_name(draft: ScriptDraft, page: Client) -> None:
    assert [send(page, draft), send(page, draft)] == [303, 303]
    draft.refresh_from_db()
    assert draft.script["attachments"] == [{"name": "Plan.pdf"}]
    file = ScriptFile.objects.get()
    answer = page.get(reverse("scripts:file", args=[file.pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert send(page, draft, "plan.exe", b"MZ") == 200
    assert send(page, draft, f"{'lang' * 25}.pdf") == 303
    assert max(len(each.name) for each in ScriptFile.objects.all()) == 80


def test_it_follows_its_row(draft: ScriptDraft, page: Client, alice: User) -> None:
    send(page, draft)
    draft.refresh_from_db()
    row = find_row(draft.script, "attachments", "Plan.pdf")
    authoring.put_row(
        actor=alice,
        mandate=None,
        draft=draft,
        section="attachments",
        row={"name": "Lageplan.pdf"},
        key="Plan.pdf",
        seen=stand_of(row),
    )
    draft.refresh_from_db()
    assert (draft.files.get().name, draft.script["injects"][2]["attachments"]) == (
        "Lageplan.pdf",
        ["Lageplan.pdf"],
    )
    page.post(reverse("scripts:copy", args=[draft.pk]))
    assert ScriptFile.objects.count() == 2
    authoring.remove_row(
        actor=alice,
        mandate=None,
        draft=draft,
        section="attachments",
        key="Lageplan.pdf",
        seen=stand_of({"name": "Lageplan.pdf"}),
    )
    assert not draft.files.exists()


def test_only_those_to_whom_an_inject_brought_it_can_have_it(
    draft: ScriptDraft, page: Client, alice: User, stranger: User
) -> None:
    send(page, draft)
    exercise = prepared(page, draft)
    file = exercise.files.get()
    head, press, observer, spectator = (UserFactory() for _person in range(4))
    for user, kind, role in (
        (head, "spiel", "stab"),
        (press, "spiel", "presse"),
        (observer, "beobachtung", ""),
        (spectator, "zuschauen", ""),
    ):
        serve.join(actor=user, exercise=exercise, kind=kind, role=role)
    everybody = [alice, observer, head, press, spectator, stranger]
    serve.start_exercise(actor=alice, exercise=exercise)
    assert [status(user, file) for user in everybody] == [200, 200, 404, 404, 404, 404]
    serve.give_order(actor=alice, exercise=exercise, kind="trigger", inject="3")
    assert [status(user, file) for user in everybody] == [200, 200, 200, 404, 404, 404]
    client = Client()
    client.force_login(head)
    shown = client.get(exercise.get_absolute_url()).content.decode()
    assert reverse("exercises:attachment", args=[file.pk]) in shown
    client.force_login(spectator)
    assert "Plan.pdf</a>" not in client.get(exercise.get_absolute_url()).content.decode()


def test_a_script_taken_along_brings_its_files(draft: ScriptDraft, page: Client) -> None:
    """Named otherwise than the file, too; as a draft, and as an exercise."""
    send(page, draft)
    draft.refresh_from_db()
    draft.script["attachments"][0]["name"] = draft.script["injects"][2]["attachments"][0] = "Karte"
    draft.save()
    draft.files.update(name="Karte")
    taken = page.get(reverse("scripts:export", args=[draft.pk, "drehbuch.json"])).content
    begin = {"host": draft.host_id, "begin": "datei", "name": "Noch einmal"}
    file = SimpleUploadedFile("d.json", taken)
    assert page.post(reverse("scripts:add"), {**begin, "file": file}).status_code == 303
    made = ScriptDraft.objects.latest("pk")
    assert made.script == draft.script | {"name": "Noch einmal"}
    file = SimpleUploadedFile("d.json", taken)
    sent = {"host": draft.host_id, "file": file}
    assert page.post(reverse("exercises:add"), sent).status_code == 303
    exercise = Exercise.objects.latest("pk")
    for [kept] in (made.files.all(), exercise.files.all()):
        assert (kept.name, kept.upload.name, kept.upload.media_type) == (
            "Karte",
            "Plan.pdf",
            "application/pdf",
        )
        assert kept.upload.file.read() == PDF


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"file_name": "../../"}, "Bitte geben Sie ihr die Endung .pdf"),
        ({"content": "TVoA"}, "Diese Art von Datei nehmen wir nicht an."),
        ({"media_type": "text/plain"}, "Dem Inhalt nach ist das PDF."),
        ({"name": "Plan.exe"}, "Dem Inhalt nach ist das eine Datei der Art PDF"),
        ({"sha256": "0"}, "Die Prüfsumme stimmt nicht"),
        ({"content": b64encode(PDF + b" " * 8_000_000).decode()}, "größer als 10 MB"),
        ({"content": b64encode(PDF + b" " * 7_000_000 + b"%%EOF").decode()}, "höchstens 7 MB"),
    ],
)
def test_a_file_that_cannot_be_kept_is_told_and_nothing_is_kept(
    changes: dict[str, str], said: str, draft: ScriptDraft, page: Client
) -> None:
    row = {"name": "Plan.pdf", "content": b64encode(PDF).decode(), **changes}
    document = small_document() | {"attachments": [row]}
    file = SimpleUploadedFile("d.json", json.dumps(document).encode())
    begin = {"host": draft.host_id, "begin": "datei", "file": file}
    answer = page.post(reverse("scripts:add"), begin)
    assert said in str(answer.context["form"].errors["file"])
    assert (ScriptDraft.objects.count(), Upload.objects.count()) == (1, 0)


def test_files_of_a_script_are_together_not_too_large(draft: ScriptDraft, page: Client) -> None:
    send(page, draft, "eins.pdf")
    Upload.objects.update(size=MOST_BYTES - len(PDF))
    assert [send(page, draft, name) for name in ("zwei.pdf", "drei.pdf")] == [303, 200]
    # What was kept when more was allowed may be made smaller.
    Upload.objects.update(size=2 * MOST_BYTES)
    assert [send(page, draft, name) for name in ("eins.pdf", "drei.pdf")] == [303, 200]


def test_a_script_and_its_files_come_back_together(
    draft: ScriptDraft, page: Client, alice: User
) -> None:
    send(page, draft)
    Upload.objects.update(size=MOST_BYTES)

    def write(summary: str) -> None:
        draft.refresh_from_db()
        seen = stand_of({"summary": draft.script["summary"]})
        authoring.change_part(
            actor=alice,
            mandate=None,
            draft=draft,
            part="summary",
            values={"summary": summary},
            seen=seen,
        )

    long = small_document()
    long["injects"] += [
        {"key": f"x{number}", "at": 1, "title": "x", "to": ["stab"], "text": "x" * 19_000}
        for number in range(30)
    ]
    ScriptDraft.objects.filter(pk=draft.pk).update(script=document_of(script_of(long)))
    with pytest.raises(services.Conflict, match="ließe sich nicht wieder einlesen"):
        write("Das Netz fällt aus und bleibt es.")
    write("Kurz.")
    assert send(page, draft, "mehr.pdf") == 200
    Upload.objects.update(size=MOST_BYTES // 2)
    write("Das Netz fällt aus und bleibt es.")


@pytest.mark.parametrize("key", [key for key, _name in scripts.names()])
def test_our_scripts_bring_files_that_say_exercise(
    key: str, host: Organisation, page: Client
) -> None:
    begin = {"host": host.pk, "begin": f"vorlage/{key}"}
    assert page.post(reverse("scripts:add"), begin).status_code == 303
    assert (
        page.post(reverse("exercises:add"), {"host": host.pk, "template": key}).status_code == 303
    )
    script = scripts.read(key)
    named = {name for inject in script.injects for name in inject.attachments}
    for files in (ScriptDraft.objects.get().files, Exercise.objects.get().files):
        there = {each.name: each.upload.file.read().decode() for each in files.all()}
        assert there.keys() == named == {each.name for each in script.attachments}
        assert len(there) == 3
        for text in there.values():
            assert text.startswith("ÜBUNG ÜBUNG ÜBUNG\n")
            assert max(map(len, text.splitlines())) <= 64, "a telephone would break its lines"
    taken = page.get(reverse("scripts:template", args=[f"{key}.json"])).json()
    assert [bool(each["content"]) for each in taken["attachments"]] == [True] * 3


def test_the_exercise_keeps_it_when_the_draft_goes(
    draft: ScriptDraft, page: Client, alice: User
) -> None:
    send(page, draft)
    exercise = prepared(page, draft)
    authoring.remove_draft(actor=alice, mandate=None, draft=draft)
    authoring.clear_drafts(timezone.now() + timedelta(days=1))
    orphan = Upload(name="x.pdf", media_type="application/pdf", size=4, sha256="")
    orphan.file.save("x.pdf", ContentFile(PDF))
    assert clear_uploads(timezone.now() + timedelta(days=1)) >= 1
    assert Upload.objects.get() == exercise.files.get().upload
