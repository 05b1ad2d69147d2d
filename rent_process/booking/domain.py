"""The rental's states and what a booking must satisfy. No I/O; the clock is an argument."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from rent_process.pricing.charges import extra_line, line, total_of, with_tax
from rent_process.pricing.domain import age_on
from rent_process.pricing.offer import OfferTerms
from rent_process.pricing.words import Label
from shared.contracts.limits import MAXIMUM_ATTEMPTS
from shared.contracts.renter import ExtraChoice, Price, RentalRequest, RentalStatus
from shared.errors import FieldError, Rejected

# Crockford's base 32: no I, L, O, U. Eight letters, as renters read them out on the phone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 8


class Event(StrEnum):
    """What stands in a rental's timeline."""

    BOOKED = "BOOKED"
    PAYMENT_REQUESTED = "PAYMENT_REQUESTED"
    PAYMENT_ACTION_REQUIRED = "PAYMENT_ACTION_REQUIRED"
    PAYMENT_DECLINED = "PAYMENT_DECLINED"
    COUNTER_PAID = "COUNTER_PAID"
    COUNTER_RETURNED = "COUNTER_RETURNED"
    CONFIRMED = "CONFIRMED"
    EXPIRED = "EXPIRED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    MODIFIED = "MODIFIED"
    DIFFERENCE_PAID = "DIFFERENCE_PAID"
    CHARGES_ADDED = "CHARGES_ADDED"
    ADDITIONAL_PAID = "ADDITIONAL_PAID"
    DEPOSIT_REQUESTED = "DEPOSIT_REQUESTED"
    DEPOSIT_AUTHORIZED = "DEPOSIT_AUTHORIZED"
    DEPOSIT_DECLINED = "DEPOSIT_DECLINED"
    DEPOSIT_NOT_RENEWED = "DEPOSIT_NOT_RENEWED"
    DEPOSIT_EXPIRED = "DEPOSIT_EXPIRED"
    DEPOSIT_CAPTURE_REQUESTED = "DEPOSIT_CAPTURE_REQUESTED"
    DEPOSIT_CAPTURED = "DEPOSIT_CAPTURED"
    DEPOSIT_RELEASE_REQUESTED = "DEPOSIT_RELEASE_REQUESTED"
    DEPOSIT_RELEASED = "DEPOSIT_RELEASED"
    REFUND_REQUESTED = "REFUND_REQUESTED"
    REFUNDED = "REFUNDED"
    REFUND_FAILED = "REFUND_FAILED"
    CHECKED_OUT = "CHECKED_OUT"
    UPGRADED = "UPGRADED"
    EXCHANGED = "EXCHANGED"
    EXTENDED = "EXTENDED"
    OVERDUE = "OVERDUE"
    COMPLETED = "COMPLETED"
    NO_SHOW = "NO_SHOW"
    AGREEMENT_SIGNED = "AGREEMENT_SIGNED"


# Every legal change of state; the repository's compare-and-swap enforces what stands here.
TRANSITIONS: dict[RentalStatus, frozenset[RentalStatus]] = {
    RentalStatus.PENDING: frozenset(
        {RentalStatus.CONFIRMED, RentalStatus.EXPIRED, RentalStatus.FAILED, RentalStatus.CANCELLED}
    ),
    RentalStatus.CONFIRMED: frozenset(
        {RentalStatus.CHECKED_OUT, RentalStatus.CANCELLED, RentalStatus.NO_SHOW}
    ),
    RentalStatus.CHECKED_OUT: frozenset({RentalStatus.COMPLETED}),
    RentalStatus.EXPIRED: frozenset({RentalStatus.CONFIRMED}),  # a late payment that re-holds
    RentalStatus.COMPLETED: frozenset(),
    RentalStatus.FAILED: frozenset(),
    RentalStatus.CANCELLED: frozenset(),
    RentalStatus.NO_SHOW: frozenset(),
}


def check_transition(source: RentalStatus, target: RentalStatus) -> None:
    """Raise ``illegal_transition`` unless the table allows the change."""
    if target not in TRANSITIONS[source]:
        raise Rejected("illegal_transition", f"a rental cannot go from {source} to {target}")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the renter took, priced from the offer and from nothing else."""

    price: Price
    extras: list[dict[str, object]]
    coverages: list[str]


def new_reference() -> str:
    """Forty random bits: a clash is refused by the database and tried again."""
    bits = secrets.randbits(5 * REFERENCE_LENGTH)
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(REFERENCE_LENGTH))


def check_driver(request: RentalRequest, terms: OfferTerms) -> int:
    """Return the driver's age at pick-up.

    Raises:
        Rejected: ``offer_mismatch`` when that age pays another price than the one offered.
    """
    return check_age(request.driver.birth_date, terms, "/driver/birth_date")


def check_age(birth_date: date, terms: OfferTerms, pointer: str) -> int:
    """Return the age at pick-up; ``pointer`` names what is at fault when it does not match."""
    pickup_day = terms.pickup_at.astimezone(ZoneInfo(terms.timezone)).date()
    age = age_on(birth_date, pickup_day)
    if not terms.age_from <= age <= terms.age_to:
        detail = f"the offer is for drivers of {terms.age_from} to {terms.age_to} at pick-up"
        raise Rejected("offer_mismatch", detail, (FieldError(pointer, detail),))
    return age


class Choice(Protocol):
    """A request's choice from an offer."""

    @property
    def extras(self) -> list[ExtraChoice]: ...
    @property
    def coverages(self) -> list[str]: ...


def price_choice(request: Choice, terms: OfferTerms) -> Chosen:
    """Add extras and coverages to the offered lines.

    Raises:
        Rejected: ``validation_failed`` for a code that the offer does not hold.
    """
    lines = list(terms.lines)
    faults: list[FieldError] = []
    extras = {extra.code: extra for extra in terms.extras}
    for index, choice in enumerate(request.extras):
        extra = extras.pop(choice.code, None)
        if extra is None:
            faults.append(FieldError(f"/extras/{index}/code", "is unknown or stands twice"))
        elif choice.quantity > extra.maximum_quantity:
            detail = f"at most {extra.maximum_quantity}"
            faults.append(FieldError(f"/extras/{index}/quantity", detail))
        else:
            lines.append(
                extra_line(
                    extra.purpose,
                    Label(extra.code, extra.name),
                    pieces=choice.quantity,
                    days=terms.charged_days if extra.per == "day" else 1,
                    unit=extra.unit_amount,
                    cap=extra.maximum_amount,
                )
            )
    coverages = {coverage.code: coverage for coverage in terms.coverages}
    for index, code in enumerate(request.coverages):
        coverage = coverages.pop(code, None)
        if coverage is None:
            faults.append(FieldError(f"/coverages/{index}", "is unknown or stands twice"))
        else:
            unit, label = coverage.unit_amount, Label(code, coverage.name)
            lines.append(line("Coverage", label, terms.charged_days, unit.amount, unit.currency))
    if faults:
        raise Rejected("validation_failed", "the offer holds no such item", tuple(faults))
    if terms.tax is not None:
        lines = with_tax(lines, terms.tax.basis_points, terms.tax.description, terms.currency)
    return Chosen(
        price=total_of(lines, terms.currency),
        extras=[choice.model_dump() for choice in request.extras],
        coverages=list(request.coverages),
    )


def check_retry(
    status: RentalStatus,
    expires_at: datetime | None,
    attempt: int,
    *,
    last_is_open: bool,
    now: datetime,
) -> datetime:
    """Allow another try only while the hold lasts and the last try can no longer succeed.

    ``last_is_open``: the last attempt may still move money (processing, or unknown). Returns when
    the hold ends.

    Raises:
        Rejected: ``not_payable`` or ``payment_in_progress``.
    """
    if status is not RentalStatus.PENDING or expires_at is None or expires_at <= now:
        raise Rejected("not_payable", f"a rental that is {status} cannot be paid now")
    if attempt >= MAXIMUM_ATTEMPTS:
        raise Rejected("not_payable", f"a rental can be tried {MAXIMUM_ATTEMPTS} times")
    if last_is_open:
        raise Rejected("payment_in_progress", "a payment is on its way; wait for its answer")
    return expires_at
