"""What changed from one text to another, word by word.

>>> [(part.kind.value, part.text) for part in diff_words("Der Bund soll zahlen.", "Der Bund muss zahlen.")]
[('same', 'Der Bund '), ('removed', 'soll'), ('added', 'muss'), ('same', ' zahlen.')]
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
# What can stand by itself between two changes: a word, or the end of a line.
BEARS = re.compile(r"\w|\n")


class Change(Enum):
    """What became of a part of the text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Part:
    """A stretch of text that stayed, went or came."""

    kind: Change
    text: str

    @property
    def is_removed(self) -> bool:
        return self.kind == Change.REMOVED

    @property
    def is_added(self) -> bool:
        return self.kind == Change.ADDED


def diff_words(old: str, new: str) -> list[Part]:
    """The parts of both texts in reading order; what was replaced stands as removed, then added.

    Put together, the same and removed parts are ``old``, the same and added ones ``new``. Line ends are
    compared as they are read: ``\\r\\n`` counts as ``\\n``. Spaces and commas between two replaced words count
    as replaced with them, so that a changed sentence reads as one change. Time grows with the square of the
    number of words: made for texts of some thousand.
    """
    return list(_joined(_parts(*(text.replace("\r\n", "\n") for text in (old, new)))))


def _parts(old: str, new: str) -> Iterator[Part]:
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    codes = matcher.get_opcodes()
    for at, (code, i, j, k, m) in enumerate(codes):
        gone, came = "".join(before[i:j]), "".join(after[k:m])
        between_changes = 0 < at < len(codes) - 1
        if code == "equal" and not (between_changes and not BEARS.search(gone)):
            yield Part(Change.SAME, gone)
            continue
        yield Part(Change.REMOVED, gone)
        yield Part(Change.ADDED, came)


def _joined(parts: Iterator[Part]) -> Iterator[Part]:
    """One removed and one added part for each change, not one for each word."""
    waiting = {Change.REMOVED: "", Change.ADDED: ""}

    def changes() -> Iterator[Part]:
        for kind, text in waiting.items():
            if text:
                yield Part(kind, text)
            waiting[kind] = ""

    for part in parts:
        if part.kind == Change.SAME:
            yield from changes()
            yield part
        else:
            waiting[part.kind] += part.text
    yield from changes()
