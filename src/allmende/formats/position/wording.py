"""What all printed forms of a position say in the same words."""

from collections.abc import Sequence
from dataclasses import dataclass

from .document import Position, Word, day, grouped


@dataclass(frozen=True)
class Count:
    """How many stand behind the whole or a section, and how many dissent."""

    name: str
    endorse: int
    dissent: int


def title(position: Position) -> str:
    return f"Gemeinsame Position: {position.question}"


def running(position: Position) -> str:
    """What stands at the foot of every page."""
    example = "Beispieldaten · " if position.is_example else ""
    return (
        f"{example}Fassung {position.edition} vom {day(position.sealed_at)} · {position.hash[:16]}…"
    )


def about(position: Position) -> str:
    """Who put the question, and who wrote the position."""
    said = []
    if position.owner:
        said.append(f"Das Anliegen hat {position.owner} eingebracht.")
    if position.rapporteurs:
        said.append(f"Berichterstattung: {', '.join(position.rapporteurs)}.")
    if position.sealed_in:
        said.append(f"Versiegelt von: {position.sealed_in}.")
    return " ".join(said)


def counts(position: Position, words: Sequence[Word]) -> list[Count]:
    """The whole, then each section: who has said something about a section is counted there by that,
    all others by what they said about the whole.
    """
    whole = {word.key: word.endorses for word in words if word.section is None}
    rows = [_count("Die ganze Position", whole)]
    for section in position.sections:
        own = {w.key: w.endorses for w in words if w.section == section.number}
        rows.append(_count(f"{section.number}. {section.title}", whole | own))
    return rows


def _count(name: str, stands: dict[str, bool]) -> Count:
    endorse = sum(stands.values())
    return Count(name, endorse, len(stands) - endorse)


def standing(words: Sequence[Word]) -> str:
    """How many have said something at all."""
    if not words:
        return "Bisher hat sich niemand dazu geäußert."
    whole = [word for word in words if word.section is None]
    endorse = sum(word.endorses for word in whole)
    dissent = len(whole) - endorse
    return (
        f"{grouped(endorse)} {'Organisation trägt' if endorse == 1 else 'Organisationen tragen'} die ganze "
        f"Position mit, {grouped(dissent)} {'trägt' if dissent == 1 else 'tragen'} sie nicht mit. "
        "Wer sich zu einem Abschnitt eigens geäußert hat, ist dort danach gezählt."
    )


def endorsers(words: Sequence[Word]) -> str:
    """Who endorses the whole, by name."""
    names = [word.organisation for word in words if word.section is None and word.endorses]
    return f"Die ganze Position tragen mit: {', '.join(names)}." if names else ""


def check() -> str:
    """How anybody makes sure that nothing was changed."""
    return (
        "Sie gilt für den Wortlaut, die Zahlen und die Angaben dieser Fassung, nicht für die Stellungnahmen "
        "dazu, die danach eingingen. So prüfen Sie sie: Laden Sie die Fassung als JSON-Datei herunter, nehmen "
        "Sie den Teil „document“ ohne Leerraum und mit sortierten Schlüsseln (RFC 8785), und bilden Sie "
        "SHA-256 darüber."
    )
