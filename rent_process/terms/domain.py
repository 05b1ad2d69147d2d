"""The terms that go on after the price: time, kilometres, fuel, not coming. No I/O.

Rental days are 24 hours by the wall clock of the pick-up branch, as in ``pricing/domain.py``.
Time beyond what was agreed costs what it would have cost if it had been booked: its own seasons,
weekends and larger units, at the length tier of the whole rental. What was agreed is not priced
anew.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from rent_process.pricing.domain import Length, Tier, measure_length
from rent_process.pricing.units import Plan, Unit, divide, percentage
from rent_process.pricing.words import percent_of
from shared.contracts.bases import Locale
from shared.contracts.money import Money, round_half_up
from shared.contracts.renter import PriceLine

BASIS_POINTS = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class PerDay:
    """Something that is due for each further day: a coverage, an extra, the young driver."""

    purpose: str
    names: Mapping[Locale, str]
    quantity: int
    unit_minor: int
    cap_minor: int | None = None  # the most that a piece costs over the whole rental

    def line_of(self, days_before: int, days: int) -> tuple[int, int]:
        """How many, and what each: days, or pieces for what is left below the cap."""
        if self.cap_minor is None or self.unit_minor * (days_before + days) <= self.cap_minor:
            return self.quantity * days, self.unit_minor
        return self.quantity, max(self.cap_minor - self.unit_minor * days_before, 0)


@dataclass(frozen=True, slots=True)
class SoldTerms:
    """Amounts in minor units of ``currency``."""

    currency: str
    locale: Locale
    timezone: str  # of the pick-up branch: rental days follow its wall clock
    plan: Plan
    tiers: tuple[Tier, ...]
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
        "late_month": "Meses de 30 dias além do combinado",
        "late_week": "Semanas além do combinado",
        "late_day": "Diárias além do combinado",
        "late_weekend": "Diárias de fim de semana além do combinado",
        "late_hour": "Horas além do combinado",
        "young": "Condutor jovem",
        "airport": "Taxa de serviço",
        "tax": "Impostos",
        "fuel": "Combustível (oitavos de tanque)",
        "km": "Quilômetros excedentes",
    },
    "en": {
        "late_month": "Months of 30 days beyond what was agreed",
        "late_week": "Weeks beyond what was agreed",
        "late_day": "Days beyond what was agreed",
        "late_weekend": "Weekend days beyond what was agreed",
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

    units: tuple[Unit, ...]
    charged_days: int  # on which a per-day item is due: an opened day counts
    tier: Tier | None  # of the whole rental
    agreed_days: int  # on which it was due already


def measure_overtime(
    pickup_at: datetime,
    agreed_at: datetime,
    actual_at: datetime,
    terms: SoldTerms,
    *,
    grace: timedelta,
) -> Overtime:
    """Days of 24 hours by the wall clock of the pick-up branch, then opened hours.

    An hour that the clocks skip is not paid for, nor one that they show twice: the shorter of wall
    clock and real time counts. A rest within ``grace`` is free.
    """
    zone = ZoneInfo(terms.timezone)
    pickup, agreed, actual = (at.astimezone(zone) for at in (pickup_at, agreed_at, actual_at))
    wall = actual.replace(tzinfo=None) - agreed.replace(tzinfo=None)
    elapsed = actual_at.astimezone(UTC) - agreed_at.astimezone(UTC)
    late = max(min(wall, elapsed), timedelta(0))
    days, rest = divmod(late, timedelta(days=1))
    length = Length(days, 0 if rest <= grace else -(-rest // timedelta(hours=1)))
    added = divide(length, agreed.date(), terms.plan)
    before = measure_length(pickup, agreed, terms.grace)
    whole = before.days + added.days
    tier = max(
        (each for each in terms.tiers if each.from_days <= whole),
        key=lambda each: each.from_days,
        default=None,
    )
    return Overtime(tuple(added.units), length.charged_days, tier, before.charged_days)


def overtime_lines(terms: SoldTerms, overtime: Overtime) -> list[PriceLine]:
    """Time at the rental's own rates, what is due each day, and the fee in percent of both."""
    lines = _time_lines(terms, overtime)
    lines += [
        line(terms, each.purpose, each.names.get(terms.locale) or each.names["en"],
             *each.line_of(overtime.agreed_days, overtime.charged_days))
        for each in terms.per_day
    ]  # fmt: skip
    fee = percentage_line(terms, "AirportFee", "airport", lines, terms.airport_fee_basis_points)
    return [each for each in (*lines, fee) if each.amount.amount]


def _time_lines(terms: SoldTerms, overtime: Overtime) -> list[PriceLine]:
    """Units of one kind at one price are one line; the tier is taken off each of them."""
    taken, words = 0, ""
    if overtime.tier is not None:
        taken = overtime.tier.basis_points
        words = f" (-{percent_of(taken, terms.locale)}%)"
    counted = Counter(
        (each.name, each.amount - percentage(each.amount, taken)) for each in overtime.units
    )
    return [
        line(terms, "AdditionalHour" if name == "hour" else "BaseRate",
             text_of(terms, f"late_{name}") + words, count, amount)
        for (name, amount), count in counted.items()
    ]  # fmt: skip


def with_taxes(terms: SoldTerms, lines: list[PriceLine]) -> list[PriceLine]:
    """Taxes last; lines of nothing say nothing."""
    tax = percentage_line(terms, "Tax", "tax", lines, terms.tax_basis_points)
    return [each for each in (*lines, tax) if each.amount.amount]


def sum_of(lines: list[PriceLine]) -> int:
    return sum(each.amount.amount for each in lines)
