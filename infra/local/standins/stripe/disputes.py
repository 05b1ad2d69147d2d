"""Disputes: a cardholder takes a charge back."""

from infra.local.standins.stripe import shapes
from infra.local.standins.stripe.errors import Json, no_such
from infra.local.standins.stripe.vendor import Stripe


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
    if not inquiry:
        taken = shapes.balance_transaction(dispute, -dispute["amount"], "adjustment", 5500)
        stripe.ledger.transactions[taken["id"]] = taken
        dispute["balance_transactions"] = [taken]
    stripe.emit("charge.dispute.created", dispute)
    if not inquiry:
        stripe.emit("charge.dispute.funds_withdrawn", dispute)


def retrieve(stripe: Stripe, _params: Json, name: str) -> Json:
    dispute = stripe.ledger.disputes.get(name)
    if dispute is None:
        raise no_such("dispute", name, "dispute", in_path=True)
    return dispute
