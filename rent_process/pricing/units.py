"""How a rental divides into months, weeks, days and hours, and what each of them costs.

Every unit is priced by the season in which it begins, on the calendar of the pick-up branch: a
week that begins in the low season costs the low season's week. Days and hours that begin on a
weekend cost the weekend's factor; a week or a month holds its weekends already.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from rent_process.pricing.domain import Length, Rate
from shared.contracts.money import round_half_up

WEEK_DAYS = 7
MONTH_DAYS = 30
BASIS_POINTS = 10_000

UnitName = Literal["month", "week", "day", "weekend", "hour"]


@dataclass(frozen=True, slots=True)
class Season:
    """The rates from ``first`` to ``last``, both included."""

    first: date
    last: date
    rate: Rate


@dataclass(frozen=True, slots=True)
class Plan:
    """What a class costs on any day. ``weekend`` holds ISO weekdays."""

    seasons: tuple[Season, ...]
    weekend: frozenset[int] = frozenset({6, 7})

    def find(self, day: date) -> Rate | None:
        """The rates of a day. Of seasons that overlap the shorter is meant, then the later."""
        fitting = [each for each in self.seasons if each.first <= day <= each.last]
        if not fitting:
            return None
        return max(fitting, key=lambda each: (each.first - each.last, each.first)).rate

    def covers(self, first: date, last: date) -> bool:
        """Whether every day has a price: a class without one is not offered."""
        days = range((last - first).days + 1)
        return all(self.find(first + timedelta(days=day)) is not None for day in days)

    def rate_on(self, day: date) -> Rate:
        rate = self.find(day)
        if rate is None:
            raise ValueError(f"{day} has no rate; ask covers() first")
        return rate


@dataclass(frozen=True, slots=True)
class Unit:
    name: UnitName
    amount: int


@dataclass(frozen=True, slots=True)
class Division:
    """The units in the order in which they are driven, and the days that length tiers count."""

    units: list[Unit]
    days: int


def divide(length: Length, first_day: date, plan: Plan) -> Division:
    """Divide a rental so that no rest is dearer than the next larger unit."""
    cutter = _Cutter(first_day, plan)
    days, hours = length.days, length.extra_hours
    if hours and _sum(cutter.hours(days, hours)) >= _sum(cutter.days(days, 1)):
        days, hours = days + 1, 0
    months, rest = divmod(days, MONTH_DAYS)
    weeks, loose = divmod(rest, WEEK_DAYS)
    whole = cutter.months(months)
    start = months * MONTH_DAYS
    middle = cutter.weeks(start, weeks)
    start += weeks * WEEK_DAYS
    tail = cutter.days(start, loose) + cutter.hours(start + loose, hours)
    if tail and _sum(tail) > _sum(another := cutter.weeks(start, 1)):
        middle, tail = middle + another, []
    remainder = middle + tail
    if remainder and _sum(remainder) > cutter.months(months + 1)[-1].amount:
        whole, remainder = cutter.months(months + 1), []
    return Division(whole + remainder, days)


class _Cutter:
    """Prices units by how many days into the rental they begin."""

    def __init__(self, first_day: date, plan: Plan) -> None:
        self._first_day, self._plan = first_day, plan

    def months(self, count: int) -> list[Unit]:
        return [Unit("month", self._rate(MONTH_DAYS * each).month) for each in range(count)]

    def weeks(self, start: int, count: int) -> list[Unit]:
        starts = range(start, start + WEEK_DAYS * count, WEEK_DAYS)
        return [Unit("week", self._rate(each).week) for each in starts]

    def days(self, start: int, count: int) -> list[Unit]:
        return [self._day(each) for each in range(start, start + count)]

    def hours(self, start: int, count: int) -> list[Unit]:
        """All extra hours belong to the day on which they begin."""
        return [Unit("hour", self._weigh(self._rate(start).hour, start))] * count if count else []

    def _day(self, offset: int) -> Unit:
        amount = self._rate(offset).day
        weighed = self._weigh(amount, offset)
        return Unit("day" if weighed == amount else "weekend", weighed)

    def _weigh(self, amount: int, offset: int) -> int:
        if (self._first_day + timedelta(days=offset)).isoweekday() not in self._plan.weekend:
            return amount
        return percentage(amount, self._rate(offset).weekend_basis_points)

    def _rate(self, offset: int) -> Rate:
        return self._plan.rate_on(self._first_day + timedelta(days=offset))


def percentage(amount: int, basis_points: int) -> int:
    """Halves round up."""
    return round_half_up(Decimal(amount) * basis_points / BASIS_POINTS)


def _sum(units: Iterable[Unit]) -> int:
    return sum(each.amount for each in units)
