"""When somebody has not come, and what that costs. No I/O; the clock is an argument."""

from datetime import datetime
from decimal import Decimal

from rent_process.changes.domain import PERCENT, Settlement
from rent_process.handover.domain import EPOCH, HOUR, OperatedRental
from rent_process.ledger.domain import Account
from rent_process.terms.domain import SoldTerms
from shared.contracts.money import round_half_up
from shared.errors import Rejected


def check_waited(rental: OperatedRental, terms: SoldTerms, now: datetime) -> int:
    """The hour from which on the branch need not wait any more: the policy's.

    Raises:
        Rejected: ``illegal_transition`` before that hour.
    """
    until = rental.pickup_at + terms.no_show
    if now < until:
        hours = terms.no_show // HOUR
        detail = f"a car is kept for {hours} hours after the time of the pick-up"
        raise Rejected("illegal_transition", detail)
    hour = -(-(until - EPOCH) // HOUR)
    return min(max(hour, rental.from_hour), rental.to_hour)


def settle_no_show(rental: OperatedRental, terms: SoldTerms, account: Account) -> Settlement:
    """Share what was paid between fee and refund: nothing is charged anew."""
    share = Decimal(rental.total_minor) * terms.no_show_fee_percent / PERCENT
    fee = min(round_half_up(share), account.kept_minor)
    refund = account.returnable_minor(account.kept_minor - fee)
    return Settlement(fee, refund, max(refund - account.left_minor, 0))
