"""Charges: what an attempt to pay leaves behind, and the money's way to the balance."""

import secrets

from infra.local.standins.stripe import shapes
from infra.local.standins.stripe.cards import Decline, TestCard
from infra.local.standins.stripe.errors import Json
from infra.local.standins.stripe.ledger import merge_metadata, now
from infra.local.standins.stripe.money import check_email
from infra.local.standins.stripe.vendor import Stripe

AUTHORIZATION_SECONDS = 7 * 86_400  # how long a card authorisation holds
EXTENDED_SECONDS = 30 * 86_400  # where it was asked for and the card's network offers it
EXTENDS = frozenset({"visa", "mastercard", "amex", "discover"})
FEE_RATE, FEE_FIXED = 0.0399, 39  # Stripe's list price in Brazil: 3.99 % + R$ 0.39


def add(stripe: Stripe, intent: Json, method: Json) -> Json:
    prefix = "ch" if method["type"] == "card" else "py"
    charge = shapes.charge(intent, method, prefix)
    charge["payment_method_details"] = _details(stripe, intent, method, charge)
    stripe.ledger.charges[charge["id"]] = charge
    return charge


def _details(stripe: Stripe, intent: Json, method: Json, charge: Json) -> Json:
    kind = method["type"]
    if kind != "card":
        details = {"tax_id": method["boleto"]["tax_id"]} if kind == "boleto" else {}
        return {"type": kind, kind: details}
    card, test = method["card"], stripe.ledger.cards[method["id"]]
    shown = ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
    plan = (intent["payment_method_options"].get("card", {}).get("installments") or {}).get("plan")
    details = {
        **{name: card[name] for name in (*shown, "regulated_status", "wallet")},
        "amount_authorized": charge["amount"],
        "authorization_code": f"{secrets.randbelow(10**6):06d}",
        "checks": {**card["checks"], "cvc_check": test.cvc_check},
        "extended_authorization": {"status": _extended(intent, card["brand"])},
        "incremental_authorization": {"status": "unavailable"},
        "installments": {"plan": plan} if plan else None,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": str(10**14 + secrets.randbelow(9 * 10**14)),
        "overcapture": {"maximum_amount_capturable": charge["amount"], "status": "unavailable"},
        "three_d_secure": _three_d_secure(stripe, intent),
        "transaction_link_id": None,
    }
    return {"type": "card", "card": details}


def _extended(intent: Json, brand: str) -> str:
    """Only of an authorisation, only if asked for, and not by every network."""
    options = intent["payment_method_options"].get("card", {})
    by_hand = "manual" in (intent["capture_method"], options.get("capture_method"))
    asked = options.get("request_extended_authorization") == "if_available"
    return "enabled" if by_hand and asked and brand in EXTENDS else "disabled"


def _three_d_secure(stripe: Stripe, intent: Json) -> Json | None:
    if not stripe.ledger.attempt(intent).authenticated:
        return None
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": secrets.token_hex(16),
        "version": "2.2.0",
    }


def _outcome(card: TestCard | None, decline: Decline | None) -> Json:
    outcome = shapes.unset("advice_code", "network_advice_code", "network_decline_code", "reason")
    risk = card.risk if card else "normal"
    score = {"normal": 20, "elevated": 65, "highest": 100}[risk]
    outcome |= {"risk_level": risk, "risk_score": score}
    if decline is None:
        told = {"network_status": "approved_by_network", "type": "authorized"}
        return {**outcome, **told, "seller_message": "Payment complete."}
    reason = decline.decline_code or decline.code
    if risk == "highest":
        told = {"network_status": "not_sent_to_network", "type": "blocked"}
        message = "Stripe blocked this payment as too risky."
        return {**outcome, **told, "reason": "highest_risk_level", "seller_message": message}
    told = {"network_status": "declined_by_network", "type": "issuer_declined"}
    return {
        **outcome,
        **told,
        "network_decline_code": "01",
        "reason": reason,
        "seller_message": f"The bank returned the decline code `{reason}`.",
    }


def fail(stripe: Stripe, charge: Json, decline: Decline) -> None:
    card = stripe.ledger.cards.get(charge["payment_method"])
    charge.update(
        status="failed",
        failure_code=decline.code,
        failure_message=decline.message,
        outcome=_outcome(card, decline),
    )
    stripe.emit("charge.failed", charge)


def succeed(stripe: Stripe, charge: Json, *, capture: bool, at_once: bool) -> None:
    """Money is authorised and, unless captured by hand, taken."""
    card = stripe.ledger.cards.get(charge["payment_method"])
    receipt = f"{stripe.options.base_url}/receipts/{charge['id']}"
    charge.update(status="succeeded", paid=True, outcome=_outcome(card, None), receipt_url=receipt)
    if capture:
        charge.update(captured=True, amount_captured=charge["amount"])
        if at_once:
            _book(stripe, charge)
    elif "card" in charge["payment_method_details"]:
        details = charge["payment_method_details"]["card"]
        extended = details["extended_authorization"]["status"] == "enabled"
        details["capture_before"] = now() + (
            EXTENDED_SECONDS if extended else AUTHORIZATION_SECONDS
        )
    stripe.emit("charge.succeeded", charge)
    if capture and not at_once:
        stripe.later(stripe.options.settle_seconds, _book_later, stripe, charge)


def take(stripe: Stripe, charge: Json, amount: int) -> None:
    """Capture by hand; what is not taken is given back."""
    charge.update(captured=True, amount_captured=amount)
    charge["amount_refunded"] = charge["amount"] - amount
    _book(stripe, charge)
    stripe.emit("charge.captured", charge)


def give_back(stripe: Stripe, charge: Json, *, expired: bool = False) -> None:
    """An authorisation that is not taken at all."""
    charge.update(refunded=True, amount_refunded=charge["amount"])
    stripe.emit("charge.expired" if expired else "charge.refunded", charge)


def _book(stripe: Stripe, charge: Json) -> None:
    amount = charge["amount_captured"]
    kind = "charge" if charge["id"].startswith("ch_") else "payment"
    fee = min(amount, round(amount * FEE_RATE) + FEE_FIXED)
    transaction = shapes.balance_transaction(charge, amount, kind, fee)
    stripe.ledger.transactions[transaction["id"]] = transaction
    charge["balance_transaction"] = transaction["id"]


def _book_later(stripe: Stripe, charge: Json) -> None:
    """``automatic_async``: the balance transaction follows the success."""
    _book(stripe, charge)
    stripe.emit("charge.updated", charge, {"balance_transaction": None})


def retrieve(stripe: Stripe, _params: Json, name: str) -> Json:
    return stripe.ledger.charge(name)


def update(stripe: Stripe, params: Json, name: str) -> Json:
    charge = stripe.ledger.charge(name)
    check_email(params.get("receipt_email"), "receipt_email")
    for field in ("description", "receipt_email"):
        charge[field] = params.get(field, charge[field])
    charge["metadata"] = merge_metadata(charge["metadata"], params.get("metadata", {}))
    stripe.emit("charge.updated", charge)
    return charge
