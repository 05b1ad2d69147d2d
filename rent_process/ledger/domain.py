"""What a rental's money adds up to. No I/O.

One rule covers every step: *what was received, less what was given back, is what is due*. What is
above is given back; what is below is asked for, or due at the counter. Goodwill is beside the
rule: it is given away, not owed.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from shared.contracts.renter import RentalStatus

RefundReason = Literal["cancelled", "late_payment", "modified", "goodwill"]


class ChargeStatus(StrEnum):
    OPEN = "OPEN"
    DECLINED = "DECLINED"  # given up at the vendor, whose word is awaited
    CLOSED = "CLOSED"
    RECEIVED = "RECEIVED"


@dataclass(frozen=True, slots=True)
class Charge:
    """One payment row of purpose PREPAY, as the rental sees it. Amounts in minor units."""

    sequence: int
    status: ChargeStatus
    received_minor: int
    returned_minor: int  # asked to be given back and not refused
    settled_minor: int  # asked to be given back because it was owed: without goodwill
    refunds: int

    @property
    def is_open(self) -> bool:
        """Whether money may still come by it in the ordinary way."""
        return self.status in {ChargeStatus.OPEN, ChargeStatus.DECLINED}

    @property
    def left_minor(self) -> int:
        """What the vendor can still give back of it."""
        return self.received_minor - self.returned_minor


@dataclass(frozen=True, slots=True)
class Refund:
    """A part of a charge that goes back; ``number`` makes it happen once."""

    sequence: int
    number: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Account:
    """Every charge of a rental, by sequence."""

    charges: tuple[Charge, ...]

    @property
    def kept_minor(self) -> int:
        """Received and not owed back: what stands against what is due."""
        return sum(each.received_minor - each.settled_minor for each in self.charges)

    @property
    def open_charges(self) -> tuple[Charge, ...]:
        return tuple(each for each in self.charges if each.is_open)

    @property
    def next_sequence(self) -> int:
        """The booking's own payment is 1, whether it has come or not."""
        return max((each.sequence for each in self.charges), default=1) + 1


def split_refund(account: Account, amount_minor: int) -> list[Refund]:
    """Spread a refund over the charges, the newest first; no charge gives more than it has."""
    parts = []
    for charge in sorted(account.charges, key=lambda each: -each.sequence):
        part = min(amount_minor, charge.left_minor)
        if part > 0:
            parts.append(Refund(charge.sequence, charge.refunds + 1, part))
            amount_minor -= part
    return parts


def due_minor(status: RentalStatus, total_minor: int, fee_minor: int) -> int:
    """What a rental in this state costs: its price, the cancellation's fee, or nothing."""
    if status is RentalStatus.CANCELLED:
        return fee_minor
    if status in {RentalStatus.EXPIRED, RentalStatus.FAILED}:
        return 0
    return total_minor
