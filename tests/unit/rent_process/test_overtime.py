"""What time beyond the agreement costs, on both sides of a change of the clocks."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rent_process.pricing.domain import Rate, Tier
from rent_process.pricing.units import Plan, Season
from rent_process.terms.domain import (
    PerDay,
    SoldTerms,
    measure_overtime,
    overtime_lines,
    with_taxes,
)


def plan(*dated: tuple[date, date, Rate], usual: Rate) -> Plan:
    seasons = (Season(*each) for each in dated)
    return Plan((*seasons, Season(date.min, date.max, usual)))


USUAL = Rate(2_000, 10_000, 60_000, 200_000)
TERMS = SoldTerms(
    currency="BRL",
    locale="en",
    timezone="America/Sao_Paulo",
    plan=plan(usual=USUAL),
    tiers=(),
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


def counted(agreed: datetime, back: datetime, terms: SoldTerms = TERMS) -> tuple[int, int]:
    """Days and hours that are paid for."""
    pickup = agreed - timedelta(days=3)
    overtime = measure_overtime(pickup, agreed, back, terms, grace=TERMS.grace)
    names = Counter(unit.name for unit in overtime.units)
    return names["day"] + names["weekend"], names["hour"]


def measured(late: timedelta) -> tuple[int, int]:
    agreed = at("America/Sao_Paulo", 2026, 6, 10, 10)
    return counted(agreed, agreed + late)


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
    assert counted(times[0], times[1], terms) == expected


def test_zone_of_the_pickup_branch_counts_and_not_that_of_the_clock_that_was_read() -> None:
    terms = replace(TERMS, timezone="America/Sao_Paulo")
    agreed = at("America/New_York", 2026, 3, 7, 10)
    # A day later by New York's wall clock is 23 hours by São Paulo's: capped at a day all the same.
    assert counted(agreed, agreed + timedelta(days=1), terms) == (1, 0)
    cheap = replace(terms, plan=plan(usual=replace(USUAL, hour=100)))
    assert counted(agreed, agreed + timedelta(days=1), cheap) == (0, 23)


def added(terms: SoldTerms, agreed: datetime, late: timedelta, days_before: int = 3) -> Any:
    """What is charged for being late, as ``(description, quantity, unit)``."""
    pickup = agreed - timedelta(days=days_before)
    overtime = measure_overtime(pickup, agreed, agreed + late, terms, grace=TERMS.grace)
    lines = overtime_lines(replace(terms, airport_fee_basis_points=0), overtime)
    assert all(each.amount.amount == each.quantity * each.unit_amount.amount for each in lines)
    return [(each.description, each.quantity, each.unit_amount.amount) for each in lines]


def test_lines_add_up_with_fee_and_tax_rounded_half_up_each() -> None:
    seat = PerDay("Equipment", {"en": "Child seat", "pt-BR": "Cadeirinha"}, 2, 2_501)
    terms = replace(TERMS, per_day=(seat,), tax_basis_points=525)
    agreed = at("America/Sao_Paulo", 2026, 6, 10, 10)  # a Wednesday
    late = timedelta(hours=26)
    overtime = measure_overtime(agreed, agreed, agreed + late, terms, grace=TERMS.grace)
    lines = with_taxes(terms, overtime_lines(terms, overtime))
    assert [(each.purpose, each.amount.amount) for each in lines] == [
        ("BaseRate", 10_000),
        ("AdditionalHour", 4_000),
        ("Equipment", 2 * 2 * 2_501),  # two seats on two begun days
        ("AirportFee", 2_880),  # 12 % of 24,004 is 2,880.48
        ("Tax", 1_411),  # 5.25 % of 26,884 is 1,411.41
    ]
    assert lines[0].description == "Days beyond what was agreed"
    in_time = measure_overtime(agreed, agreed, agreed, terms, grace=TERMS.grace)
    assert overtime_lines(terms, in_time) == []


FRIDAY = at("America/Sao_Paulo", 2026, 6, 12, 10)
DAYS, WEEKEND = "Days beyond what was agreed", "Weekend days beyond what was agreed"
HOURS, WEEKS = "Hours beyond what was agreed", "Weeks beyond what was agreed"


def test_days_and_hours_that_begin_on_a_weekend_cost_the_weekends_factor() -> None:
    terms = replace(TERMS, plan=plan(usual=replace(USUAL, weekend_basis_points=15_000)))
    day = timedelta(days=1)
    assert added(terms, FRIDAY, day) == [(DAYS, 1, 10_000)]
    assert added(terms, FRIDAY, 3 * day) == [(DAYS, 1, 10_000), (WEEKEND, 2, 15_000)]
    assert added(terms, FRIDAY + day, timedelta(hours=2)) == [(HOURS, 2, 3_000)]
    # Five hours of Saturday cost a day of Saturday.
    assert added(terms, FRIDAY + day, timedelta(hours=5)) == [(WEEKEND, 1, 15_000)]


def test_time_in_another_season_costs_what_that_season_costs() -> None:
    high = (date(2026, 6, 13), date(2026, 6, 13), Rate(5_000, 30_000, 180_000, 600_000))
    terms = replace(TERMS, plan=plan(high, usual=USUAL))
    assert added(terms, FRIDAY, timedelta(days=3)) == [(DAYS, 2, 10_000), (DAYS, 1, 30_000)]


def test_week_beyond_what_was_agreed_is_a_week_and_no_rest_is_dearer_than_one() -> None:
    assert added(TERMS, FRIDAY, timedelta(days=8)) == [(WEEKS, 1, 60_000), (DAYS, 1, 10_000)]
    late = timedelta(days=6, hours=3)  # six days and three hours: 66,000
    assert added(TERMS, FRIDAY, late) == [(WEEKS, 1, 60_000)]


def test_tier_of_the_whole_rental_is_taken_off_what_is_added() -> None:
    terms = replace(TERMS, tiers=(Tier(5, 1_000), Tier(10, 1_555)))
    day = timedelta(days=1)
    assert added(terms, FRIDAY, day) == [(DAYS, 1, 10_000)]
    assert added(terms, FRIDAY, 2 * day) == [(f"{DAYS} (-10%)", 2, 9_000)]
    # 15.55 % of 2,000 is 311.
    assert added(terms, FRIDAY, timedelta(hours=1), days_before=10) == [
        (f"{HOURS} (-15.55%)", 1, 1_689)
    ]
