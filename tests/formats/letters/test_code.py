"""Codes on paper: read as they were meant, and no slip of the pen passes for another code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.formats.letters import ALPHABET, Code, CodeError, new_secret, new_serial, read_code

symbols = st.sampled_from(ALPHABET)
codes = st.builds(
    Code.of,
    st.text(symbols, min_size=4, max_size=4),
    st.text(symbols, min_size=11, max_size=11),
)


@given(codes)
def test_what_is_printed_is_read(code: Code) -> None:
    assert read_code(str(code)) == code


@given(codes, st.sampled_from([" ", "", "–", "\u00a0", "."]))
def test_case_spaces_hyphens_and_look_alikes_do_not_matter(code: Code, between: str) -> None:
    typed = str(code).replace("-", between).lower().replace("1", "l").replace("0", "o")
    assert read_code(f" {typed} ") == code
    assert read_code(str(code).replace("1", "I").replace("0", "O")) == code


@given(codes, st.integers(0, 15), symbols)
def test_one_wrong_symbol_is_noticed(code: Code, place: int, wrong: str) -> None:
    plain = str(code).replace("-", "")
    typed = plain[:place] + wrong + plain[place + 1 :]
    if typed == plain:
        assert read_code(typed) == code
    else:
        with pytest.raises(CodeError, match="Tippfehler"):
            read_code(typed)


@given(codes, st.integers(0, 14))
def test_neighbours_that_changed_places_are_noticed(code: Code, place: int) -> None:
    plain = str(code).replace("-", "")
    typed = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    if typed == plain:
        assert read_code(typed) == code
    else:
        with pytest.raises(CodeError, match="Tippfehler"):
            read_code(typed)


@given(st.text(max_size=40))
def test_nothing_else_passes_for_a_code(text: str) -> None:
    try:
        code = read_code(text)
    except CodeError:
        return
    assert read_code(str(code)) == code


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("K7QM-3FXA", "Der Code hat 16 Zeichen, Ihre Eingabe hat 8."),
        ("K7QM-3FXA-9RTW-H2CU", "Das Zeichen „U“ kommt in keinem Code vor."),
        ("K7QM-3FXA-9RTW-H2CÄ", "Das Zeichen „Ä“ kommt in keinem Code vor."),
    ],
)
def test_what_is_wrong_is_named(typed: str, said: str) -> None:
    with pytest.raises(CodeError) as raised:
        read_code(typed)
    assert str(raised.value).startswith(said)


def test_parts_of_another_length_are_no_code() -> None:
    with pytest.raises(CodeError):
        Code.of("K7Q", "3FXA9RTWH2C")


def test_new_ones_have_the_right_length_and_differ() -> None:
    secrets = {new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert {len(secret) for secret in secrets} == {11}
    assert len(new_serial()) == 4


def test_a_code_in_a_log_shows_its_serial_alone() -> None:
    assert repr(Code.of("K7QM", "3FXA9RTWH2C")) == "Code(serial='K7QM')"
