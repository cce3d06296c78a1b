"""Polis exports as they are, and every way in which one can be broken."""

from pathlib import Path

import numpy as np
import pytest

from allmende.formats.errors import FormatError
from allmende.formats.polis_export import ExportedStatement, read_polis_export
from allmende.formats.vote_log import read_vote_log

HEADER = "voter-id,comment-id,vote\n"


def write(folder: Path, text: str | bytes, name: str = "votes.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def rows_of(path: Path) -> list[tuple[str, str, int]]:
    log = read_vote_log(path)
    return [
        (str(log.voters[voter]), str(log.comments[comment]), int(vote))
        for voter, comment, vote in zip(log.voter, log.comment, log.vote, strict=True)
    ]


def test_log_keeps_its_order_and_repeated_votes(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + "10,7,1\n9,7,0\n10,7,-1\n")
    assert rows_of(path) == [("10", "7", 1), ("9", "7", 0), ("10", "7", -1)]
    assert read_vote_log(path).voters.tolist() == ["10", "9"]
    assert read_vote_log(path).timestamp is None


@pytest.mark.parametrize(
    "text",
    [
        "comment-id,vote,voter-id\n7,1,10\n8,-1,9",
        "\ufeffvoter-id,comment-id,vote\r\n10,7,1\r\n9,8,-1\r\n",
        'voter-id,comment-id,vote\n"10","7","1"\n"9","8","-1"\n',
        "voter-id;comment-id;vote\n10;7;1\n9;8;-1\n",
        "voter-id,comment-id,vote\n10, 7,+1\n\n9,8,-1\n\n",
        "voter-id,datetime,comment-id,vote\n10,x,7,1\n9,y,8,-1\n",
    ],
    ids=["order, no last line end", "BOM, CRLF", "quoted", "semicolons", "blanks", "more columns"],
)
def test_same_votes_in_other_dress(tmp_path: Path, text: str) -> None:
    assert rows_of(write(tmp_path, text)) == [("10", "7", 1), ("9", "8", -1)]


def test_identifiers_are_text_and_keep_leading_zeros(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + "09162000,1,1\n9162000,1,0\nKöln,1,-1\n")
    assert rows_of(path) == [("09162000", "1", 1), ("9162000", "1", 0), ("Köln", "1", -1)]


def test_blocks_and_single_rows_agree(tmp_path: Path) -> None:
    """200,000 plain rows go through blocks; one quoted cell sends the rest through csv."""
    random = np.random.default_rng(1)
    cells = np.column_stack(
        [
            random.integers(0, 3000, 200_000),
            random.integers(0, 90, 200_000),
            random.integers(-1, 2, 200_000),
            random.integers(1_600_000_000_000, 1_700_000_000_000, 200_000),
        ]
    )
    lines = [",".join(map(str, row)) for row in cells.tolist()]
    head = "voter-id,comment-id,vote,timestamp"
    plain = read_vote_log(write(tmp_path, "\n".join([head, *lines]) + "\n"))
    lines[150_000] = '"' + lines[150_000].replace(",", '","') + '"'
    mixed = read_vote_log(write(tmp_path, "\n".join([head, *lines]) + "\n", "b.csv"))
    quoted = read_vote_log(write(tmp_path, "\n".join([head, lines[150_000], *lines]), "c.csv"))
    for log, skip in ((plain, 0), (mixed, 0), (quoted, 1)):
        assert log.timestamp is not None
        assert log.voters[log.voter[skip:]].astype(int).tolist() == cells[:, 0].tolist()
        assert log.comments[log.comment[skip:]].astype(int).tolist() == cells[:, 1].tolist()
        assert log.vote[skip:].tolist() == cells[:, 2].tolist()
        assert log.timestamp[skip:].tolist() == cells[:, 3].tolist()


def test_seconds_become_milliseconds(tmp_path: Path) -> None:
    path = write(tmp_path, "timestamp,voter-id,comment-id,vote\n1567382954,0,0,-1\n")
    log = read_vote_log(path)
    assert log.timestamp is not None
    assert log.timestamp.tolist() == [1_567_382_954_000]


BROKEN = {
    "0 bytes": (b"", "leer"),
    "only blank lines": (b"\n\n", "Es fehlen die Spalten"),
    "only a header": (HEADER.encode(), "keine einzige Stimme"),
    "missing column": (b"voter-id,vote\n1,1\n", "Zeile 1: Es fehlt die Spalte „comment-id“"),
    "unknown column": (b"voter-id,comment-id,vote,mood\n1,1,1,2\n", "„mood“ ist unbekannt"),
    "column twice": (b"voter-id,comment-id,vote,vote\n1,1,1,1\n", "„vote“ steht doppelt"),
    "no header": (b"1,2,1\n", "Es fehlen die Spalten"),
    "vote of 2": (HEADER.encode() + b"1,1,1\n1,2,2\n", "Zeile 3: In der Spalte „vote“ steht „2“"),
    "vote in words": (HEADER.encode() + b"1,1,agree\n", "Zeile 2: In der Spalte „vote“"),
    "vote missing": (HEADER.encode() + b"1,1,\n", "Zeile 2: In der Spalte „vote“ steht „“"),
    "voter missing": (HEADER.encode() + b",1,1\n", "Zeile 2: In der Spalte „voter-id“ fehlt"),
    "cut off": (HEADER.encode() + b"1,1,1\n1,2", "Zeile 3: Die Zeile hat 2 Felder"),
    "time far away": (
        b"voter-id,comment-id,vote,timestamp\n1,1,1,9999999999999999\n",
        "Zeile 2: In der Spalte „timestamp“ steht „9999999999999999“; das ist keine Zeit",
    ),
    "time before 1970": (
        b"voter-id,comment-id,vote,timestamp\n1,1,1,-5\n",
        "Zeile 2: In der Spalte „timestamp“ steht „-5“; das ist keine Zeit",
    ),
    "letters in a time": (
        b"voter-id,comment-id,vote,timestamp\n1,1,1,gestern\n",
        "Zeile 2: In der Spalte „timestamp“ steht „gestern“; hier muss eine ganze Zahl stehen",
    ),
    "NUL": (HEADER.encode() + b"1,1,1\n1\0,1,1\n", "Zeile 3: Hier stehen NUL-Bytes"),
    "zeros only": (b"\0" * 5000, "Zeile 1: Hier stehen NUL-Bytes"),
    "Latin-1": (HEADER.encode() + "Köln,1,1\n".encode("latin-1"), "Zeile 2: Die Zeile ist nicht"),
    "UTF-16": (HEADER.encode("utf-16"), "Zeile 1"),
    "binary": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "Zeile 1"),
    "endless line": (b"a" * 3_000_000, "Zeile 1: Die Zeile hat mehr als eine Million Zeichen"),
    "open quote": (HEADER.encode() + b'1,1,"1\n' + b"1,1,1\n" * 40_000, "Anführungszeichen"),
    "old line ends": (HEADER.encode() + b"1,1,1\r2,1,1\r", "Zeile 2"),
}


@pytest.mark.parametrize(("content", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_file_names_file_and_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(FormatError) as caught:
        read_polis_export(path)
    assert str(caught.value).startswith("votes.csv")
    assert message in str(caught.value)


def test_two_gigabytes_of_zeros_are_refused_without_reading_them(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + "1,1,1\n")
    with path.open("r+b") as file:
        file.truncate(2_000_000_000)
    with pytest.raises(FormatError, match="Zeile 3: Hier stehen NUL-Bytes"):
        read_polis_export(path)


def test_more_than_four_gigabytes_are_refused_unread(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER)
    with path.open("r+b") as file:
        file.truncate(4_100_000_000)
    with pytest.raises(FormatError, match=r"4\.100 MB zu groß; erlaubt sind 4\.000 MB"):
        read_polis_export(path)


@pytest.mark.parametrize("text", ["1,1,1\n" * 6, '"1",1,1\n' * 6, "1,1,1\n" * 3 + '1,"1",1\n' * 3])
def test_too_many_votes_are_refused(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, HEADER + text)
    assert len(read_polis_export(path, most_votes=6).vote) == 6
    with pytest.raises(FormatError, match="mehr als 5 Stimmen"):
        read_polis_export(path, most_votes=5)


def test_large_file_with_far_too_many_rows_is_refused_by_its_first_block(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + '"1",1,1\n' * 400_000)
    with path.open("r+b") as file:
        file.truncate(30_000_000)
    with pytest.raises(FormatError, match="etwa 4 Millionen Zeilen; erlaubt sind 2 Millionen"):
        read_polis_export(path, most_votes=2_000_000)


def test_missing_path_and_folder_without_votes(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="gibt es nicht"):
        read_polis_export(tmp_path / "nowhere")
    with pytest.raises(FormatError, match=r"fehlt die Datei „votes\.csv“"):
        read_polis_export(tmp_path)
    with pytest.raises(FormatError, match="keine Datei"):
        read_polis_export(Path("/dev/null"))


def test_folder_with_everything(tmp_path: Path) -> None:
    write(tmp_path, HEADER + "1,7,1\n2,7,-1\n")
    write(
        tmp_path,
        "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
        '1600000000000,x,7,2,1,1,1,"Mehr Bäume, bitte!\nUnd ""Bänke""."\n'
        "1600000000001,x,8,1,0,0,-1,Nein\n",
        "comments.csv",
    )
    write(tmp_path, 'topic,Bäume\nurl,\nconversation-description,"a\nb"\n', "summary.csv")
    write(tmp_path, "participant,group-id,7\n1,0,1\n2,,-1\n", "participants-votes.csv")
    write(tmp_path, "CC BY 4.0", "NOTICE.md")
    export = read_polis_export(tmp_path)
    assert export.statements == (
        ExportedStatement("7", 'Mehr Bäume, bitte!\nUnd "Bänke".', "2", 1, 1_600_000_000_000),
        ExportedStatement("8", "Nein", "1", -1, 1_600_000_000_001),
    )
    assert (export.topic, export.description, export.notice) == ("Bäume", "a\nb", "CC BY 4.0")
    assert export.published_groups == {"1": "0"}
    assert len(export.sha256) == 64


def test_matrix_stands_in_for_missing_log(tmp_path: Path) -> None:
    write(
        tmp_path,
        "participant,group-id,n-votes,7,8\n1,0,1,1,\n2,,2,-1,0\n",
        "participants-votes.csv",
    )
    export = read_polis_export(tmp_path)
    assert export.voters[export.voter].tolist() == ["1", "2", "2"]
    assert export.comments[export.comment].tolist() == ["7", "7", "8"]
    assert export.vote.tolist() == [1, -1, 0]


def test_broken_comments_name_their_line(tmp_path: Path) -> None:
    write(tmp_path, HEADER + "1,7,1\n")
    write(tmp_path, "comment-id,comment-body,moderated\n7,Text,1\n8,Text,ja\n", "comments.csv")
    with pytest.raises(FormatError, match=r"comments\.csv, Zeile 3: .*„moderated“ steht „ja“"):
        read_polis_export(tmp_path)


@pytest.mark.shared
def test_real_exports(shared_data: Path) -> None:
    export = read_polis_export(shared_data / "votes" / "austria-climate.5twd2jsnkf.2022-08-08")
    assert (len(export.voters), len(export.statements), len(export.vote)) == (1116, 522, 61_936)
    assert export.topic == "Produktion und Konsum"
    assert sum(statement.moderation == 1 for statement in export.statements) == 277
    groups = list(export.published_groups.values())
    assert (groups.count("0"), groups.count("1")) == (761, 139)
    assert "CC BY 4.0" in export.notice
