"""What a change costs and whether it is allowed. No I/O; the clock is an argument."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from rent_process.booking.domain import check_transition
from shared.contracts.money import round_half_up
from shared.contracts.renter import CancellationPolicy, RentalStatus

PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class ChangingRental:
    """A rental as far as a change needs it. Amounts in minor units."""

    rental_id: UUID
    reference: str
    status: RentalStatus
    version: int
    pickup_at: datetime
    total_minor: int
    currency: str
    policy: CancellationPolicy


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a cancellation keeps and what it gives back, in minor units."""

    fee_minor: int
    refund_minor: int


def policy_fee(policy: CancellationPolicy, total_minor: int, now: datetime) -> int:
    """Nothing up to ``free_until``; then the percentage, at most the cap, halves rounded up."""
    if now <= policy.free_until:
        return 0
    fee = round_half_up(Decimal(total_minor) * policy.fee_percent / PERCENT)
    return min(fee, policy.fee_cap.amount)


def settle_cancellation(rental: ChangingRental, kept_minor: int, now: datetime) -> Settlement:
    """Share what was paid between fee and refund: nothing is charged anew.

    A hold that is not paid costs nothing; neither does one whose payment is still on its way.

    Raises:
        Rejected: ``illegal_transition``.
    """
    check_transition(rental.status, RentalStatus.CANCELLED)
    fee = 0
    if rental.status is not RentalStatus.PENDING:
        fee = min(policy_fee(rental.policy, rental.total_minor, now), kept_minor)
    return Settlement(fee, kept_minor - fee)
