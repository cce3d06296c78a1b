"""What fitted, marked in the text as people wrote it."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .folding import Wanted, fold_with_places

LENGTH = 220  # letters of a snippet, and how many of them before what fits
BEFORE = 60
LONGEST_ENDING = 3


def marked(text: str, words: list[Wanted]) -> SafeString:
    """The whole text, with every occurrence of the words in ``<mark>``.

    >>> marked("Straße & Wege", [Wanted(whole="strasse", part="strass")])
    '<mark>Straße</mark> &amp; Wege'
    """
    return _mark(text, _spans(text, words))


def snippet(text: str, words: list[Wanted]) -> SafeString:
    """The part of a text around what fits best; nothing where no word occurs."""
    plain = " ".join(text.split())
    spans = _spans(plain, words)
    if not spans:
        return SafeString("")
    start = max(spans[0][0] - BEFORE, 0)
    if start:
        start = plain.find(" ", start) + 1 or start
    start = min(start, spans[0][0])
    end = min(max(start + LENGTH, spans[0][1]), len(plain))
    if end < len(plain):
        end = max(plain.rfind(" ", start, end), spans[0][1])
    within = [(a - start, min(b, end) - start) for a, b in spans if start <= a < end]
    found = _mark(plain[start:end], within)
    return mark_safe(  # noqa: S308  escaped in _mark
        f"{'… ' if start else ''}{found}{' …' if end < len(plain) else ''}"
    )


def _spans(text: str, words: list[Wanted]) -> list[tuple[int, int]]:
    """From where to where the words stand in a text, in order, without overlaps."""
    folded, places = fold_with_places(f" {text} ")
    found = []
    for word in words:
        needle = f" {word.whole} " if word.is_short else word.part
        # Spaces around short words are not marked.
        inset = int(word.is_short)
        at = folded.find(needle)
        while at >= 0:
            last = at + len(needle) - 1 - inset
            found.append((places[at + inset] - 1, _with_ending(text, places[last])))
            at = folded.find(needle, at + 1)
    return _apart(found)


def _with_ending(text: str, end: int) -> int:
    """Where a word ends whose stem ends at ``end``; that same place where more than an ending follows."""
    further = end
    while further < len(text) and text[further].isalnum():
        further += 1
    return further if further - end <= LONGEST_ENDING else end


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order; those that touch become one."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _mark(text: str, spans: list[tuple[int, int]]) -> SafeString:
    parts, at = [], 0
    for start, end in spans:
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    parts.append(escape(text[at:]))
    return mark_safe("".join(parts))  # noqa: S308  all of it is escaped but <mark>
