"""The terms that go on after the price: time, kilometres, fuel, not coming. No I/O.

Rental days are 24 hours by the wall clock of the pick-up branch, as in ``pricing/domain.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from shared.contracts.money import Money, round_half_up
from shared.contracts.renter import Locale, PriceLine

BASIS_POINTS = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class PerDay:
    """Something that is due for each further day: a coverage, an extra, the young driver."""

    purpose: str
    names: Mapping[Locale, str]
    quantity: int
    unit_minor: int


@dataclass(frozen=True, slots=True)
class SoldTerms:
    """Amounts in minor units of ``currency``."""

    currency: str
    locale: Locale
    timezone: str  # of the pick-up branch: rental days follow its wall clock
    hour_minor: int
    day_minor: int
    grace: timedelta
    airport_fee_basis_points: int
    tax_basis_points: int
    fuel_eighth_minor: int
    included_km_day: int | None
    extra_km_minor: int
    no_show: timedelta
    no_show_fee_percent: int
    fuel_is_prepaid: bool
    excess_minor: int | None  # None: no coverage of the car was bought
    per_day: tuple[PerDay, ...]


TEXTS: dict[Locale, dict[str, str]] = {
    "pt-BR": {
        "late_day": "Diárias além do combinado",
        "late_hour": "Horas além do combinado",
        "young": "Condutor jovem",
        "airport": "Taxa de serviço",
        "tax": "Impostos",
        "fuel": "Combustível (oitavos de tanque)",
        "km": "Quilômetros excedentes",
    },
    "en": {
        "late_day": "Days beyond what was agreed",
        "late_hour": "Hours beyond what was agreed",
        "young": "Young driver",
        "airport": "Service fee",
        "tax": "Taxes",
        "fuel": "Fuel (eighths of a tank)",
        "km": "Extra kilometres",
    },
}


def line(terms: SoldTerms, purpose: str, text: str, quantity: int, unit_minor: int) -> PriceLine:
    """One line; ``text`` is its description in the renter's language."""
    return PriceLine(
        purpose=purpose,
        description=text,
        quantity=quantity,
        unit_amount=Money(amount=unit_minor, currency=terms.currency),
        amount=Money(amount=quantity * unit_minor, currency=terms.currency),
    )


def text_of(terms: SoldTerms, name: str) -> str:
    return TEXTS[terms.locale][name]


def percentage_line(
    terms: SoldTerms, purpose: str, name: str, lines: list[PriceLine], basis_points: int
) -> PriceLine:
    """A fee in percent of other lines, halves rounded up."""
    base = sum(each.amount.amount for each in lines)
    amount = round_half_up(Decimal(base) * basis_points / BASIS_POINTS)
    return line(terms, purpose, text_of(terms, name), 1, amount)


@dataclass(frozen=True, slots=True)
class Overtime:
    """Time beyond what was agreed, for its price."""

    days: int
    hours: int

    @property
    def charged_days(self) -> int:
        """Days on which a per-day item is due: an opened day counts."""
        return self.days + (1 if self.hours else 0)


def measure_overtime(
    agreed_at: datetime, actual_at: datetime, terms: SoldTerms, *, grace: timedelta
) -> Overtime:
    """Days of 24 hours by the wall clock of the pick-up branch, then opened hours.

    An hour that the clocks skip is not paid for, nor one that they show twice: the shorter of wall
    clock and real time counts. A rest within ``grace`` is free.
    """
    zone = ZoneInfo(terms.timezone)
    wall = actual_at.astimezone(zone).replace(tzinfo=None) - agreed_at.astimezone(zone).replace(
        tzinfo=None
    )
    elapsed = actual_at.astimezone(UTC) - agreed_at.astimezone(UTC)
    late = max(min(wall, elapsed), timedelta(0))
    days, rest = divmod(late, timedelta(days=1))
    hours = 0 if rest <= grace else -(-rest // timedelta(hours=1))
    if hours and hours * terms.hour_minor >= terms.day_minor:
        return Overtime(days + 1, 0)
    return Overtime(days, hours)


def overtime_lines(terms: SoldTerms, overtime: Overtime) -> list[PriceLine]:
    """Time at the rental's own rates, what is due each day, and the fee in percent of both."""
    lines = [
        line(terms, "BaseRate", text_of(terms, "late_day"), overtime.days, terms.day_minor),
        line(terms, "AdditionalHour", text_of(terms, "late_hour"), overtime.hours,
             terms.hour_minor),
    ]  # fmt: skip
    lines += [
        line(terms, each.purpose, each.names.get(terms.locale) or each.names["en"],
             each.quantity * overtime.charged_days, each.unit_minor)
        for each in terms.per_day
    ]  # fmt: skip
    fee = percentage_line(terms, "AirportFee", "airport", lines, terms.airport_fee_basis_points)
    return [each for each in (*lines, fee) if each.amount.amount]


def with_taxes(terms: SoldTerms, lines: list[PriceLine]) -> list[PriceLine]:
    """Taxes last; lines of nothing say nothing."""
    tax = percentage_line(terms, "Tax", "tax", lines, terms.tax_basis_points)
    return [each for each in (*lines, tax) if each.amount.amount]


def sum_of(lines: list[PriceLine]) -> int:
    return sum(each.amount.amount for each in lines)
