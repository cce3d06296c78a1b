"""Word by word: what stayed, what went, what came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.formats.word_diff import Change, diff_words

TEXTS = st.text(alphabet="ab ü.,\n-“", max_size=60)


def told(old: str, new: str) -> str:
    """A difference as one line: ``[-gone-]{+came+}``."""
    marks = {Change.SAME: "%s", Change.REMOVED: "[-%s-]", Change.ADDED: "{+%s+}"}
    return "".join(marks[part.kind] % part.text for part in diff_words(old, new))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Der Bund zahlt.", "Der Bund zahlt.", "Der Bund zahlt."),
        ("", "Neu.", "{+Neu.+}"),
        ("Alt.", "", "[-Alt.-]"),
        ("Der Bund soll zahlen.", "Der Bund muss zahlen.", "Der Bund [-soll-]{+muss+} zahlen."),
        # One change, not three: the space between changed words goes with them.
        ("Das alte kleine Haus", "Das neue große Haus", "Das [-alte kleine-]{+neue große+} Haus"),
        ("Alt, sehr alt.", "Neu, ganz neu.", "[-Alt, sehr alt-]{+Neu, ganz neu+}."),
        ("A\r\nB", "A\nB", "A\nB"),
        ("A\n\nB", "A\n\nC\n\nB", "A\n\n{+C\n\n+}B"),
        ("Straße, Weg", "Straße; Weg", "Straße[-,-]{+;+} Weg"),
    ],
)
def test_known_differences(old: str, new: str, said: str) -> None:
    assert told(old, new) == said


@given(TEXTS, TEXTS)
def test_both_texts_can_be_put_together_again(old: str, new: str) -> None:
    parts = diff_words(old, new)
    assert "".join(part.text for part in parts if not part.is_added) == old
    assert "".join(part.text for part in parts if not part.is_removed) == new
    assert all(part.text for part in parts)


@given(TEXTS)
def test_what_is_the_same_is_one_part(text: str) -> None:
    assert [part.kind for part in diff_words(text, text)] == ([Change.SAME] if text else [])
