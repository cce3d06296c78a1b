"""Files that travel within a script: in JSON, a row of ``attachments`` may hold its file in base64.

A script knows its attachments by name alone; what is in them is taken out before it is read, and put in when it is
written for somebody to take along.

>>> document = {"attachments": [{"name": "plan.txt"}]}
>>> put_files(document, [AttachedFile("plan.txt", b"Tor 1", media_type="text/plain")])
>>> sorted(document["attachments"][0])
['content', 'media_type', 'name', 'sha256', 'size']
>>> bare, files = take_files(document, [])
>>> bare, files[0].content
({'attachments': [{'name': 'plan.txt'}]}, b'Tor 1')
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from allmende.formats.exercise_script.faults import Fault
from allmende.formats.exercise_script.fields import NOUNS
from allmende.formats.exercise_script.model import Attachment

CONTENT = "content"
FILE_FIELDS = ("file_name", "media_type", "size", "sha256", CONTENT)


@dataclass(frozen=True)
class AttachedFile:
    """A file of an attachment.

    name : of the attachment, as injects call it
    file_name : what the file is called, if otherwise
    media_type : what it is, as far as whoever wrote it knows
    """

    name: str
    content: bytes
    file_name: str = ""
    media_type: str = ""

    @property
    def called(self) -> str:
        """What the file is called on somebody's disk."""
        return self.file_name or self.name


def put_files(document: dict[str, Any], files: Iterable[AttachedFile]) -> None:
    """Let the attachments of a document hold their files, in place; one that no file belongs to stays a name."""
    there = {file.name: file for file in files}
    for row in document.get("attachments", ()):
        file = there.get(row["name"])
        if file is None:
            continue
        if file.called != file.name:
            row["file_name"] = file.called
        row |= {
            "media_type": file.media_type,
            "size": len(file.content),
            "sha256": sha256(file.content).hexdigest(),
            CONTENT: base64.b64encode(file.content).decode("ascii"),
        }


def take_files(
    document: Mapping[str, Any], faults: list[Fault]
) -> tuple[Mapping[str, Any], tuple[AttachedFile, ...]]:
    """The document without what is in its files, and the files; what is wrong with one is noted."""
    rows = document.get("attachments")
    if not isinstance(rows, list):
        return document, ()
    bare: list[Any] = []
    found: dict[str, AttachedFile] = {}
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            bare.append(row)
            continue
        bare.append({name: value for name, value in row.items() if name not in FILE_FIELDS})
        if len(bare[-1]) < len(row):
            name = str(row.get("name", ""))
            place = f"{NOUNS[Attachment]} {number} („{name[:40]}“)"
            if name in found:
                faults.append(Fault(place, "name", "Eine Datei dieses Namens gibt es schon."))
            elif file := _file(name, row, place, faults):
                found[name] = file
    return {**document, "attachments": bare}, tuple(found.values())


def _file(
    name: str, row: Mapping[str, Any], place: str, faults: list[Fault]
) -> AttachedFile | None:
    before = len(faults)
    for field in FILE_FIELDS:
        wanted = int if field == "size" else str
        if field in row and not isinstance(row[field], wanted):
            what = "eine ganze Zahl" if wanted is int else "ein Text"
            faults.append(Fault(place, field, f"Hier wird {what} erwartet."))
    if CONTENT not in row:
        faults.append(Fault(place, CONTENT, "Der Inhalt der Datei fehlt."))
    if len(faults) > before:
        return None
    try:
        content = base64.b64decode(row[CONTENT], validate=True)
    except (binascii.Error, ValueError):
        faults.append(Fault(place, CONTENT, "Der Inhalt der Datei ist kein Base64."))
        return None
    if row.get("size", len(content)) != len(content):
        reason = f"Die Datei hat {len(content)} Bytes, angegeben sind {row['size']}."
        faults.append(Fault(place, "size", reason))
    elif row.get("sha256", digest := sha256(content).hexdigest()) != digest:
        reason = "Die Prüfsumme stimmt nicht: Die Datei ist beschädigt oder geändert."
        faults.append(Fault(place, "sha256", reason))
    if len(faults) > before:
        return None
    return AttachedFile(name, content, row.get("file_name", ""), row.get("media_type", ""))
