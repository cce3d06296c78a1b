"""Whatever way a name is typed, it folds to the same words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.registry.names import fold, search_key


@pytest.mark.parametrize(
    "typed",
    ["Straßenbäume", "strassenbaume", "Strassenbaeume", "STRASSENBÄUME", "  straßenbäume  "],
)
def test_umlauts_sharp_s_and_case_do_not_matter(typed: str) -> None:
    assert fold(typed) == "strassenbaume"


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Mühlhausen/Thüringen, Stadt", "muhlhausen thuringen stadt"),
        ("Bad Homburg v.d. Höhe", "bad homburg v d hohe"),
        ("Sankt Wendel", "st wendel"),
        ("St. Wendel", "st wendel"),
        ("Garmisch-Partenkirchen", "garmisch partenkirchen"),
        ("Café François", "cafe francois"),
        ("–", ""),
        ("", ""),
    ],
)
def test_names(name: str, folded: str) -> None:
    assert fold(name) == folded


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once_and_gives_plain_words(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all(c.isascii() and (c.isdigit() or c.islower()) for c in folded.replace(" ", ""))


@given(st.text(alphabet="abcäöüßeÄÖÜ -", max_size=30))
def test_written_out_umlauts_are_found(text: str) -> None:
    written = text.translate(
        {
            ord(a): b
            for a, b in zip("äöüÄÖÜß", ("ae", "oe", "ue", "Ae", "Oe", "Ue", "ss"), strict=True)
        }
    )
    assert fold(written).replace("e", "") == fold(text).replace("e", "")


def test_the_key_holds_every_name_with_and_without_spaces() -> None:
    assert search_key(["Neu-Isenburg", "Alt Isenburg"]) == (
        " neu isenburg ;neuisenburg; alt isenburg ;altisenburg;"
    )
