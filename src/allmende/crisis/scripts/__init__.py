"""Scripts that can be played at once."""

from pathlib import Path

from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.document import read_script
from allmende.formats.exercise_script.model import Script

HERE = Path(__file__).parent


def names() -> list[tuple[str, str]]:
    return sorted((path.stem, read_script(path).name) for path in HERE.glob("*.json"))


def read(key: str) -> Script:
    if key not in dict(names()):
        raise FormatError("?")
    return read_script(HERE / f"{key}.json")
