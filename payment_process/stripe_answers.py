"""Stripe's objects as its API sends them, in our own words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from payment_process.disputing.domain import Dispute, DisputeStatus


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
