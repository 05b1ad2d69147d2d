"""Refunds, never of more than was taken (https://docs.stripe.com/refunds)."""

from infra.local.standins.stripe import shapes
from infra.local.standins.stripe.errors import Json, invalid, missing, no_such
from infra.local.standins.stripe.ledger import merge_metadata, new_id
from infra.local.standins.stripe.money import check_email, written
from infra.local.standins.stripe.vendor import Stripe


def create(stripe: Stripe, params: Json) -> Json:
    charge = _charge(stripe, params)
    amount = _checked_amount(charge, params.get("amount"))
    refund = shapes.refund(charge, amount, params.get("reason"))
    refund["metadata"] = merge_metadata({}, params.get("metadata", {}))
    _send_back(stripe, charge, refund, params)
    stripe.ledger.refunds[refund["id"]] = refund
    previous = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    transaction = shapes.balance_transaction(refund, -amount, "refund", 0)
    stripe.ledger.transactions[transaction["id"]] = transaction
    refund["balance_transaction"] = transaction["id"]
    stripe.emit("refund.created", refund)
    stripe.emit("charge.refunded", charge, previous)
    return refund


def _charge(stripe: Stripe, params: Json) -> Json:
    if "charge" in params and "payment_intent" in params:
        message = "You may only specify one of these parameters: charge, payment_intent."
        raise invalid(message, "charge", "parameters_exclusive")
    if "charge" in params:
        return stripe.ledger.charge(params["charge"], in_path=False)
    if "payment_intent" not in params:
        raise missing("payment_intent")
    intent = stripe.ledger.intent(params["payment_intent"], in_path=False)
    if intent["latest_charge"] is None:
        raise _nothing_to_refund(intent["id"])
    return stripe.ledger.charge(intent["latest_charge"])


def _nothing_to_refund(intent: str) -> Exception:
    message = f"This PaymentIntent ({intent}) does not have a successful charge to refund."
    return invalid(message, "payment_intent", "charge_not_refundable")


def _checked_amount(charge: Json, wanted: int | None) -> int:
    if charge["status"] != "succeeded" or not charge["captured"]:
        raise _nothing_to_refund(charge["payment_intent"])
    if charge["disputed"]:
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise invalid(message, None, "charge_disputed")
    rest: int = charge["amount"] - charge["amount_refunded"]
    if rest == 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise invalid(message, None, "charge_already_refunded")
    if wanted is not None and wanted > rest:
        asked, left = (written(value, charge["currency"]) for value in (wanted, rest))
        raise invalid(
            f"Refund amount ({asked}) is greater than unrefunded amount on charge ({left})",
            "amount",
        )
    return wanted or rest


def _send_back(stripe: Stripe, charge: Json, refund: Json, params: Json) -> None:
    """How the money travels: at once, some time later, or to an account to be asked for."""
    kind = charge["payment_method_details"]["type"]
    wait = stripe.options.settle_seconds
    if kind == "boleto":
        email = params.get("instructions_email") or charge["billing_details"]["email"]
        check_email(email, "instructions_email")
        if not email:
            raise missing("instructions_email")
        unset = {"reference": None, "reference_status": None}
        refund.update(status="requires_action", instructions_email=email)
        refund["destination_details"] = {"type": "br_bank_transfer", "br_bank_transfer": unset}
        return
    if kind == "pix":
        refund.update(status="pending", pending_reason="processing")
        refund["destination_details"] = {"type": "pix", "pix": {}}
        stripe.later(wait, succeed, stripe, refund)
        return
    details = {"reference_status": "pending", "reference_type": "acquirer_reference_number"}
    refund["destination_details"] = {"type": "card", "card": {**details, "type": "refund"}}
    behaviour = stripe.ledger.cards[charge["payment_method"]].refund
    if behaviour == "fails":
        stripe.later(wait, _fail, stripe, refund)
    elif behaviour == "pends":
        refund.update(status="pending", pending_reason="processing")
        stripe.later(wait, succeed, stripe, refund)


def succeed(stripe: Stripe, refund: Json) -> None:
    previous = {"status": refund["status"]}
    refund.pop("pending_reason", None)
    refund["status"] = "succeeded"
    stripe.emit("refund.updated", refund, previous)


def _fail(stripe: Stripe, refund: Json) -> None:
    """The bank sends the money back: it is on the balance again."""
    charge = stripe.ledger.charge(refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    refund.update(status="failed", failure_reason="expired_or_canceled_card")
    refund["failure_balance_transaction"] = new_id("txn")
    stripe.emit("refund.failed", refund)


def retrieve(stripe: Stripe, _params: Json, name: str) -> Json:
    refund = stripe.ledger.refunds.get(name)
    if refund is None:
        raise no_such("refund", name, "refund", in_path=True)
    return refund


def update(stripe: Stripe, params: Json, name: str) -> Json:
    refund = retrieve(stripe, {}, name)
    refund["metadata"] = merge_metadata(refund["metadata"], params.get("metadata", {}))
    stripe.emit("refund.updated", refund)
    return refund


def cancel(stripe: Stripe, _params: Json, name: str) -> Json:
    """Only a refund that waits for the renter's bank account can be taken back."""
    refund = retrieve(stripe, {}, name)
    if refund["status"] != "requires_action":
        raise invalid(f"Refund {name} cannot be canceled because it is {refund['status']}.")
    charge = stripe.ledger.charge(refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    refund["status"] = "canceled"
    stripe.emit("refund.updated", refund, {"status": "requires_action"})
    return refund
