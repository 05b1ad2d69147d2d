"""Lengths, ages and periods; prices stand in pricing/worked_examples.md."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rent_process.pricing import domain
from rent_process.pricing.domain import Length
from shared.errors import Rejected

SAO_PAULO, NEW_YORK = ZoneInfo("America/Sao_Paulo"), ZoneInfo("America/New_York")


def measure(start: str, end: str, zone: ZoneInfo = SAO_PAULO) -> Length:
    begins, ends = (datetime.fromisoformat(each).replace(tzinfo=zone) for each in (start, end))
    return domain.measure_length(begins, ends, timedelta(minutes=59))


@pytest.mark.parametrize(
    ("start", "end", "zone", "length"),
    [
        ("2026-12-01T10:00", "2026-12-01T14:00", SAO_PAULO, Length(1, 0)),
        ("2026-12-01T10:00", "2026-12-02T10:00", SAO_PAULO, Length(1, 0)),
        ("2026-12-01T10:00", "2026-12-02T10:59", SAO_PAULO, Length(1, 0)),
        ("2026-12-01T10:00", "2026-12-02T11:00", SAO_PAULO, Length(1, 1)),
        ("2026-12-01T10:00", "2026-12-02T12:10", SAO_PAULO, Length(1, 3)),
        ("2026-12-01T10:00", "2026-12-31T10:00", SAO_PAULO, Length(30, 0)),
        # Clocks go back on 1 November 2026 and forward on 14 March 2027: the wall clock counts.
        ("2026-10-31T10:00", "2026-11-01T10:00", NEW_YORK, Length(1, 0)),
        ("2027-03-13T10:00", "2027-03-14T10:00", NEW_YORK, Length(1, 0)),
    ],
)
def test_length_by_the_wall_clock(start: str, end: str, zone: ZoneInfo, length: Length) -> None:
    assert measure(start, end, zone) == length


@pytest.mark.parametrize(
    ("age", "band"), [(18, None), (19, (19, 24)), (24, (19, 24)), (25, (25, 120)), (80, (25, 120))]
)
def test_age_band(age: int, band: tuple[int, int] | None) -> None:
    assert domain.age_band(age, 19, 25) == band


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2000, 12, 1), date(2026, 11, 30), 25),
        (date(2000, 12, 1), date(2026, 12, 1), 26),
        (date(2004, 2, 29), date(2025, 2, 28), 20),
        (date(2004, 2, 29), date(2025, 3, 1), 21),
    ],
)
def test_age_on_a_day(birth: date, day: date, age: int) -> None:
    assert domain.age_on(birth, day) == age


def branch(**changes: object) -> domain.Branch:
    values = {
        "code": "SAOC",
        "name": "Paulista",
        "timezone": "America/Sao_Paulo",
        "currency": "BRL",
        "minimum_notice": timedelta(minutes=60),
        "maximum_advance": timedelta(days=365),
        "maximum_rental": timedelta(days=60),
        "minimum_rental": timedelta(minutes=60),
        "hours": dict.fromkeys(range(1, 7), ("08:00", "20:00")),
        "holidays": frozenset({date(2026, 12, 25)}),
    }
    return domain.Branch(**values | changes)  # type: ignore[arg-type]  # a table of values


@pytest.mark.parametrize(
    ("pickup", "return_", "code"),
    [
        ("2026-12-01T10:00-03:00", "2026-12-03T10:00-03:00", None),
        ("2026-12-01T08:00-03:00", "2026-12-03T20:00-03:00", None),  # both doors' last minute
        ("2026-12-01T07:59-03:00", "2026-12-03T10:00-03:00", "branch_closed"),
        ("2026-12-01T10:00-03:00", "2026-12-03T20:01-03:00", "branch_closed"),
        ("2026-12-06T10:00-03:00", "2026-12-08T10:00-03:00", "branch_closed"),  # a Sunday
        ("2026-12-25T10:00-03:00", "2026-12-28T10:00-03:00", "branch_holiday"),
        ("2026-11-30T12:30Z", "2026-12-03T13:00Z", "too_soon"),
        ("2027-12-02T10:00-03:00", "2027-12-03T10:00-03:00", "too_far_ahead"),
        ("2026-12-01T10:00-03:00", "2027-02-08T10:00-03:00", "period_invalid"),
        ("2026-12-01T10:00-03:00", "2026-12-01T10:59-03:00", "period_invalid"),
        ("2026-12-01T10:00-03:00", "2026-12-01T11:00-03:00", None),
        ("2026-12-24T10:00-03:00", "2026-12-25T10:00-03:00", "branch_holiday"),
    ],
)
def test_period_rules(pickup: str, return_: str, code: str | None) -> None:
    now = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
    times = datetime.fromisoformat(pickup), datetime.fromisoformat(return_)
    if code is None:
        domain.check_period(branch(), branch(), *times, now)
        return
    with pytest.raises(Rejected) as refused:
        domain.check_period(branch(), branch(), *times, now)
    assert refused.value.code == code
