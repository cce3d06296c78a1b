"""Open data: pages, files, the nightly dump, the catalogue."""

import csv
import hashlib
import json
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from allmende.commands.data import data_group
from allmende.portal import offers
from allmende.portal.offers import Offer
from allmende.portal.open_data import dumps, nightly
from allmende.portal.open_data.model import Column, Dataset, Kind

AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
ROWS = [
    (1, "=1+1", 0.5, True, date(2026, 2, 28), AT),
    (2, 'Größe; "ja"', None, False, None, None),
]
THINGS = Dataset(
    "dinge",
    "Dinge",
    "Was es gibt.",
    (
        Column("number", Kind.INTEGER, "Nummer", key=True),
        Column("text", Kind.TEXT, "Wortlaut"),
        Column("share", Kind.NUMBER, "Anteil"),
        Column("is_example", Kind.BOOLEAN, "Erfunden"),
        Column("on", Kind.DATE, "Tag"),
        Column("at", Kind.MOMENT, "Wann"),
    ),
    lambda: iter(ROWS),
)
PARTS = Dataset(
    "teile",
    "Teile",
    "Woraus Dinge bestehen.",
    (Column("thing", Kind.INTEGER, "Ding", refers_to="dinge.number"),),
    lambda: [(1,), (2,), (2,)],
)


@pytest.fixture
def things(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two small datasets and an empty data directory."""
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(offers, "all_offers", lambda: (Offer(datasets=(THINGS, PARTS)),))


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.usefixtures("things")
class TestFiles:
    def test_csv_opens_in_a_german_spreadsheet_and_runs_nothing(self, client: Client) -> None:
        response = client.get("/daten/dinge.csv")
        lines = body(response).decode().removeprefix("\ufeff").splitlines()
        assert list(csv.reader(lines, delimiter=";")) == [
            ["number", "text", "share", "is_example", "on", "at"],
            ["1", "'=1+1", "0,5000", "ja", "2026-02-28", "2026-03-01T12:30:00Z"],
            ["2", 'Größe; "ja"', "", "nein", "", ""],
        ]
        assert response["Content-Disposition"] == 'attachment; filename="dinge.csv"'

    def test_json_is_one_object_with_records(self, client: Client) -> None:
        found = json.loads(body(client.get("/daten/dinge.json")))
        assert datetime.fromisoformat(found.pop("at")) <= timezone.now()
        assert found == {
            "dataset": "dinge",
            "title": "Dinge",
            "licence": "https://www.govdata.de/dl-de/by-2-0",
            "source": "",
            "records": [
                {"number": 1, "text": "=1+1", "share": 0.5, "is_example": True,
                 "on": "2026-02-28", "at": "2026-03-01T12:30:00Z"},
                {"number": 2, "text": 'Größe; "ja"', "share": None, "is_example": False,
                 "on": None, "at": None},
            ],
        }  # fmt: skip

    def test_what_is_not_offered_is_not_there(self, client: Client) -> None:
        dumps.make_dump()
        for path in ("menschen.csv", "menschen.json", "menschen/", "menschen.parquet",
                     "manifest.json", "20200101T000000Z/allmende.sqlite", "../secret-key"):  # fmt: skip
            assert client.get(f"/daten/{path}").status_code == 404

    def test_pages_say_what_there_is_before_the_first_dump_and_after(self, client: Client) -> None:
        before = client.get("/daten/").content.decode()
        assert "Die erste gibt es in Kürze" in before
        assert "/daten/dinge.csv" in before
        assert "parquet" not in before
        dumps.make_dump()
        after = client.get("/daten/").content.decode()
        assert "/daten/allmende.sqlite" in after
        assert "2 Zeilen" in after
        page = client.get("/daten/dinge/").content.decode()
        assert "/daten/dinge.parquet" in page
        assert "Wortlaut" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("things")
class TestDump:
    def test_the_sqlite_file_has_tables_keys_and_what_they_mean(self) -> None:
        dump = dumps.make_dump()
        assert dump.rows == {"dinge": 2, "teile": 3}
        with sqlite3.connect(dump.path_of(dump.sqlite)) as file:
            assert file.execute('SELECT * FROM "dinge"').fetchall() == [
                (1, "=1+1", 0.5, 1, "2026-02-28", "2026-03-01T12:30:00Z"),
                (2, 'Größe; "ja"', None, 0, None, None),
            ]
            assert file.execute("PRAGMA foreign_key_check").fetchall() == []
            assert [row[2:5] for row in file.execute("PRAGMA foreign_key_list(teile)")] == [
                ("dinge", "thing", "number")
            ]
            assert [row[1] for row in file.execute("PRAGMA table_info(dinge)") if row[5]] == [
                "number"
            ]
            assert file.execute("SELECT name, rows FROM datasets").fetchall() == [
                ("dinge", 2),
                ("teile", 3),
            ]
            assert file.execute(
                "SELECT kind, meaning FROM columns WHERE dataset = 'dinge' AND name = 'at'"
            ).fetchall() == [("moment", "Wann")]

    def test_parquet_has_the_same_rows_with_types(self) -> None:
        from arro3.io import read_parquet

        dump = dumps.make_dump()
        table = read_parquet(dump.path_of(dump.files["dinge.parquet"])).read_all()
        assert [str(field.type).strip() for field in table.schema] == [
            "arro3.core.DataType<Int64>",
            "arro3.core.DataType<Utf8>",
            "arro3.core.DataType<Float64>",
            "arro3.core.DataType<Boolean>",
            "arro3.core.DataType<Date32>",
            'arro3.core.DataType<Timestamp(µs, "UTC")>',
        ]
        columns = [[cell.as_py() for cell in column] for column in table.columns]
        assert list(zip(*columns, strict=True)) == ROWS

    def test_checksums_are_those_of_the_files(self) -> None:
        dump = dumps.make_dump()
        sums = dump.path_of(dump.files["sha256sums.txt"]).read_text().splitlines()
        assert [line.split("  ")[1] for line in sums] == [
            "allmende.sqlite",
            "dinge.parquet",
            "teile.parquet",
        ]
        for line in sums:
            digest, name = line.split("  ")
            data = dump.path_of(dump.files[name]).read_bytes()
            assert hashlib.sha256(data).hexdigest() == digest

    def test_who_has_it_already_gets_nothing(self, client: Client) -> None:
        dump = dumps.make_dump()
        first = client.get("/daten/allmende.sqlite")
        assert body(first) == dump.path_of(dump.sqlite).read_bytes()
        assert first["ETag"] == f'"{dump.sqlite.sha256}"'
        assert first["Content-Length"] == str(dump.sqlite.bytes)
        again = client.get("/daten/allmende.sqlite", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        kept = client.get(f"/daten/{dump.name}/allmende.sqlite")
        assert kept["ETag"] == first["ETag"]

    def test_a_dump_that_breaks_leaves_nothing_behind(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def rows() -> object:
            yield ROWS[0]
            raise ZeroDivisionError

        broken = Dataset("dinge", "Dinge", "", THINGS.columns, rows)  # type: ignore[arg-type]
        kept = dumps.make_dump()
        monkeypatch.setattr(offers, "all_offers", lambda: (Offer(datasets=(broken,)),))
        with pytest.raises(ZeroDivisionError):
            dumps.make_dump()
        assert [path.name for path in dumps.folder().iterdir() if path.is_dir()] == [kept.name]
        assert dumps.newest() == kept

    def test_two_at_once_do_not_write_the_same(self) -> None:
        import fcntl

        dumps.make_dump()
        with (dumps.folder() / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(dumps.BusyError):
                dumps.make_dump()
            result = CliRunner().invoke(data_group, ["dump"])
        assert result.exit_code == 1
        assert "läuft gerade" in result.output

    def test_old_dumps_go_but_never_the_newest(self) -> None:
        first, second = dumps.make_dump(), dumps.make_dump()
        assert dumps.clear(timezone.now() + timedelta(days=1)) == 1
        assert dumps.dumps() == [second]
        assert first != second
        assert dumps.clear(timezone.now() + timedelta(days=1)) == 0

    def test_the_command_says_what_it_wrote(self) -> None:
        result = CliRunner().invoke(data_group, ["dump"])
        assert result.exit_code == 0
        assert result.stdout.splitlines()[-3:-1] == ["dinge: 2", "teile: 3"]


@pytest.mark.django_db
@pytest.mark.usefixtures("things")
class TestNight:
    def test_a_tick_asks_once_and_the_task_writes_once(self) -> None:
        from allmende.portal.tasks import dump_open_data

        assert nightly.ask_for_dump()
        assert not nightly.ask_for_dump()
        assert DBTaskResult.objects.count() == 1
        dump_open_data.call()
        dump_open_data.call()
        assert len(dumps.dumps()) == 1
        assert not nightly.is_due()

    def test_the_next_one_is_due_in_the_next_night(self, monkeypatch: pytest.MonkeyPatch) -> None:
        dump = dumps.make_dump()
        tomorrow = timezone.localtime(dump.at) + timedelta(days=1)
        for hour, due in ((1, False), (2, True)):
            monkeypatch.setattr(timezone, "now", lambda hour=hour: tomorrow.replace(hour=hour))
            assert nightly.is_due() is due


@pytest.mark.django_db
class TestEverything:
    def test_every_dataset_that_is_offered_can_be_dumped(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
        assert list(dumps.make_dump().rows) == list(offers.datasets())

    def test_references_name_columns_that_are_there(self) -> None:
        found = offers.datasets()
        keys = {f"{d.name}.{c.name}" for d in found.values() for c in d.columns if c.key}
        wanted = {c.refers_to for d in found.values() for c in d.columns if c.refers_to}
        assert wanted - keys == set()

    def test_every_page_links_to_it(self, client: Client) -> None:
        assert reverse("open_data") in client.get("/impressum/").content.decode()
