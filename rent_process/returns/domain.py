"""What a return costs on top of the price. No I/O; the clock is an argument."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rent_process.handover.domain import Leg, OperatedRental
from rent_process.pricing.domain import measure_length
from rent_process.terms.domain import (
    SoldTerms,
    line,
    measure_overtime,
    overtime_lines,
    text_of,
    with_taxes,
)
from shared.contracts.handover import CheckInRequest, Damage
from shared.contracts.renter import PriceLine
from shared.errors import FieldError, Rejected

# A car that is promised back within the last day may be closed ahead; a wrong year may not.
AHEAD = timedelta(days=1)


def check_time(rental: OperatedRental, out: Leg, returned_at: datetime, now: datetime) -> datetime:
    """A car comes back after it has left, and not in another year.

    Raises:
        Rejected: ``validation_failed``.
    """
    detail = None
    if returned_at <= out.out_at:
        detail = "is before the car has left"
    elif returned_at > max(now, rental.return_at) + AHEAD:
        detail = "is too far ahead"
    if detail:
        raise Rejected("validation_failed", detail, (FieldError("/returned_at", detail),))
    return returned_at


def check_damages(rental: OperatedRental, damages: Sequence[Damage]) -> None:
    """Raise ``validation_failed`` for an amount in another currency than the rental's."""
    detail = f"this rental is paid in {rental.currency}"
    faults = tuple(
        FieldError(f"/damages/{index}/amount/currency", detail)
        for index, damage in enumerate(damages)
        if damage.amount.currency != rental.currency
    )
    if faults:
        raise Rejected("validation_failed", detail, faults)


def charge_lines(
    rental: OperatedRental,
    terms: SoldTerms,
    legs: Sequence[Leg],
    request: CheckInRequest,
    returned_at: datetime,
) -> list[PriceLine]:
    """Itemise: time beyond what was agreed, kilometres, fuel, taxes on these; then damage."""
    overtime = measure_overtime(
        rental.pickup_at, rental.return_at, returned_at, terms, grace=terms.grace
    )
    lines = overtime_lines(terms, overtime)
    days = agreed_days(rental, terms) + overtime.charged_days
    km = extra_km(terms, legs, request.odometer_km, days)
    lines.append(line(terms, "BaseRate", text_of(terms, "km"), km, terms.extra_km_minor))
    eighths = 0 if terms.fuel_is_prepaid else missing_fuel(legs, request.fuel_eighths)
    lines.append(line(terms, "Fuel", text_of(terms, "fuel"), eighths, terms.fuel_eighth_minor))
    return with_taxes(terms, lines) + damage_lines(terms, request.damages)


def agreed_days(rental: OperatedRental, terms: SoldTerms) -> int:
    zone = ZoneInfo(terms.timezone)
    pickup, back = (at.astimezone(zone) for at in (rental.pickup_at, rental.return_at))
    return measure_length(pickup, back, terms.grace).charged_days


def extra_km(terms: SoldTerms, legs: Sequence[Leg], odometer_km: int, days: int) -> int:
    """Kilometres of all cars of the rental beyond those that its days include."""
    if terms.included_km_day is None:
        return 0
    driven = sum(
        (odometer_km if leg.in_odometer_km is None else leg.in_odometer_km) - leg.out_odometer_km
        for leg in legs
    )
    return max(driven - days * terms.included_km_day, 0)


def missing_fuel(legs: Sequence[Leg], fuel_eighths: int) -> int:
    """What all cars of the rental left with, less what they came back with: the rest is owed."""
    back = (fuel_eighths if leg.in_fuel_eighths is None else leg.in_fuel_eighths for leg in legs)
    return max(sum(leg.out_fuel_eighths for leg in legs) - sum(back), 0)


def damage_lines(terms: SoldTerms, damages: Sequence[Damage]) -> list[PriceLine]:
    """Each damage; with a coverage of the car, together up to its excess. No tax: no service."""
    left = terms.excess_minor
    lines = []
    for damage in damages:
        amount = damage.amount.amount if left is None else min(damage.amount.amount, left)
        left = None if left is None else left - amount
        if amount:
            lines.append(line(terms, "Damage", damage.description, 1, amount))
    return lines
