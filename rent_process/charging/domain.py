"""What may be asked of a renter after the booking, and what then follows. No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from rent_process.ledger.domain import Account, Charge, ChargeStatus, missing_minor
from shared.contracts.charging import OwedLine
from shared.contracts.messages import Purpose
from shared.contracts.money import Money
from shared.contracts.renter import RentalStatus
from shared.errors import FieldError, Rejected

# What Stripe takes at least in reais; less is due at the counter (docs.stripe.com/currencies).
SMALLEST_CHARGE_MINOR = 50
# The renter is away: a provider that is down for an evening must not leave a fine unasked.
OFF_SESSION_PATIENCE = timedelta(hours=24)
DEPOSITABLE = frozenset({RentalStatus.CONFIRMED, RentalStatus.CHECKED_OUT})
CHARGEABLE = frozenset({RentalStatus.CHECKED_OUT, RentalStatus.COMPLETED})
PAYABLE = frozenset(
    {
        RentalStatus.CONFIRMED,
        RentalStatus.CHECKED_OUT,
        RentalStatus.COMPLETED,
        RentalStatus.NO_SHOW,
    }
)


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


def check_due(rental: ChargedRental) -> tuple[Purpose, int]:
    """What a renter may pay online now, and as what: before check-out it is a part of the price.

    Raises:
        Rejected: ``not_payable``, ``payment_in_progress``.
    """
    booked = rental.status is RentalStatus.CONFIRMED
    if rental.status not in PAYABLE or (booked and rental.payment_method == "counter"):
        raise Rejected("not_payable", f"a rental that is {rental.status} cannot be paid now")
    if any(each.purpose is not Purpose.DEPOSIT for each in rental.account.open_charges):
        raise Rejected("payment_in_progress", "a payment is on its way; wait for its answer")
    missing = rental.missing_minor
    if missing < SMALLEST_CHARGE_MINOR:
        raise Rejected("not_payable", "nothing is due")
    return (Purpose.PREPAY if booked else Purpose.ADDITIONAL), missing


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
