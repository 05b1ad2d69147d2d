"""What a refund may do. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from payment_process.domain import CHARGED, Payment, Status


class RefundStatus(StrEnum):
    REQUESTED = "REQUESTED"
    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


R = RefundStatus
# A refund that has succeeded can still bounce: the card was closed meanwhile.
LEGAL: dict[RefundStatus, frozenset[RefundStatus]] = {
    R.REQUESTED: frozenset({R.PENDING, R.SUCCEEDED, R.FAILED}),
    R.PENDING: frozenset({R.SUCCEEDED, R.FAILED}),
    R.SUCCEEDED: frozenset({R.FAILED}),
    R.FAILED: frozenset(),
}
SETTLED = frozenset({R.SUCCEEDED, R.FAILED})


@dataclass(frozen=True, slots=True)
class VendorRefund:
    """What the vendor says about a refund."""

    refund_id: str | None
    status: RefundStatus
    failure_code: str | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """One row of ``payment.refund``; field for column."""

    payment_id: UUID
    refund_number: int
    amount_minor: int
    reason: str
    status: RefundStatus
    traceparent: str | None
    failure_code: str | None = None
    vendor_refund_id: str | None = None
    spent_keys: int = 0


def reserve(payment: Payment, refund: Refund) -> Payment | None:
    """Set the amount aside before the vendor is asked; None when so much was never taken."""
    if payment.refunded_minor + refund.amount_minor > payment.captured_minor:
        return None
    return replace(payment, refunded_minor=payment.refunded_minor + refund.amount_minor)


def observe(refund: Refund, seen: VendorRefund) -> Refund:
    """Take what the vendor says; what is older than what is recorded changes nothing."""
    if seen.status is refund.status or seen.status not in LEGAL[refund.status]:
        return refund
    return replace(
        refund,
        status=seen.status,
        failure_code=seen.failure_code,
        vendor_refund_id=seen.refund_id or refund.vendor_refund_id,
    )


def settle(payment: Payment, refund: Refund, settled_minor: int) -> Payment:
    """The payment after one of its refunds has ended; ``settled_minor`` is given back for good."""
    failed = refund.amount_minor if refund.status is R.FAILED else 0
    after = replace(payment, refunded_minor=payment.refunded_minor - failed)
    if payment.status not in CHARGED or payment.status is Status.DISPUTED:
        return after
    return replace(after, status=_status(payment, settled_minor))


def _status(payment: Payment, settled_minor: int) -> Status:
    if settled_minor == 0:
        return Status.CAPTURED
    if settled_minor < payment.captured_minor:
        return Status.PARTIALLY_REFUNDED
    return Status.REFUNDED
