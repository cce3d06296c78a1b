"""The exercises that anybody may play at once: one JSON file each (docs/reference/exercise-json.md), and a folder
of the same name with the files of its attachments.

Places, persons and companies in them are invented, and stores are assumptions, except for hospitals.

>>> title = dict(names())["stromausfall"]
>>> title, read("stromausfall").name == title
('Stromausfall 72 Stunden', True)
"""

from functools import cache
from pathlib import Path

from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.attached import AttachedFile
from allmende.formats.exercise_script.document import read_script
from allmende.formats.exercise_script.model import Script


def names() -> list[tuple[str, str]]:
    """Key and title of every script, by title."""
    return sorted(((key, read(key).name) for key in _files()), key=lambda name: name[1])


@cache
def read(key: str) -> Script:
    """One script; ``FormatError`` if there is none of this key."""
    file = _files().get(key)
    if file is None:
        raise FormatError("Ein solches Drehbuch gibt es nicht.")
    return read_script(file)


def files(key: str) -> list[AttachedFile]:
    """The files of its attachments."""
    folder = Path(__file__).parent / key
    names = [each.name for each in read(key).attachments]
    return [AttachedFile(name, (folder / name).read_bytes()) for name in names]


@cache
def _files() -> dict[str, Path]:
    return {file.stem: file for file in Path(__file__).parent.glob("*.json")}
