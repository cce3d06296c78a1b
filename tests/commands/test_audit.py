"""``allmende audit verify``, and the anchors that it compares with."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from allmende.accounts.models import User
from allmende.audit.anchors import anchor_file, note_head, read_anchors
from allmende.audit.chain import Anchor
from allmende.audit.protection import lifted
from allmende.audit.queries import head
from allmende.audit.services import record
from allmende.cli import commands

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_directory(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def chain(alice: User) -> Anchor:
    """Five entries, and the head of the chain that they are."""
    for _ in range(5):
        record(actor=alice, deed="accounts.open_user", obj=alice)
    return head() or Anchor(0, "")


def verify(*words: str) -> Result:
    return CliRunner().invoke(commands, ["audit", "verify", *words])


def tamper(statement: str) -> None:
    with lifted(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_untouched_log_is_sound(chain: Anchor) -> None:
    note_head()
    result = verify()
    assert (result.exit_code, result.stdout) == (
        0,
        "Das Protokoll ist unversehrt: 5 Einträge, mit 1 Anker verglichen.\n"
        f"Letzter Eintrag: 5:{chain.hash}\n",
    )


def test_every_broken_entry_is_named(chain: Anchor, tmp_path: Path) -> None:
    tamper("UPDATE audit_entry SET reason = 'anders' WHERE number = 2")
    tamper("DELETE FROM audit_entry WHERE number = 4")
    result = verify("--json", str(tmp_path / "result.json"))
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-2:] == [
        "  Eintrag 2 wurde geändert.",
        "  Eintrag 4 fehlt.",
    ]
    document = json.loads((tmp_path / "result.json").read_text())
    assert (document["sound"], document["entries"], document["head"]) == (
        False,
        4,
        {"number": 5, "hash": chain.hash},
    )
    assert document["findings"][1] == {
        "fault": "removed",
        "first": 4,
        "last": 4,
        "belongs": None,
        "text": "Eintrag 4 fehlt.",
    }


def test_a_missing_end_is_found_by_the_anchor(chain: Anchor) -> None:
    note_head()
    tamper("DELETE FROM audit_entry WHERE number > 3")
    assert "Die Einträge 4 bis 5 fehlen am Ende" in verify().stderr


def test_a_missing_end_is_found_by_what_was_written_down(chain: Anchor) -> None:
    written_down = verify("--head").stdout.strip()
    assert written_down == f"5:{chain.hash}"
    assert verify("--expect", written_down).exit_code == 0
    tamper("DELETE FROM audit_entry WHERE number > 3")
    assert verify().exit_code == 0
    assert verify("--expect", written_down).exit_code == 1
    assert verify("--expect", "5:kaputt").exit_code == 2


def test_the_head_is_noted_once_a_day(chain: Anchor, alice: User) -> None:
    noted = note_head()
    assert noted is not None
    record(actor=alice, deed="accounts.open_user", obj=alice)
    assert (note_head(), read_anchors()) == (None, ([noted], []))
    yesterday = datetime.now(UTC) - timedelta(days=1)
    anchor_file().write_text(anchor_file().read_text().replace(noted.noted_at, str(yesterday)))
    later = note_head()
    assert later is not None
    assert later.number == 6
    assert note_head() is None
    assert [anchor.number for anchor in read_anchors()[0]] == [5, 6]


def test_nothing_new_is_not_noted(chain: Anchor) -> None:
    long_ago = Anchor(5, chain.hash, "2026-01-01T00:00:00+00:00")
    anchor_file().write_text(json.dumps(long_ago._asdict()) + "\n")
    assert (note_head(), read_anchors()[0]) == (None, [long_ago])


def test_an_empty_log_is_sound() -> None:
    assert (note_head(), verify().exit_code, verify("--head").stdout) == (
        None,
        0,
        "Das Protokoll ist leer.\n",
    )


@pytest.mark.parametrize("line", ["kaputt", '{"number": 5}', "[]", "\udcff", "null", ""])
def test_a_damaged_line_of_the_anchors_is_named(chain: Anchor, line: str) -> None:
    note_head()
    with anchor_file().open("ab") as file:
        file.write(line.encode("utf-8", "surrogateescape") + b"\n")
    result = verify()
    assert (result.exit_code, "Zeile 2 der Ankerdatei" in result.stderr) == (1, True)
