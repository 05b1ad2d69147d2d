"""Disputes: a cardholder takes a charge back, and the merchant answers or gives in.

In test mode Stripe decides by the evidence's ``uncategorized_text``: ``winning_evidence`` wins,
``losing_evidence`` loses, ``escalate_inquiry_evidence`` makes a dispute of an inquiry
(https://docs.stripe.com/testing#disputes). Other texts wait for a bank that there is not.
"""

from infra.local.standins.stripe import shapes
from infra.local.standins.stripe.errors import Json, invalid, no_such
from infra.local.standins.stripe.ledger import merge_metadata
from infra.local.standins.stripe.vendor import Stripe

TO_ANSWER = ("needs_response", "warning_needs_response")
FEE = 5500


def open_dispute(stripe: Stripe, charge: Json, reason: str) -> None:
    inquiry = reason == "general"
    status = "warning_needs_response" if inquiry else "needs_response"
    dispute = shapes.dispute(charge, reason, status)
    brand = charge["payment_method_details"]["card"]["brand"]
    kind = "inquiry" if inquiry else "chargeback"
    network = {"brand": brand, "case_type": kind, "network": brand, "network_reason_code": "10"}
    dispute["payment_method_details"] = {"type": "card", "card": network}
    stripe.ledger.disputes[dispute["id"]] = dispute
    charge["disputed"] = True
    if inquiry:
        stripe.emit("charge.dispute.created", dispute)
        return
    _move_funds(stripe, dispute, -dispute["amount"], FEE)
    stripe.emit("charge.dispute.created", dispute)
    stripe.emit("charge.dispute.funds_withdrawn", dispute)


def _move_funds(stripe: Stripe, dispute: Json, amount: int, fee: int) -> None:
    moved = shapes.balance_transaction(dispute, amount, "adjustment", fee)
    stripe.ledger.transactions[moved["id"]] = moved
    dispute["balance_transactions"] = [*dispute["balance_transactions"], moved]


def retrieve(stripe: Stripe, _params: Json, name: str) -> Json:
    dispute = stripe.ledger.disputes.get(name)
    if dispute is None:
        raise no_such("dispute", name, "dispute", in_path=True)
    return dispute


def update(stripe: Stripe, params: Json, name: str) -> Json:
    """Stage evidence, or submit it, which is what ``submit`` left out means too."""
    dispute = retrieve(stripe, {}, name)
    if "metadata" in params:
        dispute["metadata"] = merge_metadata(dispute["metadata"], params["metadata"])
    if "evidence" not in params:
        return dispute
    if dispute["status"] not in TO_ANSWER:
        raise invalid("This dispute is already closed or its evidence was submitted.")
    dispute["evidence"].update(params["evidence"])
    details = dispute["evidence_details"]
    details["has_evidence"] = True
    previous = {"status": dispute["status"]}
    if params.get("submit", True):
        details["submission_count"] += 1
        review = "warning_under_review" if _is_inquiry(dispute) else "under_review"
        dispute["status"] = review
        text = params["evidence"].get("uncategorized_text")
        stripe.later(stripe.options.settle_seconds, _decide, stripe, dispute, text)
    stripe.emit("charge.dispute.updated", dispute, previous)
    return dispute


def close(stripe: Stripe, _params: Json, name: str) -> Json:
    """The merchant gives in: lost at once."""
    dispute = retrieve(stripe, {}, name)
    if dispute["status"] not in TO_ANSWER:
        raise invalid("This dispute is already closed.")
    _end(stripe, dispute, "warning_closed" if _is_inquiry(dispute) else "lost")
    return dispute


def _decide(stripe: Stripe, dispute: Json, text: str | None) -> None:
    if text == "escalate_inquiry_evidence" and _is_inquiry(dispute):
        dispute.update(status="needs_response", is_charge_refundable=False)
        dispute["payment_method_details"]["card"]["case_type"] = "chargeback"
        _move_funds(stripe, dispute, -dispute["amount"], FEE)
        stripe.emit("charge.dispute.updated", dispute, {"status": "warning_under_review"})
        stripe.emit("charge.dispute.funds_withdrawn", dispute)
    elif text == "winning_evidence" and _is_inquiry(dispute):
        _end(stripe, dispute, "warning_closed")
    elif text == "winning_evidence":
        _move_funds(stripe, dispute, dispute["amount"], 0)
        _end(stripe, dispute, "won")
        stripe.emit("charge.dispute.funds_reinstated", dispute)
    elif text == "losing_evidence":
        _end(stripe, dispute, "warning_closed" if _is_inquiry(dispute) else "lost")


def _end(stripe: Stripe, dispute: Json, status: str) -> None:
    previous = {"status": dispute["status"]}
    dispute["status"] = status
    stripe.emit("charge.dispute.closed", dispute, previous)


def _is_inquiry(dispute: Json) -> bool:
    return str(dispute["status"]).startswith("warning_")
