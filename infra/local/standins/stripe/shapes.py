"""Empty wire objects with every field that Stripe always sends (API 2026-10-28.endive)."""

import secrets

from infra.local.standins.stripe.errors import Json
from infra.local.standins.stripe.ledger import API_VERSION, new_id, now

ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
EVIDENCE = (
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
)


def unset(*names: str) -> Json:
    return dict.fromkeys(names)


def address(sent: Json | None) -> Json:
    return {name: (sent or {}).get(name) or None for name in ADDRESS}


def billing_details(sent: Json | None) -> Json:
    sent = sent or {}
    fields = {name: sent.get(name) or None for name in ("email", "name", "phone", "tax_id")}
    return {"address": address(sent.get("address")), **fields}


def payment_intent(amount: int, currency: str) -> Json:
    name = new_id("pi")
    return {
        "id": name,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": "automatic_async",
        "client_secret": f"{name}_secret_{secrets.token_hex(12)}",
        "confirmation_method": "automatic",
        "created": now(),
        "currency": currency,
        "livemode": False,
        "metadata": {},
        "payment_method_options": {},
        "payment_method_types": [],
        "status": "requires_payment_method",
        **unset(
            "allowed_payment_method_types",
            "application",
            "application_fee_amount",
            "automatic_payment_methods",
            "canceled_at",
            "cancellation_reason",
            "customer",
            "customer_account",
            "description",
            "excluded_payment_method_types",
            "last_payment_error",
            "latest_charge",
            "managed_payments",
            "next_action",
            "on_behalf_of",
            "payment_method",
            "payment_method_configuration_details",
            "processing",
            "receipt_email",
            "review",
            "setup_future_usage",
            "shipping",
            "source",
            "statement_descriptor",
            "statement_descriptor_suffix",
            "transfer_data",
            "transfer_group",
        ),
    }


def charge(intent: Json, method: Json, prefix: str) -> Json:
    copied = ("amount", "currency", "customer", "description", "receipt_email", "shipping")
    more = ("statement_descriptor", "statement_descriptor_suffix", "transfer_group")
    return {
        **{name: intent[name] for name in (*copied, *more)},
        "id": new_id(prefix),
        "object": "charge",
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "RENTACAR",
        "captured": False,
        "created": now(),
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "refunded": False,
        "status": "pending",
        **unset(
            "application",
            "application_fee",
            "application_fee_amount",
            "balance_transaction",
            "failure_balance_transaction",
            "failure_code",
            "failure_message",
            "on_behalf_of",
            "outcome",
            "payment_method_details",
            "receipt_number",
            "receipt_url",
            "review",
            "source",
            "source_transfer",
            "transfer_data",
        ),
    }


def refund(charge: Json, amount: int, reason: str | None) -> Json:
    return {
        "id": new_id("re" if charge["id"].startswith("ch_") else "pyr"),
        "object": "refund",
        "amount": amount,
        "charge": charge["id"],
        "created": now(),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "status": "succeeded",
        **unset(
            "balance_transaction",
            "customer_account",
            "receipt_number",
            "source_transfer_reversal",
            "transfer_reversal",
        ),
    }


def customer() -> Json:
    return {
        "id": f"cus_{secrets.token_hex(7)}",
        "object": "customer",
        "balance": 0,
        "created": now(),
        "delinquent": False,
        "invoice_prefix": secrets.token_hex(4).upper(),
        "invoice_settings": unset(
            "custom_fields", "default_payment_method", "footer", "rendering_options"
        ),
        "livemode": False,
        "metadata": {},
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "tax_exempt": "none",
        **unset("address", "currency", "customer_account", "default_source", "description"),
        **unset("discount", "email", "name", "phone", "shipping", "test_clock"),
    }


def payment_method(kind: str, billing: Json | None) -> Json:
    return {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": billing_details(billing),
        "created": now(),
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": kind,
    }


def balance_transaction(source: Json, amount: int, kind: str, fee: int) -> Json:
    fees = {"amount": fee, "application": None, "currency": source["currency"]}
    details = [{**fees, "description": "Stripe processing fees", "type": "stripe_fee"}]
    return {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now() + 2 * 86_400,
        "balance_type": "payments",
        "created": now(),
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": details if fee else [],
        "net": amount - fee,
        "reporting_category": "dispute" if kind == "adjustment" else kind,
        "source": source["id"],
        "status": "pending",
        "type": kind,
    }


def dispute(charge: Json, reason: str, status: str) -> Json:
    evidence = {**unset(*EVIDENCE), "enhanced_evidence": {}}
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": evidence,
        "evidence_details": {
            "due_by": now() + 9 * 86_400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": status.startswith("warning_"),
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "status": status,
    }


def event(kind: str, subject: Json, previous: Json | None, pending: int) -> Json:
    data = {"object": subject, **({"previous_attributes": previous} if previous else {})}
    return {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": now(),
        "data": data,
        "livemode": False,
        "pending_webhooks": pending,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
