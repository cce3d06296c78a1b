"""Days on which Germany works: known Easters, holidays, months of unequal length."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.algorithms.working_days import easter_sunday, is_working_day, months_later

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "easter",
    [date(1961, 4, 2), date(2008, 3, 23), date(2011, 4, 24), date(2038, 4, 25), date(2285, 3, 22)],
)
def test_known_easters(easter: date) -> None:
    assert easter_sunday(easter.year) == easter


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 4, 3), False),  # Karfreitag
        (date(2026, 4, 6), False),  # Ostermontag
        (date(2026, 5, 14), False),  # Christi Himmelfahrt
        (date(2026, 5, 25), False),  # Pfingstmontag
        (date(2026, 6, 4), True),  # Fronleichnam is no holiday everywhere
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
    ],
)
def test_holidays(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@given(days, st.integers(0, 60))
def test_a_later_day_is_a_working_day_soon_after(day: date, months: int) -> None:
    found = months_later(day, months)
    assert is_working_day(found)
    assert 0 <= (found.year - day.year) * 12 + found.month - day.month - months <= 1


def test_wrong_input_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        months_later(date(2026, 1, 1), -1)
    with pytest.raises(ValueError, match="1583"):
        easter_sunday(1500)
