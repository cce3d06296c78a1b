"""Notes of tasks and hits say what is invented."""

from ..models import Concern


def marked(concern: Concern, note: str) -> str:
    """A note that says of invented things that they are."""
    return f"{note} · Beispieldaten" if concern.is_example else note
