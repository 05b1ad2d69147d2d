"""The rules that an offer obeys. No I/O; the clock is an argument.

Rental days are 24 hours by the wall clock of the pick-up branch: over a change to summer time a
day still ends at the hour at which it began (OTA and rental terms in general).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rent_process.pricing.words import TEXTS, Locale
from shared.contracts.money import Money
from shared.contracts.renter import CancellationPolicy
from shared.errors import FieldError, Rejected

# Longer than any branch's limit (infra/migrations: at most 60 days); bounds what is looked up.
LONGEST_RENTAL = timedelta(days=61)


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch as far as search needs it. ``hours``: ISO weekday → (opens, closes) "HH:MM"."""

    code: str
    name: str
    timezone: str
    currency: str
    minimum_notice: timedelta
    maximum_advance: timedelta
    maximum_rental: timedelta
    minimum_rental: timedelta
    hours: dict[int, tuple[str, str]]
    holidays: frozenset[date]

    def local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.timezone))


@dataclass(frozen=True, slots=True)
class Rate:
    """Minor units per hour, day, week of 7 and month of 30 days.

    ``weekend_basis_points`` weighs what a day and an hour of the weekend cost; 10,000 is as usual.
    """

    hour: int
    day: int
    week: int
    month: int
    weekend_basis_points: int = 10_000


@dataclass(frozen=True, slots=True)
class Tier:
    """Taken off the base of a rental of at least so many days."""

    from_days: int
    basis_points: int


@dataclass(frozen=True, slots=True)
class Tariff:
    """Fees and policy of a group of branches; amounts in minor units."""

    young_driver_age: int
    young_driver_day: int
    licence_day: int
    airport_fee_basis_points: int
    tax_basis_points: int
    grace: timedelta
    free_cancellation_hours: int
    cancellation_fee_percent: int
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True)
class Length:
    """How long a rental is for its price: whole days and hours on top."""

    days: int
    extra_hours: int

    @property
    def charged_days(self) -> int:
        """Days on which a per-day item is due: an opened day counts."""
        return self.days + (1 if self.extra_hours else 0)


def measure_length(pickup_local: datetime, return_local: datetime, grace: timedelta) -> Length:
    """Count 24-hour days by the wall clock; a rest within ``grace`` is free.

    Anything shorter than a day is a day.
    """
    wall_clock = return_local.replace(tzinfo=None) - pickup_local.replace(tzinfo=None)
    days, rest = divmod(wall_clock, timedelta(days=1))
    if days < 1:
        return Length(1, 0)
    hours = 0 if rest <= grace else -(-rest // timedelta(hours=1))
    return Length(days, hours)


def cancellation_policy(
    pickup_local: datetime, tariff: Tariff, day_rate: Money, locale: Locale
) -> CancellationPolicy:
    hours, percent = tariff.free_cancellation_hours, tariff.cancellation_fee_percent
    return CancellationPolicy(
        free_until=pickup_local - timedelta(hours=hours),
        fee_percent=percent,
        fee_cap=day_rate,
        description=TEXTS[locale]["policy"].format(hours=hours, percent=percent),
    )


def check_order(pickup_at: datetime, return_at: datetime) -> None:
    """Refuse what no branch could rent.

    Raises:
        Rejected: ``period_invalid``.
    """
    if return_at <= pickup_at:
        raise _refused("period_invalid", "the return must be after the pick-up", "/return_at")
    if return_at - pickup_at > LONGEST_RENTAL:
        raise _refused("period_invalid", "the rental is too long", "/return_at")


def check_period(
    pickup: Branch, return_: Branch, pickup_at: datetime, return_at: datetime, now: datetime
) -> None:
    """Hold a period against the rules of both branches.

    Raises:
        Rejected: ``period_invalid``, ``too_soon``, ``too_far_ahead``, ``branch_holiday`` or
            ``branch_closed``.
    """
    if return_at - pickup_at > pickup.maximum_rental:
        days = pickup.maximum_rental.days
        raise _refused("period_invalid", f"at most {days} days can be rented", "/return_at")
    if return_at - pickup_at < pickup.minimum_rental:
        minutes = pickup.minimum_rental // timedelta(minutes=1)
        raise _refused("period_invalid", f"at least {minutes} minutes are rented", "/return_at")
    if pickup_at < now + pickup.minimum_notice:
        minutes = pickup.minimum_notice // timedelta(minutes=1)
        detail = f"the pick-up must be at least {minutes} minutes ahead"
        raise _refused("too_soon", detail, "/pickup_at")
    if pickup_at > now + pickup.maximum_advance:
        detail = f"the pick-up can be at most {pickup.maximum_advance.days} days ahead"
        raise _refused("too_far_ahead", detail, "/pickup_at")
    _check_open(pickup, pickup_at, "/pickup_at")
    _check_open(return_, return_at, "/return_at")


def _check_open(branch: Branch, at: datetime, pointer: str) -> None:
    local = branch.local(at)
    if local.date() in branch.holidays:
        raise _refused("branch_holiday", f"{branch.name} is closed on that holiday", pointer)
    opens, closes = branch.hours.get(local.isoweekday(), ("24:00", "00:00"))
    if not opens <= local.strftime("%H:%M") <= closes:
        raise _refused("branch_closed", f"{branch.name} is closed at that time", pointer)


def age_band(driver_age: int, minimum_age: int, young_driver_age: int) -> tuple[int, int] | None:
    """The ages that pay the same as ``driver_age``; None below the class's minimum."""
    if driver_age < minimum_age:
        return None
    if driver_age < young_driver_age:
        return minimum_age, young_driver_age - 1
    return max(minimum_age, young_driver_age), 120


def age_on(birth_date: date, day: date) -> int:
    """Full years; who is born on 29 February comes of age on 1 March."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def _refused(code: str, detail: str, pointer: str) -> Rejected:
    return Rejected(code, detail, (FieldError(pointer, detail),))
