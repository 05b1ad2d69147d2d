"""What time beyond the agreement costs, on both sides of a change of the clocks."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rent_process.terms.domain import (
    Overtime,
    PerDay,
    SoldTerms,
    measure_overtime,
    overtime_lines,
    with_taxes,
)

TERMS = SoldTerms(
    currency="BRL",
    locale="en",
    timezone="America/Sao_Paulo",
    hour_minor=2_000,
    day_minor=10_000,
    grace=timedelta(minutes=59),
    airport_fee_basis_points=1_200,
    tax_basis_points=0,
    fuel_eighth_minor=4_500,
    included_km_day=200,
    extra_km_minor=90,
    no_show=timedelta(hours=2),
    no_show_fee_percent=50,
    fuel_is_prepaid=False,
    excess_minor=None,
    per_day=(),
)


def at(zone: str, *when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(zone))  # type: ignore[misc,arg-type] # year to minute


def measured(late: timedelta, **changes: Any) -> tuple[int, int]:
    agreed = at("America/Sao_Paulo", 2026, 6, 10, 10)
    overtime = measure_overtime(agreed, agreed + late, replace(TERMS, **changes), grace=TERMS.grace)
    return overtime.days, overtime.hours


@pytest.mark.parametrize(
    ("minutes", "days", "hours"),
    [
        (-600, 0, 0),
        (0, 0, 0),
        (59, 0, 0),  # within the grace
        (60, 0, 1),
        (61, 0, 2),  # the whole delay counts, not what is beyond the grace
        (4 * 60, 0, 4),
        (4 * 60 + 1, 1, 0),  # five hours would cost a day: never more
        (24 * 60, 1, 0),
        (24 * 60 + 59, 1, 0),
        (26 * 60, 1, 2),
        (47 * 60, 2, 0),
    ],
)
def test_begun_hours_count_after_the_grace_and_never_cost_more_than_a_day(
    minutes: int, days: int, hours: int
) -> None:
    assert measured(timedelta(minutes=minutes)) == (days, hours)


@pytest.mark.parametrize(
    ("zone", "agreed", "back", "expected"),
    [
        # New York puts its clocks forward on 8 March 2026 at 02:00 and back on 1 November.
        ("America/New_York", (2026, 3, 7, 10), (2026, 3, 8, 10), (1, 0)),  # 23 hours: a day
        ("America/New_York", (2026, 3, 8, 1), (2026, 3, 8, 4), (0, 2)),  # the skipped one is free
        ("America/New_York", (2026, 10, 31, 10), (2026, 11, 1, 10), (1, 0)),  # 25 hours: a day
        ("America/New_York", (2026, 11, 1, 0), (2026, 11, 1, 3), (0, 3)),  # 01:00 comes twice
        ("Europe/Lisbon", (2026, 3, 28, 23), (2026, 3, 29, 2), (0, 2)),
        ("America/Sao_Paulo", (2026, 10, 17, 23), (2026, 10, 18, 2), (0, 3)),  # none since 2019
    ],
)
def test_hours_that_the_clocks_skip_or_repeat_are_not_charged(
    zone: str, agreed: Any, back: Any, expected: tuple[int, int]
) -> None:
    terms = replace(TERMS, timezone=zone)
    # What the database answers is in UTC.
    times = [at(zone, *each).astimezone(ZoneInfo("UTC")) for each in (agreed, back)]
    overtime = measure_overtime(times[0], times[1], terms, grace=TERMS.grace)
    assert (overtime.days, overtime.hours) == expected


def test_zone_of_the_pickup_branch_counts_and_not_that_of_the_clock_that_was_read() -> None:
    terms = replace(TERMS, timezone="America/Sao_Paulo")
    agreed = at("America/New_York", 2026, 3, 7, 10)
    overtime = measure_overtime(agreed, agreed + timedelta(days=1), terms, grace=TERMS.grace)
    # A day later by New York's wall clock is 23 hours by São Paulo's: capped at a day all the same.
    assert overtime == Overtime(1, 0)
    cheap = replace(terms, hour_minor=100)
    assert measure_overtime(agreed, agreed + timedelta(days=1), cheap, grace=TERMS.grace) == (
        Overtime(0, 23)
    )


def test_lines_add_up_with_fee_and_tax_rounded_half_up_each() -> None:
    seat = PerDay("Equipment", {"en": "Child seat", "pt-BR": "Cadeirinha"}, 2, 2_501)
    terms = replace(TERMS, per_day=(seat,), tax_basis_points=525)
    lines = with_taxes(terms, overtime_lines(terms, Overtime(1, 2)))
    assert [(each.purpose, each.amount.amount) for each in lines] == [
        ("BaseRate", 10_000),
        ("AdditionalHour", 4_000),
        ("Equipment", 2 * 2 * 2_501),  # two seats on two begun days
        ("AirportFee", 2_880),  # 12 % of 24,004 is 2,880.48
        ("Tax", 1_411),  # 5.25 % of 26,884 is 1,411.41
    ]
    assert lines[0].description == "Days beyond what was agreed"
    assert overtime_lines(terms, Overtime(0, 0)) == []
