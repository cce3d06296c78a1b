"""The stored document of a result as it may be given away: docs/reference/opinion-json.md."""

from typing import Any

from ..models import Result, VoiceLevel
from . import queries
from .figures import document_of
from .masks import mask_document
from .reader import Reader

# Personal voices never stand beside official ones; empty: nobody has said.
LEVELS = (*(str(level) for level in VoiceLevel if level != VoiceLevel.PERSONAL), "")


def published(reader: Reader) -> dict[str, Any]:
    """The document; nobody to be recognised in it where that was promised, no small cell of persons."""
    document = document_of(Result.objects.only("document").get(pk=reader.result.pk))
    if reader.is_anonymous:
        _number_participants(document, reader)
    else:
        _add_levels(document, reader)
    if not reader.is_official:
        mask_document(document)
    return document


def _add_levels(document: dict[str, Any], reader: Reader) -> None:
    """Say of each municipality who stands behind how many of its votes: which level, which agent."""
    levels = queries.levels_of(reader.concern)
    answered = {p.member.key: reader.answered_by.get(p.member.pk, {}) for p in reader.all_places}
    by_key = {place.member.key: levels.get(place.member.pk, {}) for place in reader.all_places}
    for each in document["participants"]:
        votes = by_key.get(each["id"], {})
        each["answered_by"] = answered.get(each["id"], {})
        each["levels"] = {level or "unknown": votes[level] for level in LEVELS if level in votes}


def _number_participants(document: dict[str, Any], reader: Reader) -> None:
    """Replace what stands for participants by the running numbers of the tables.

    Neither their order in the document, which is that of official keys, nor their weight, which is
    that of a Land and a size class, may tell who is who.
    """
    numbers = {place.member.key: n for n, place in enumerate(reader.all_places, start=1)}

    def numbered(keys: list[str]) -> list[str]:
        return [str(n) for n in sorted(numbers[key] for key in keys if key in numbers)]

    present = [each for each in document["participants"] if each["id"] in numbers]
    document["participants"] = sorted(present, key=lambda each: numbers[each["id"]])
    for each in present:
        each["id"], each["weight"] = str(numbers[each["id"]]), None
    if found := document["coordination"]:
        found["components"] = [numbered(keys) for keys in found["components"]]
        found["straight_lines"] = numbered(found["straight_lines"])
