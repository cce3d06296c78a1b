"""Days on which all of Germany works, for dates that come again."""

import calendar
from datetime import date, timedelta

# The holidays of every Land that have the same date each year, as (month, day).
FIXED = {(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)}
# Days from Easter Sunday: Karfreitag, Ostermontag, Christi Himmelfahrt, Pfingstmontag.
FROM_EASTER = (-2, 1, 39, 50)


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the anonymous algorithm.

    Parameters
    ----------
    year : int
        From 1583 on.

    Returns
    -------
    date
        A Sunday between 22 March and 25 April.

    Raises
    ------
    ValueError
        For a year before the Gregorian calendar.

    Examples
    --------
    >>> easter_sunday(2026)
    datetime.date(2026, 4, 5)

    References
    ----------
    .. [1] Meeus, J. (1991). *Astronomical Algorithms*, chapter 8. Willmann-Bell.
    """
    if year < 1583:
        raise ValueError("the Gregorian calendar begins in 1583")
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, leap_rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - moon + 15) % 30
    quarter, quarter_rest = divmod(rest, 4)
    weekday = (32 + 2 * leap_rest + 2 * quarter - epact - quarter_rest) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def is_working_day(day: date) -> bool:
    """Whether people work on a day in every Land: no weekend, no holiday of all of Germany.

    Parameters
    ----------
    day : date
        Any day from 1583 on; the holidays are those of today.

    Returns
    -------
    bool
        False also for Easter Monday and the like.

    Raises
    ------
    ValueError
        For a day before the Gregorian calendar.

    Examples
    --------
    >>> is_working_day(date(2026, 10, 3)), is_working_day(date(2026, 10, 5))
    (False, True)

    References
    ----------
    .. [1] Holiday acts of the sixteen Länder; Art. 2 (2) of the Unification Treaty for 3 October.
    """
    easter = easter_sunday(day.year)
    movable = {easter + timedelta(days=days) for days in FROM_EASTER}
    return day.weekday() < 5 and (day.month, day.day) not in FIXED and day not in movable


def months_later(day: date, months: int) -> date:
    """The same day some months later, the last one of that month where it is shorter; if nobody works
    then, the next day on which people do.

    Parameters
    ----------
    day : date
        Where to count from.
    months : int
        At least 0.

    Returns
    -------
    date
        A working day.

    Raises
    ------
    ValueError
        For a negative number of months, or a day before the Gregorian calendar.

    Examples
    --------
    >>> months_later(date(2026, 8, 31), 6)  # the 28th is a Sunday
    datetime.date(2027, 3, 1)

    References
    ----------
    .. [1] § 188 (3) and § 193 BGB treat months and days off in the same way.
    """
    if months < 0:
        raise ValueError(f"months must not be negative, got {months}")
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    found = date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    while not is_working_day(found):
        found += timedelta(days=1)
    return found
