"""What may be asked of a renter after the booking, and what then follows. No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from rent_process.ledger.domain import (
    SMALLEST_CHARGE_MINOR,
    Account,
    Charge,
    ChargeStatus,
    is_paid_online,
    missing_minor,
    payable_minor,
)
from shared.contracts.charging import OwedLine
from shared.contracts.messages import Purpose
from shared.contracts.money import Money
from shared.contracts.renter import RentalStatus
from shared.errors import FieldError, Rejected

# The renter is away: a provider that is down for an evening must not leave a fine unasked.
OFF_SESSION_PATIENCE = timedelta(hours=24)
DEPOSITABLE = frozenset({RentalStatus.CONFIRMED, RentalStatus.CHECKED_OUT})
CHARGEABLE = frozenset({RentalStatus.CHECKED_OUT, RentalStatus.COMPLETED})


@dataclass(frozen=True, slots=True)
class ChargedRental:
    """A rental as far as its money needs it, with its money. Amounts in minor units."""

    rental_id: UUID
    reference: str
    status: RentalStatus
    total_minor: int
    deposit_minor: int
    currency: str
    payment_method: str
    fee_minor: int
    account: Account

    def money(self, amount_minor: int) -> Money:
        return Money(amount=amount_minor, currency=self.currency)

    @property
    def missing_minor(self) -> int:
        """Due, and neither here nor on its way."""
        return missing_minor(self.status, self.total_minor, self.fee_minor, self.account)

    @property
    def deposit(self) -> Charge | None:
        return self.account.open_charge(Purpose.DEPOSIT)

    @property
    def held_deposit(self) -> Charge | None:
        """The deposit that stands and of which nothing was asked yet."""
        found = self.deposit
        if found is None or found.status is not ChargeStatus.HELD:
            return None
        return found if found.settle_minor is None else None


@dataclass(frozen=True, slots=True)
class AskedPayment:
    """PaymentProcess' word on a payment, and the attempts that were asked of it."""

    status: str | None  # None: it has not taken the payment yet
    attempt: int
    asked_attempt: int

    @property
    def waits_for_renter(self) -> bool:
        return self.status == "REQUIRES_ACTION" and self.asked_attempt <= self.attempt


@dataclass(frozen=True, slots=True)
class DueAttempt:
    """What is asked of the renter's next way of paying; ``attempt`` 1 is a payment of its own."""

    purpose: Purpose
    sequence: int
    attempt: int
    amount_minor: int


def check_depositable(rental: ChargedRental) -> bool:
    """Whether a deposit is to be asked for; False: there is none, or it is asked for already.

    Raises:
        Rejected: ``illegal_transition``, ``payment_in_progress``.
    """
    if rental.status not in DEPOSITABLE:
        raise Rejected("illegal_transition", f"no deposit for a rental that is {rental.status}")
    if rental.deposit is None:
        return rental.deposit_minor > 0
    if rental.deposit.status is ChargeStatus.DECLINED:
        raise Rejected("payment_in_progress", "the declined deposit is still being given up")
    return False


def check_capture(rental: ChargedRental, captured_minor: int) -> Charge | None:
    """The deposit to settle; None when there is none to release, or it was released before.

    Raises:
        Rejected: ``not_payable`` when there is nothing to capture, or another part was asked for;
            ``amount_exceeds_deposit``; ``amount_exceeds_due``.
    """
    deposit = rental.deposit
    if deposit is None or deposit.settle_minor == captured_minor:
        if deposit is None and captured_minor:
            raise Rejected("not_payable", "there is no deposit to capture from")
        return None
    if deposit.settle_minor is not None:
        raise Rejected("not_payable", "the deposit is being settled already")
    if captured_minor and deposit.status is not ChargeStatus.HELD:
        raise Rejected("not_payable", "the deposit is not authorised")
    if captured_minor > deposit.asked_minor:
        raise _too_much("amount_exceeds_deposit", "more than the deposit")
    if captured_minor > max(rental.missing_minor, 0):
        raise _too_much("amount_exceeds_due", "more than what is left to pay")
    return deposit


def check_lines(rental: ChargedRental, lines: Sequence[OwedLine]) -> int:
    """What the lines add up to.

    Raises:
        Rejected: ``illegal_transition``, ``validation_failed``.
    """
    if rental.status not in CHARGEABLE:
        detail = f"nothing comes on top of a rental that is {rental.status}"
        raise Rejected("illegal_transition", detail)
    detail = f"this rental is paid in {rental.currency}"
    faults = tuple(
        FieldError(f"/lines/{index}/unit_amount/currency", detail)
        for index, line in enumerate(lines)
        if line.unit_amount.currency != rental.currency
    )
    if faults:
        raise Rejected("validation_failed", detail, faults)
    return sum(line.amount_minor for line in lines)


def check_due(rental: ChargedRental, asked: AskedPayment | None) -> DueAttempt:
    """What a renter may pay online now, and as what: before check-out it is a part of the price.

    ``asked``: the payment that is on its way. One that waits for its renter gives way to another
    attempt of itself.

    Raises:
        Rejected: ``not_payable``, ``payment_in_progress``.
    """
    if not is_paid_online(rental.status, rental.payment_method):
        raise Rejected("not_payable", f"a rental that is {rental.status} cannot be paid now")
    paying, missing = rental.account.paying_charge, rental.missing_minor
    waits = asked is not None and asked.waits_for_renter
    amount = payable_minor(
        rental.status, rental.payment_method, missing, rental.account, waits=waits
    )
    if paying is not None and asked is not None and amount:
        return DueAttempt(paying.purpose, paying.sequence, asked.attempt + 1, amount)
    if paying is not None:
        raise Rejected("payment_in_progress", "a payment is on its way; wait for its answer")
    if not amount:
        raise Rejected("not_payable", "nothing is due")
    booked = rental.status is RentalStatus.CONFIRMED
    purpose = Purpose.PREPAY if booked else Purpose.ADDITIONAL
    return DueAttempt(purpose, rental.account.next_sequence, 1, amount)


def to_ask_minor(rental: ChargedRental) -> int:
    """What the card that was kept is asked for; 0: nothing, or another question is open."""
    if rental.payment_method != "card" or rental.account.open_charge(Purpose.ADDITIONAL):
        return 0
    missing = rental.missing_minor
    return missing if missing >= SMALLEST_CHARGE_MINOR else 0


def to_capture_minor(rental: ChargedRental) -> int | None:
    """What is taken of a deposit that still stands after return; None: it stands on.

    While the card is being asked the deposit waits. When nothing is missing it is released; what
    the card did not pay is taken of it.
    """
    held = rental.held_deposit
    if held is None or rental.status is not RentalStatus.COMPLETED:
        return None
    if rental.account.open_charge(Purpose.ADDITIONAL):
        return None
    return min(held.asked_minor, max(rental.missing_minor, 0))


def _too_much(code: str, detail: str) -> Rejected:
    return Rejected(code, detail, (FieldError("/captured/amount", detail),))
