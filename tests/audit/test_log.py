"""The log on the operator's desk."""

import csv
import re
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.audit.services import record
from allmende.forum.models import Concern
from tests.audit.test_services import Office
from tests.conftest import ROOT
from tests.factories import ConcernFactory, UserFactory, second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> User:
    """Olga, who runs this installation, has signed in."""
    olga = second_factor(UserFactory(name="Olga", is_operator=True))
    client.force_login(olga)
    return olga


@pytest.fixture
def concern() -> Concern:
    return ConcernFactory(question="Wie schützt der Bund Menschen im Amt?")


@pytest.fixture
def entries(operator: User, alice: User, concern: Concern) -> list[Entry]:
    """Three deeds of three actors about two objects."""
    return [
        record(actor=None, deed="accounts.invite_person", obj=alice),
        record(actor=alice, deed="forum.open_concern", obj=concern, mandate=Office()),
        record(actor=operator, deed="forum.close_concern", obj=concern, reason="=Es eilt"),
    ]


def shown(client: Client, **filters: str) -> list[int]:
    """The numbers of the entries on the page, from top to bottom."""
    answer = client.get(reverse("audit:log"), filters)
    return [line.entry.number for line in answer.context["lines"]]


def test_the_log_tells_who_did_what_to_what(client: Client, entries: list[Entry]) -> None:
    lines = client.get(reverse("audit:log")).context["lines"]
    assert [(line.who, line.what, line.about) for line in lines] == [
        ("Olga", "Abstimmung beendet.", "Anliegen „Wie schützt der Bund Menschen im Amt?“"),
        (
            "Alice Ahrens, Ratsmitglied · Lindenfurt",
            "Für Aussagen und Stimmen geöffnet.",
            "Anliegen „Wie schützt der Bund Menschen im Amt?“",
        ),
        ("", "Konto angelegt.", entries[0].object_name),
    ]


def test_filters(client: Client, operator: User, alice: User, entries: list[Entry]) -> None:
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)
    assert shown(client, person="ahrens") == [2]
    assert shown(client, person="alice@example") == [2]
    assert shown(client, person=f"Konto {alice.pk}") == [2]
    assert shown(client, tat="forum.close_concern") == [3]
    assert shown(client, von="0001-01-01", bis="9999-12-31") == [3, 2, 1], "no day of ours"
    assert shown(client, art="forum.Concern") == [3, 2]
    assert shown(client, art="forum.Concern", person="olga") == [3]
    assert shown(client, q="ES EILT") == [3]
    assert shown(client, q="menschen im amt") == [3, 2]
    assert shown(client, von=str(today), bis=str(today)) == [3, 2, 1]
    assert shown(client, von=str(tomorrow)) == []
    assert shown(client, objekt=f"accounts.User:{alice.pk}") == [1]
    assert shown(client, vor="3") == [2, 1]
    # What makes no sense does no harm.
    assert shown(client, q="\0", von="gestern", vor="x", person="9" * 30) == []


def test_a_long_log_has_pages(client: Client, operator: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("allmende.audit.views.PAGE_SIZE", 2)
    for _ in range(5):
        record(actor=operator, deed="accounts.make_operator", obj=operator)
    answer = client.get(reverse("audit:log"))
    assert (shown(client), answer.context["older"]) == ([5, 4], 4)
    assert shown(client, vor="4") == [3, 2]
    assert client.get(reverse("audit:log"), {"vor": "2"}).context["older"] is None


def test_an_entry_shows_its_neighbours(
    client: Client, concern: Concern, entries: list[Entry]
) -> None:
    answer = client.get(reverse("audit:entry", args=[2]))
    context = answer.context
    assert (context["before"], context["after"], context["is_sound"]) == (
        entries[0],
        entries[2],
        True,
    )
    assert context["address"] == concern.get_absolute_url()
    for entry in entries:
        assert entry.hash in answer.content.decode()
    assert client.get(reverse("audit:entry", args=[99])).status_code == 404


def test_its_files_speak_german_whoever_takes_them(client: Client, entries: list[Entry]) -> None:
    for name in ("audit:csv", "audit:json"):
        answer = client.post(reverse(name), headers={"Accept-Language": "en"})
        assert "Content-Language" not in answer


def test_the_log_as_a_table(client: Client, operator: User, entries: list[Entry]) -> None:
    answer = client.post(reverse("audit:csv"), {"art": "forum.Concern"})
    text = answer.getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text), delimiter=";"))
    assert [
        (r["Nummer"], r["Name"], r["Mandat"], r["Begründung"], r["Prüfsumme"]) for r in rows
    ] == [
        ("2", "Alice Ahrens", "Ratsmitglied · Lindenfurt", "", entries[1].hash),
        ("3", "Olga", "", "'=Es eilt", entries[2].hash),
    ]
    exported = Entry.objects.get(number=4)
    assert (exported.actor, exported.deed, exported.details) == (
        operator,
        "audit.export_log",
        {"format": "csv", "filters": ["art"]},
    )


def test_an_outsider_can_verify_the_log_as_json(
    client: Client, entries: list[Entry], tmp_path: Path
) -> None:
    """With the program that docs/reference/audit.md prints, which shares no code with ours."""
    document = (ROOT / "docs" / "reference" / "audit.md").read_text()
    program = re.findall(r"```python\n(import.*?)```", document, flags=re.DOTALL)[0]
    export = tmp_path / "protokoll.jsonl"
    export.write_bytes(client.post(reverse("audit:json")).getvalue())

    def run() -> str:
        command = [sys.executable, "-c", program, str(export)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr).strip()

    assert run() == f"3 entries are sound; the last hash is {entries[2].hash}"
    export.write_text(export.read_text().replace("Es eilt", "Es eilt nicht"))
    assert run() == "entry 3 was changed"


@pytest.mark.parametrize("name", ["log", "csv", "json"])
def test_only_operators_read_the_log(client: Client, alice: User, name: str) -> None:
    client.force_login(alice)
    method = client.get if name == "log" else client.post
    assert method(reverse(f"audit:{name}")).status_code == 404
    assert Entry.objects.count() == 0


def test_the_log_takes_the_same_number_of_queries(
    client: Client, operator: User, concern: Concern, django_assert_num_queries: Any
) -> None:
    address = reverse("audit:log")
    for _ in range(2):
        record(actor=UserFactory(), deed="forum.open_concern", obj=concern)
        with django_assert_num_queries(4):
            client.get(address)
