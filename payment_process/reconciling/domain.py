"""What must agree between a payment and the vendor's intent. Pure."""

from dataclasses import dataclass
from typing import Literal

from payment_process.domain import CHARGED, UNDECIDED, Intent, IntentStatus, Payment, Status

Drift = Literal["captured", "refunded", "status", "missing"]
_EXPECTED: dict[Status, frozenset[IntentStatus]] = {
    Status.AUTHORIZED: frozenset({IntentStatus.REQUIRES_CAPTURE}),
    Status.VOIDED: frozenset({IntentStatus.CANCELED}),
    Status.AUTH_EXPIRED: frozenset({IntentStatus.CANCELED}),
}
_ENDED = frozenset({IntentStatus.SUCCEEDED, IntentStatus.CANCELED, IntentStatus.REQUIRES_CAPTURE})


@dataclass(frozen=True, slots=True)
class Seen:
    """The vendor's side: the intent, and what its charge has given back."""

    intent: Intent
    refunded_minor: int


def compare(payment: Payment, seen: Seen | None) -> Drift | None:
    """Name the first thing that does not agree; money before words."""
    if seen is None:
        return "missing"
    if seen.intent.received_minor != payment.captured_minor:
        return "captured"
    if seen.refunded_minor != payment.refunded_minor:
        return "refunded"
    return None if _agrees(payment.status, seen.intent.status) else "status"


def _agrees(status: Status, found: IntentStatus) -> bool:
    if status in CHARGED:
        return found is IntentStatus.SUCCEEDED
    if status in UNDECIDED:
        return found not in _ENDED
    return found in _EXPECTED[status]
