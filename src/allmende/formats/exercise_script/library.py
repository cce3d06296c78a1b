"""Scripts that are ready to play: nothing to prepare but who plays whom.

>>> template_names()
('stromausfall',)
"""

from functools import cache
from pathlib import Path

from allmende.formats.exercise_script.document import read_script
from allmende.formats.exercise_script.model import Script

FOLDER = Path(__file__).parent / "templates"


def template_names() -> tuple[str, ...]:
    """Names of all templates, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


@cache
def read_template(name: str) -> Script:
    """One of them; ``KeyError`` if there is none of that name."""
    if name not in template_names():
        raise KeyError(name)
    return read_script(FOLDER / f"{name}.json")
