"""What a rental's money adds up to. No I/O.

One rule covers every step: *what was received, less what was given back, is what is due*. What is
above is given back; what is below is asked for, or due at the counter. Goodwill is beside the
rule: it is given away, not owed.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from shared.contracts.messages import Purpose
from shared.contracts.renter import RentalStatus

# What Stripe takes at least in reais; less is due at the counter (docs.stripe.com/currencies).
SMALLEST_CHARGE_MINOR = 50
# What may still owe something: a hold owes nothing yet, a cancelled rental has paid its fee.
OWING = frozenset(
    {
        RentalStatus.CONFIRMED,
        RentalStatus.CHECKED_OUT,
        RentalStatus.COMPLETED,
        RentalStatus.NO_SHOW,
    }
)
RefundReason = Literal["cancelled", "late_payment", "modified", "goodwill"]


class ChargeStatus(StrEnum):
    OPEN = "OPEN"
    HELD = "HELD"  # a deposit that is authorised; no money has moved
    DECLINED = "DECLINED"  # given up at the vendor, whose word is awaited
    CLOSED = "CLOSED"
    RECEIVED = "RECEIVED"


@dataclass(frozen=True, slots=True)
class Charge:
    """One payment that was asked for, as the rental sees it. Amounts in minor units.

    ``sequence`` counts the payments of every purpose: it names one of them by itself.
    """

    sequence: int
    status: ChargeStatus
    received_minor: int
    returned_minor: int  # asked to be given back and not refused
    settled_minor: int  # asked to be given back because it was owed: without goodwill
    refunds: int
    asked_minor: int = 0
    purpose: Purpose = Purpose.PREPAY
    settle_minor: int | None = None  # a deposit's part that was asked to be captured

    @property
    def is_open(self) -> bool:
        """Whether money may still come by it in the ordinary way."""
        return self.status in {ChargeStatus.OPEN, ChargeStatus.DECLINED}

    @property
    def left_minor(self) -> int:
        """What the vendor can still give back of it."""
        return self.received_minor - self.returned_minor

    @property
    def expected_minor(self) -> int:
        """What is on its way to us: asked for and not answered."""
        if self.purpose is Purpose.DEPOSIT:
            return (self.settle_minor or 0) if self.status is ChargeStatus.HELD else 0
        return self.asked_minor if self.status is ChargeStatus.OPEN else 0


@dataclass(frozen=True, slots=True)
class Refund:
    """A part of a charge that goes back; ``number`` makes it happen once."""

    sequence: int
    number: int
    amount_minor: int
    purpose: Purpose = Purpose.PREPAY


@dataclass(frozen=True, slots=True)
class Account:
    """Every payment of a rental by sequence, the counter's money, and what comes on top."""

    charges: tuple[Charge, ...]
    counter_minor: int = 0  # taken at the counter, less what was handed back there
    additional_minor: int = 0  # owed on top of the price

    @property
    def kept_minor(self) -> int:
        """Received and not owed back: what stands against what is due."""
        online = sum(each.received_minor - each.settled_minor for each in self.charges)
        return online + self.counter_minor

    @property
    def left_minor(self) -> int:
        """What the vendor can still give back; the counter's money goes back over it."""
        return sum(each.left_minor for each in self.charges)

    def returnable_minor(self, surplus_minor: int) -> int:
        """What of a surplus is here to go back: what a favour gave away has gone already."""
        return max(min(surplus_minor, self.left_minor + self.counter_minor), 0)

    @property
    def expected_minor(self) -> int:
        return sum(each.expected_minor for each in self.charges)

    @property
    def open_charges(self) -> tuple[Charge, ...]:
        return tuple(each for each in self.charges if each.is_open)

    @property
    def to_give_up(self) -> tuple[Charge, ...]:
        """What must not move money any more when the rental ends before it began."""
        held = ChargeStatus.HELD
        return tuple(each for each in self.charges if each.is_open or each.status is held)

    def open_charge(self, purpose: Purpose) -> Charge | None:
        """The purpose's payment that has not ended; there is at most one."""
        live = {ChargeStatus.OPEN, ChargeStatus.HELD, ChargeStatus.DECLINED}
        found = (each for each in self.charges if each.purpose is purpose and each.status in live)
        return next(found, None)

    @property
    def later_charge(self) -> Charge | None:
        """The newest payment that was asked for after the booking's own; deposits aside."""
        later = (each for each in self.charges if each.sequence > 1)
        asked = [each for each in later if each.purpose is not Purpose.DEPOSIT]
        return max(asked, key=lambda each: each.sequence, default=None)

    @property
    def paying_charge(self) -> Charge | None:
        """The payment that is on its way: another beside it could charge twice."""
        paying = (each for each in self.open_charges if each.purpose is not Purpose.DEPOSIT)
        return next(paying, None)

    @property
    def next_sequence(self) -> int:
        """The booking's own payment is 1, whether it has come or not."""
        return max((each.sequence for each in self.charges), default=1) + 1


def split_refund(account: Account, amount_minor: int) -> list[Refund]:
    """Spread a refund over the charges, the newest first; no charge gives more than it has.

    What is more than they have came over the counter, and is handed back there.
    """
    parts = []
    for charge in sorted(account.charges, key=lambda each: -each.sequence):
        part = min(amount_minor, charge.left_minor)
        if part > 0:
            parts.append(Refund(charge.sequence, charge.refunds + 1, part, charge.purpose))
            amount_minor -= part
    return parts


def due_minor(
    status: RentalStatus, total_minor: int, fee_minor: int, additional_minor: int = 0
) -> int:
    """What a rental in this state costs: its price and what came on top, or its fee."""
    if status in {RentalStatus.CANCELLED, RentalStatus.NO_SHOW}:
        return fee_minor
    if status in {RentalStatus.EXPIRED, RentalStatus.FAILED}:
        return 0
    return total_minor + additional_minor


def missing_minor(status: RentalStatus, total_minor: int, fee_minor: int, account: Account) -> int:
    """What is due and neither here nor on its way; less than 0: too much is here."""
    due = due_minor(status, total_minor, fee_minor, account.additional_minor)
    return due - account.kept_minor - account.expected_minor


def owed_at_counter(
    status: RentalStatus, total_minor: int, fee_minor: int, account: Account
) -> int:
    """What the counter has to hand back: what is above what is due, if it came over it."""
    due = due_minor(status, total_minor, fee_minor, account.additional_minor)
    return max(min(account.kept_minor - due, account.counter_minor), 0)


def is_paid_online(status: RentalStatus, payment_method: str) -> bool:
    """Whether its renter pays what is due on the page; what was to be paid at pick-up waits."""
    return status in OWING and (status, payment_method) != (RentalStatus.CONFIRMED, "counter")


def payable_minor(
    status: RentalStatus, payment_method: str, missing: int, account: Account, *, waits: bool
) -> int:
    """What its renter would be asked for now. ``waits``: the payment on its way waits for them."""
    if not is_paid_online(status, payment_method):
        return 0
    paying = account.paying_charge
    if paying is None:
        return missing if missing >= SMALLEST_CHARGE_MINOR else 0
    return paying.asked_minor if waits and paying.status is ChargeStatus.OPEN else 0
