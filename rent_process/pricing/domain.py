"""Prices and the rules that an offer obeys. No I/O; the clock is an argument.

Rental days are 24 hours by the wall clock of the pick-up branch: over a change to summer time a
day still ends at the hour at which it began (OTA and rental terms in general).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from shared.contracts.money import Money, round_half_up
from shared.contracts.renter import CancellationPolicy, Price, PriceLine
from shared.errors import FieldError, Rejected

WEEK_DAYS = 7
MONTH_DAYS = 30
BASIS_POINTS = Decimal(10_000)
# Longer than any branch's limit (infra/migrations: at most 60 days); bounds what is looked up.
LONGEST_RENTAL = timedelta(days=61)

Locale = Literal["pt-BR", "en"]
TEXTS: dict[Locale, dict[str, str]] = {
    "pt-BR": {
        "month": "Diárias: mês de 30 dias",
        "week": "Diárias: semana de 7 dias",
        "day": "Diárias",
        "hour": "Horas extras",
        "drop": "Taxa de retorno em outra agência",
        "young": "Condutor jovem",
        "licence": "Taxa de licenciamento do veículo",
        "airport": "Taxa de serviço",
        "tax": "Impostos",
        "policy": "Cancelamento grátis até {hours} h antes da retirada; depois, {percent}% do "
        "total, no máximo uma diária.",
    },
    "en": {
        "month": "Month of 30 days",
        "week": "Week of 7 days",
        "day": "Rental days",
        "hour": "Extra hours",
        "drop": "One-way fee",
        "young": "Young driver",
        "licence": "Vehicle licence fee",
        "airport": "Service fee",
        "tax": "Taxes",
        "policy": "Free cancellation until {hours} h before pick-up; after that {percent}% of the "
        "total, at most one day's rate.",
    },
}


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
    hours: dict[int, tuple[str, str]]
    holidays: frozenset[date]

    def local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.timezone))


@dataclass(frozen=True, slots=True)
class Rate:
    """Minor units per hour, day, week of 7 and month of 30 days."""

    hour: int
    day: int
    week: int
    month: int


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


def price_lines(
    length: Length,
    rate: Rate,
    tariff: Tariff,
    *,
    young_driver: bool,
    one_way_fee: int,
    currency: str,
    locale: Locale,
) -> list[PriceLine]:
    """Itemise: base, one-way, young driver, licence; then fees in percent; taxes last."""
    text = TEXTS[locale]

    def line(purpose: str, name: str, quantity: int, unit: int) -> PriceLine:
        return PriceLine(
            purpose=purpose,
            description=text[name],
            quantity=quantity,
            unit_amount=Money(amount=unit, currency=currency),
            amount=Money(amount=quantity * unit, currency=currency),
        )

    months, weeks, days, hours = _cheapest_units(length, rate)
    lines = [
        line("BaseRate", "month", months, rate.month),
        line("BaseRate", "week", weeks, rate.week),
        line("BaseRate", "day", days, rate.day),
        line("AdditionalHour", "hour", hours, rate.hour),
        line("Drop", "drop", 1, one_way_fee),
        line("YoungDriver", "young", length.charged_days if young_driver else 0,
             tariff.young_driver_day),
        line("VehicleLicenseFee", "licence", length.charged_days, tariff.licence_day),
    ]  # fmt: skip
    subtotal = sum(each.amount.amount for each in lines)
    lines.append(
        line("AirportFee", "airport", 1, _percentage(subtotal, tariff.airport_fee_basis_points))
    )
    subtotal += lines[-1].amount.amount
    lines.append(line("Tax", "tax", 1, _percentage(subtotal, tariff.tax_basis_points)))
    return [each for each in lines if each.amount.amount]


def total_of(lines: list[PriceLine], currency: str) -> Price:
    """The total is the sum of the rounded lines, so that what is read adds up."""
    total = sum(line.amount.amount for line in lines)
    return Price(lines=lines, total=Money(amount=total, currency=currency))


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


def text_in(names: dict[str, Any], locale: Locale) -> str:
    return str(names.get(locale) or names["en"])


def _cheapest_units(length: Length, rate: Rate) -> tuple[int, int, int, int]:
    """Split into months, weeks, days, hours; never dearer than the next larger unit."""
    days, hours = length.days, length.extra_hours
    if hours * rate.hour >= rate.day:
        days, hours = days + 1, 0
    months, rest = divmod(days, MONTH_DAYS)
    weeks, days = divmod(rest, WEEK_DAYS)
    if days * rate.day + hours * rate.hour > rate.week:
        weeks, days, hours = weeks + 1, 0, 0
    if weeks * rate.week + days * rate.day + hours * rate.hour > rate.month:
        months, weeks, days, hours = months + 1, 0, 0, 0
    return months, weeks, days, hours


def _percentage(amount: int, basis_points: int) -> int:
    return round_half_up(Decimal(amount) * basis_points / BASIS_POINTS)


def _refused(code: str, detail: str, pointer: str) -> Rejected:
    return Rejected(code, detail, (FieldError(pointer, detail),))
