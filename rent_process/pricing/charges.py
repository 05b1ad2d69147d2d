"""The lines of a price, in their one order: base, discounts, fees, percentages, taxes last.

Amounts are minor units; each line is rounded half up by itself and the total is their sum, so
that what is read adds up.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rent_process.pricing.domain import Length, Tariff
from rent_process.pricing.units import Plan, Unit, divide, percentage
from rent_process.pricing.words import TEXTS, Label, Locale, label_of
from shared.contracts.money import Money
from shared.contracts.renter import Price, PriceLine


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a promo code takes off the base: a percentage or an amount."""

    code: str
    basis_points: int
    amount: int


@dataclass(frozen=True, slots=True)
class Trip:
    """What is priced: how long, from which day, by whom, to where."""

    length: Length
    first_day: date
    young_driver: bool = False
    one_way_fee: int = 0


def price_lines(
    trip: Trip,
    plan: Plan,
    tariff: Tariff,
    promotion: Promotion | None,
    *,
    currency: str,
    locale: Locale,
) -> list[PriceLine]:
    """Itemise all but what the renter chooses to add."""
    charged_days = trip.length.charged_days
    division = divide(trip.length, trip.first_day, plan)
    lines = _base_lines(division.units, currency, locale)

    def add(purpose: str, label: Label, unit: int, quantity: int = 1) -> None:
        if quantity * unit:
            lines.append(line(purpose, label, quantity, unit, currency))

    discount = max(
        (each for each in tariff.tiers if each.from_days <= division.days),
        key=lambda each: each.from_days,
        default=None,
    )
    if discount is not None:
        percent = discount.basis_points
        label = label_of("tier", locale, {"days": discount.from_days, "basis_points": percent})
        add("Discount", label, -percentage(_sum(lines), discount.basis_points))
    if promotion is not None:
        label = label_of("promotion", locale, {"code": promotion.code})
        add("Discount", label, -_taken_off(promotion, _sum(lines)))
    add("Drop", label_of("drop", locale), trip.one_way_fee)
    if trip.young_driver:
        add("YoungDriver", label_of("young", locale), tariff.young_driver_day, charged_days)
    add("VehicleLicenseFee", label_of("licence", locale), tariff.licence_day, charged_days)
    fee = percentage(_sum(lines), tariff.airport_fee_basis_points)
    add("AirportFee", label_of("airport", locale), fee)
    return with_tax(lines, tariff.tax_basis_points, TEXTS[locale]["tax"], currency)


def with_tax(
    lines: list[PriceLine], basis_points: int, description: str, currency: str
) -> list[PriceLine]:
    """Put the one tax line behind all that is taxed; one that stood there is reckoned anew."""
    taxed = [each for each in lines if each.purpose != "Tax"]
    tax = percentage(_sum(taxed), basis_points)
    label = Label("tax", description)
    return [*taxed, line("Tax", label, 1, tax, currency)] if tax else taxed


def line(purpose: str, label: Label, quantity: int, unit: int, currency: str) -> PriceLine:
    return PriceLine(
        purpose=purpose,
        code=label.code,
        values=label.values,
        description=label.text,
        quantity=quantity,
        unit_amount=Money(amount=unit, currency=currency),
        amount=Money(amount=quantity * unit, currency=currency),
    )


def extra_line(
    purpose: str, label: Label, *, pieces: int, days: int, unit: Money, cap: Money | None
) -> PriceLine:
    """Price an extra by the day (a rental: one day); a piece costs ``cap`` at most."""
    found = line(purpose, label, pieces * days, unit.amount, unit.currency)
    if cap is None or unit.amount * days <= cap.amount:
        return found
    capped = Money(amount=pieces * cap.amount, currency=unit.currency)
    return found.model_copy(update={"amount": capped})


def total_of(lines: list[PriceLine], currency: str) -> Price:
    return Price(lines=lines, total=Money(amount=_sum(lines), currency=currency))


def _base_lines(units: list[Unit], currency: str, locale: Locale) -> list[PriceLine]:
    """Units of one kind at one price are one line, in the order in which they first come."""
    counted = Counter((each.name, each.amount) for each in units)
    purposes = {"hour": "AdditionalHour"}
    return [
        line(purposes.get(name, "BaseRate"), label_of(name, locale), count, amount, currency)
        for (name, amount), count in counted.items()
        if amount
    ]


def _taken_off(promotion: Promotion, base: int) -> int:
    """Never more than the base: fees are owed to others."""
    return min(base, percentage(base, promotion.basis_points) + promotion.amount)


def _sum(lines: Iterable[PriceLine]) -> int:
    return sum(each.amount.amount for each in lines)
