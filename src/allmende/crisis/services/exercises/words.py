"""What an inject says when it is delivered: the script's words, or those for what the simulation tells."""

from collections.abc import Iterator
from typing import Any

from allmende.formats.exercise_script.fields import CHANNELS
from allmende.formats.exercise_script.model import Inject, Script

from ...queries.games import Game
from ...queries.situation import service_label

MARK = "ÜBUNG"


def said(game: Game, inject: str) -> dict[str, Any]:
    """The columns of a delivery that hold its words; all of it is marked as an exercise."""
    if announcement := game.announced.get(inject):
        return _told(game.script, announcement)
    row = next(each for each in game.script.injects if each.key == inject)
    return {
        "channel": CHANNELS[row.channel],
        "sender": row.sender,
        "title": f"{MARK}: {row.title}"[:300],
        "text": "\n\n".join(_paragraphs(game.script, row)),
    }


def _paragraphs(script: Script, row: Inject) -> Iterator[str]:
    if row.text:
        yield row.text
    for article in script.articles:
        if article.key == row.article:
            yield f"{article.medium}: {article.headline}\n{article.text}"
    if row.attachments:
        yield f"Anlagen: {', '.join(row.attachments)}"


def _told(script: Script, announcement: Any) -> dict[str, Any]:
    """What the simulation tells, by audience: an operator calls, people notice, the situation report says."""
    items = announcement.items
    names = [script.facility_name(item.facility) for item in items]
    place = announcement.municipality
    if announcement.kind == "buffered":
        lines = [
            f"{name} läuft auf Vorrat{_without(item)}, noch {_hours(item.left)}."
            for name, item in zip(names, items, strict=True)
        ]
        channel, sender, what = "Telefon", "Betreiber", "läuft auf Vorrat"
    elif announcement.kind == "failed":
        lines = [
            f"{name} ist ausgefallen{_without(item)}.{_persons(item)}"
            for name, item in zip(names, items, strict=True)
        ]
        channel, sender, what = "Telefon", "Bürgertelefon und Medien", "ist ausgefallen"
    else:
        lines = [
            f"{name} arbeitet wieder.{_persons(item, again=True)}"
            for name, item in zip(names, items, strict=True)
        ]
        channel, sender, what = "Lagemeldung", "Lagezentrum", "arbeitet wieder"
    head = (
        f"{names[0]} {what}" if len(names) == 1 else f"{len(names)} weitere Einrichtungen: {what}"
    )
    return {
        "channel": channel,
        "sender": f"{sender} {place}".strip(),
        "title": f"{MARK}: {head}"[:300],
        "text": "\n".join(lines),
    }


def _without(item: Any) -> str:
    if not item.missing:
        return ""
    return f", ohne {' und '.join(service_label(sector) for sector in item.missing)}"


def _hours(hours: float) -> str:
    if hours < 1:
        return f"{max(1, round(hours * 60))} Minuten"
    whole = round(hours)
    return f"etwa {whole} Stunde{'' if whole == 1 else 'n'}"


def _persons(item: Any, *, again: bool = False) -> str:
    if not item.persons:
        return ""
    count = f"{round(item.persons):,}".replace(",", ".")
    return f" {count} Menschen sind {'wieder versorgt' if again else 'betroffen'}."
