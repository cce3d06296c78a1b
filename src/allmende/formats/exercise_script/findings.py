"""One finding of the check of a script."""

from typing import NamedTuple

from allmende.formats.exercise_script.cells import format_minutes
from allmende.formats.exercise_script.model import Inject

ERROR, WARNING = "error", "warning"


class Finding(NamedTuple):
    """What is wrong, where, and what helps. An ERROR would be noticed in play, a WARNING may be meant so."""

    severity: str
    place: str
    message: str
    advice: str


def label(inject: Inject) -> str:
    """How findings name an inject."""
    when = "auf Anweisung" if inject.at is None else format_minutes(inject.at)
    return f"Einlage „{inject.key}“ ({when})"


def refused(reason: str) -> Finding:
    """The simulation cannot be laid out, though nothing else is wrong."""
    return Finding(ERROR, "Netz", reason, "Berichtigen Sie das Netz oder die Wirkung.")
