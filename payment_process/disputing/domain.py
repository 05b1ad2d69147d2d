"""What a dispute means for its payment. Pure.

An inquiry (``warning_…``) has taken no money yet and asks for an answer; a dispute has taken it at
once, and gives it back only if it is won (docs.stripe.com/disputes/how-disputes-work).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from payment_process.domain import CHARGED, Payment, Status


class DisputeStatus(StrEnum):
    """The vendor's words."""

    WARNING_NEEDS_RESPONSE = "warning_needs_response"
    WARNING_UNDER_REVIEW = "warning_under_review"
    WARNING_CLOSED = "warning_closed"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"
    PREVENTED = "prevented"


D = DisputeStatus
# The bank holds the money, or has given it to the cardholder.
MONEY_IS_GONE = frozenset({D.NEEDS_RESPONSE, D.UNDER_REVIEW, D.LOST})
OPEN = frozenset(
    {D.WARNING_NEEDS_RESPONSE, D.WARNING_UNDER_REVIEW, D.NEEDS_RESPONSE, D.UNDER_REVIEW}
)
# How far along a dispute is: what is read may be older than what another delivery has recorded.
_STAGE = {
    D.WARNING_NEEDS_RESPONSE: 1,
    D.WARNING_UNDER_REVIEW: 2,
    D.NEEDS_RESPONSE: 3,
    D.UNDER_REVIEW: 4,
}
_ENDED = 5


@dataclass(frozen=True, slots=True)
class Dispute:
    """What the vendor says about one dispute."""

    dispute_id: str
    intent_id: str | None
    status: DisputeStatus
    reason: str
    amount_minor: int
    currency: str
    opened_at: datetime
    evidence_due_at: datetime | None = None


def is_news(recorded: DisputeStatus | None, seen: Dispute) -> bool:
    """Whether ``seen`` is further along than what is recorded; an end may be decided anew."""
    if recorded is None:
        return True
    before, after = _STAGE.get(recorded, _ENDED), _STAGE.get(seen.status, _ENDED)
    return recorded is not seen.status and before <= after


def weigh(payment: Payment, statuses: Iterable[DisputeStatus], settled_minor: int) -> Payment:
    """The payment under all of its disputes; ``settled_minor`` is given back for good."""
    if payment.status not in CHARGED:
        return payment
    if MONEY_IS_GONE.intersection(statuses):
        return replace(payment, status=Status.DISPUTED)
    if payment.status is not Status.DISPUTED:
        return payment
    return replace(payment, status=_undisputed(payment.captured_minor, settled_minor))


def _undisputed(captured_minor: int, settled_minor: int) -> Status:
    if settled_minor == 0:
        return Status.CAPTURED
    return Status.PARTIALLY_REFUNDED if settled_minor < captured_minor else Status.REFUNDED
