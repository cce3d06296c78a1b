"""What an inject says when it is delivered: the script's words, or those for what the simulation tells."""

from collections.abc import Iterator
from typing import Any

from allmende.formats.exercise_script.fields import CLASSIFICATIONS
from allmende.formats.exercise_script.model import Inject, Script
from allmende.formats.exercise_script.words import MARK, words_of

from ...queries.games import Game


def said(game: Game, inject: str) -> dict[str, Any]:
    """The columns of a delivery that hold its words; its title says that it is an exercise."""
    script = game.script
    if announcement := game.announced.get(inject):
        words = words_of(announcement, names=script.facility_names, starts_at=script.starts_at)
        return {
            "channel": words.channel,
            "sender": words.sender,
            "title": words.title[:300],
            "text": words.text,
        }
    row = next(each for each in script.injects if each.key == inject)
    return {
        "channel": row.channel,
        "sender": row.sender,
        "title": f"{mark_of(row)}: {row.title}"[:300],
        "text": "\n\n".join(_paragraphs(script, row)),
    }


def mark_of(row: Inject) -> str:
    """That it is an exercise; and who may know of it, unless everybody."""
    known = CLASSIFICATIONS[row.classification]
    return MARK if row.classification == "open" else f"{MARK} · {known}"


def _paragraphs(script: Script, row: Inject) -> Iterator[str]:
    if row.text:
        yield row.text
    for article in script.articles:
        if article.key == row.article:
            yield f"{article.medium}: {article.headline}\n{article.text}"
    if row.attachments:
        yield "\n".join(row.attachments)
