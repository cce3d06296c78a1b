"""Thresholds, standing and duties: exact days and boundary values."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from allmende.formats.kritis import (
    Level,
    Standing,
    Threshold,
    due_dates,
    duties_on,
    incident_deadlines,
    persons_equivalent,
    read_duties,
    read_thresholds,
    standing,
)
from allmende.formats.kritis.paper import Table

LAW = [Threshold(Level.BUND, Decimal(500_000), date(2022, 1, 1))]


def test_every_row_names_its_source_and_is_there_once() -> None:
    rows = read_thresholds()
    assert len({(row.key, row.valid_from, row.level, row.land) for row in rows}) == len(rows)
    assert [row.key for row in rows if not row.source] == []
    assert {row.level for row in rows} == {"bund"}
    # The rule behind nearly all of them: 500,000 people.
    per_person = {row.key: persons_equivalent(row.amount, row.per_person) for row in rows}
    assert {key for key, people in per_person.items() if people not in {500_000, None}} == {
        "stromhandel"
    }
    assert per_person["stromhandel"] == 495_978
    assert per_person["wasserwerk"] == 500_000
    assert per_person["krankenhaus"] is None


@pytest.mark.parametrize(
    ("value", "on", "expected"),
    [
        ("499999.999", date(2025, 4, 1), Standing(Level.LOCAL)),
        ("500000", date(2025, 3, 31), Standing(Level.LOCAL, ahead=(Level.BUND, date(2025, 4, 1)))),
        ("500000", date(2025, 4, 1), Standing(Level.BUND, since=date(2025, 4, 1))),
        ("500000", date(2031, 1, 1), Standing(Level.BUND, since=date(2025, 4, 1))),
    ],
)
def test_a_facility_counts_from_the_first_of_april_on(
    value: str, on: date, expected: Standing
) -> None:
    assert standing({2024: Decimal(value)}, LAW, on=on) == expected


def test_it_counts_no_more_after_a_year_below() -> None:
    values = {2022: Decimal(600_000), 2023: Decimal(700_000), 2025: Decimal(400_000)}
    assert standing(values, LAW, on=date(2026, 3, 31)) == Standing(
        Level.BUND, since=date(2023, 4, 1), ahead=(Level.LOCAL, date(2026, 4, 1))
    )
    assert standing(values, LAW, on=date(2026, 4, 1)) == Standing(
        Level.LOCAL, since=date(2026, 4, 1)
    )


def test_a_newer_threshold_holds_from_its_day_on_and_the_old_one_stays_for_then() -> None:
    newer = Threshold(Level.BUND, Decimal(150_000), date(2025, 4, 1))
    values = {2023: Decimal(200_000), 2024: Decimal(200_000)}
    assert standing(values, [*LAW, newer], on=date(2025, 3, 31)).level == Level.LOCAL
    assert standing(values, [*LAW, newer], on=date(2025, 4, 1)) == Standing(
        Level.BUND, since=date(2025, 4, 1)
    )


def test_a_land_may_ask_for_less() -> None:
    land = Threshold(Level.LAND, Decimal(50_000), date(2022, 1, 1), date(2026, 4, 1))
    values = {2023: Decimal(50_000), 2024: Decimal(500_000), 2025: Decimal(60_000)}
    levels = [
        standing(values, [*LAW, land], on=date(year, 4, 1)).level for year in range(2023, 2027)
    ]
    assert levels == [Level.LOCAL, Level.LAND, Level.BUND, Level.LOCAL]


def test_without_any_value_it_matters_to_its_municipality() -> None:
    assert standing({}, LAW, on=date(2026, 1, 1)) == Standing(Level.LOCAL)


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (date(2023, 4, 1), date(2026, 7, 17)),
        (date(2026, 4, 1), date(2026, 7, 17)),
        (date(2027, 4, 1), date(2027, 7, 1)),
    ],
)
def test_registration_is_due_in_three_months_and_never_before_july_2026(
    since: date, due: date
) -> None:
    [registration, analysis, plan] = due_dates(
        duties_on(date(2027, 5, 1), sector="wasser"), since=since, done={}
    )
    assert (registration.due_on, registration.done_on) == (due, None)
    assert (analysis.due_on, analysis.waits_for) == (None, "registrierung")
    assert (plan.due_on, plan.waits_for) == (None, "registrierung")


def test_what_follows_comes_by_itself() -> None:
    duties = duties_on(date(2026, 8, 1), sector="wasser")
    done = {"registrierung": [date(2026, 5, 31)]}
    [registration, analysis, plan] = due_dates(duties, since=date(2026, 4, 1), done=done)
    assert (registration.due_on, registration.done_on) == (None, date(2026, 5, 31))
    assert analysis.due_on == date(2027, 2, 28)
    assert plan.due_on == date(2027, 3, 31)
    done["risikoanalyse"] = [date(2027, 2, 1), date(2031, 1, 15)]
    [_registration, analysis, _plan] = due_dates(duties, since=date(2026, 4, 1), done=done)
    assert (analysis.done_on, analysis.due_on) == (date(2031, 1, 15), date(2035, 1, 15))


def test_some_sectors_have_laws_of_their_own() -> None:
    keys = {
        sector: [duty.key for duty in duties_on(date(2026, 6, 1), sector=sector)]
        for sector in ("wasser", "entsorgung", "digitales", "finanzwesen", "soziales")
    }
    assert keys == {
        "wasser": ["registrierung", "risikoanalyse", "resilienzplan", "stoerungsmeldung"],
        "entsorgung": ["registrierung", "risikoanalyse"],
        "digitales": ["registrierung"],
        "finanzwesen": ["registrierung"],
        "soziales": ["registrierung"],
    }
    assert duties_on(date(2026, 3, 16), sector="wasser") == ()
    assert all(duty.source for duty in read_duties())


def test_an_incident_is_told_within_a_day_and_in_full_within_a_month() -> None:
    known = datetime(2026, 1, 31, 22, 15, tzinfo=UTC)
    assert incident_deadlines(known) == (
        datetime(2026, 2, 1, 22, 15, tzinfo=UTC),
        datetime(2026, 2, 28, 22, 15, tzinfo=UTC),
    )


def test_twenty_four_hours_pass_when_clocks_change() -> None:
    known = datetime(2026, 10, 24, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    first, full = incident_deadlines(known)
    assert (first - known.astimezone(UTC)).total_seconds() == 24 * 3600
    assert first.isoformat() == "2026-10-25T11:00:00+01:00"
    assert full.isoformat() == "2026-11-24T12:00:00+01:00"


def test_a_table_without_its_head_says_what_each_cell_is() -> None:
    table = Table(("Rolle", "Menschen"), (("Presse", "2"), ("Stab", "1")))
    assert table.labelled == [
        [("Rolle", "Presse"), ("Menschen", "2")],
        [("Rolle", "Stab"), ("Menschen", "1")],
    ]
