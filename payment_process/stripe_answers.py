"""Stripe's objects as its API sends them, in our own words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from payment_process.disputing.domain import Dispute, DisputeStatus
from payment_process.domain import Intent, IntentStatus
from payment_process.refunding.domain import RefundStatus, VendorRefund
from payment_process.unmatched.domain import MarkedIntent


def intent_from(data: Mapping[str, Any]) -> Intent:
    """Read a PaymentIntent as Stripe's API sends it."""
    failure = data.get("last_payment_error") or {}
    return Intent(
        intent_id=data["id"],
        status=IntentStatus(data["status"]),
        received_minor=data.get("amount_received") or 0,
        client_secret=data.get("client_secret"),
        next_action=data.get("next_action"),
        decline_code=failure.get("decline_code") or failure.get("code"),
        capture_before=_capture_before(data),
        method_id=_id_of(data.get("payment_method")),
    )


def _id_of(reference: Any) -> str | None:
    """The id of what may be expanded."""
    found = reference["id"] if isinstance(reference, Mapping) else reference
    return None if found is None else str(found)


def given_back(charge: Mapping[str, Any]) -> int:
    """Refunded of what was taken; Stripe counts what was never captured as refunded too."""
    if not charge.get("captured"):
        return 0
    never_taken: int = charge["amount"] - charge["amount_captured"]
    return int(charge["amount_refunded"]) - never_taken


_REFUND_STATUS = {
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}


def refund_from(data: Mapping[str, Any]) -> VendorRefund:
    """Read a Refund as Stripe's API sends it; ``requires_action`` is on its way like pending."""
    status = _REFUND_STATUS.get(data["status"], RefundStatus.PENDING)
    return VendorRefund(data["id"], status, data.get("failure_reason"))


def _capture_before(data: Mapping[str, Any]) -> datetime | None:
    """Until when a card's authorisation holds; only an expanded charge tells."""
    charge = data.get("latest_charge")
    if not isinstance(charge, Mapping):
        return None
    card = (charge.get("payment_method_details") or {}).get("card") or {}
    seconds = card.get("capture_before")
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def dispute_from(data: Mapping[str, Any]) -> Dispute:
    due_by = (data.get("evidence_details") or {}).get("due_by")
    return Dispute(
        dispute_id=data["id"],
        intent_id=data.get("payment_intent"),
        status=DisputeStatus(data["status"]),
        reason=data["reason"],
        amount_minor=data["amount"],
        currency=data["currency"].upper(),
        opened_at=datetime.fromtimestamp(data["created"], UTC),
        evidence_due_at=None if due_by is None else datetime.fromtimestamp(due_by, UTC),
    )


def marked_from(data: Mapping[str, Any]) -> MarkedIntent | None:
    """An intent that PaymentProcess made; None for what anybody else did under this account."""
    mark = data.get("metadata") or {}
    try:
        rental_id, payment_id = UUID(mark["rental_id"]), UUID(mark["payment_id"])
    except (KeyError, ValueError):
        return None
    return MarkedIntent(
        intent_id=data["id"],
        rental_id=rental_id,
        payment_id=payment_id,
        reference=mark.get("reference") or None,
        status=IntentStatus(data["status"]),
        currency=data["currency"].upper(),
        made_at=datetime.fromtimestamp(data["created"], UTC),
    )
