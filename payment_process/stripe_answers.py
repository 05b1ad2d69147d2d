"""Stripe's objects as its API sends them, in our own words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from payment_process.disputing.domain import Dispute, DisputeStatus
from payment_process.domain import IntentStatus
from payment_process.unmatched.domain import MarkedIntent


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
