"""The parameters that each operation takes (API 2026-10-28.endive); ``form`` has the notation.

Stripe takes more than is listed here (Connect, levies, payment methods of other countries). What
is missing is refused as unknown: stricter than Stripe, never more forgiving.
"""

from infra.local.standins.stripe.form import Schema

TYPES = "enum:boleto|card|pix"
EXPAND: Schema = {"expand": ["str"]}
PAGE: Schema = {**EXPAND, "limit": "int:1:100", "starting_after": "str", "ending_before": "str"}
DATED: Schema = {**PAGE, "created": "range"}
SEARCH: Schema = {**EXPAND, "query!": "str", "limit": "int:1:100", "page": "str"}

ADDRESS: Schema = dict.fromkeys(
    ("city", "country", "line1", "line2", "postal_code", "state"), "str?"
)
BILLING: Schema = {
    "address": ADDRESS,
    "email": "str?",
    "name": "str?",
    "phone": "str?",
    "tax_id": "str",
}
SHIPPING: Schema = {
    "address!": ADDRESS,
    "name!": "str",
    "carrier": "str",
    "phone": "str",
    "tracking_number": "str",
}

CUSTOMER: Schema = {
    **EXPAND,
    "address": ADDRESS,
    "balance": "int",
    "description": "str",
    "email": "str:512",
    "invoice_settings": {"default_payment_method": "str", "footer": "str"},
    "metadata": "map",
    "name": "str:256",
    "phone": "str:20",
    "preferred_locales": ["str"],
    "shipping": {"address!": ADDRESS, "name!": "str", "phone": "str"},
    "tax_exempt": "enum:exempt|none|reverse?",
}
CUSTOMER_CREATE: Schema = {**CUSTOMER, "payment_method": "str"}

METHOD_COMMON: Schema = {
    **EXPAND,
    "allow_redisplay": "enum:always|limited|unspecified",
    "billing_details": BILLING,
    "metadata": "map",
}
METHOD_CREATE: Schema = {
    **METHOD_COMMON,
    "type!": TYPES,
    "boleto": {"tax_id!": "str"},
    "card": {
        "cvc": "str",
        "exp_month": "int",
        "exp_year": "int",
        "number": "str",
        "token": "str",
    },
    "pix": {},
    "radar_options": {"session": "str"},
}
METHOD_UPDATE: Schema = {**METHOD_COMMON, "card": {"exp_month": "int", "exp_year": "int"}}
METHOD_DATA: Schema = {
    "type!": "enum:boleto|pix",
    "allow_redisplay": "enum:always|limited|unspecified",
    "billing_details": BILLING,
    "boleto": {"tax_id!": "str"},
    "metadata": "map",
    "pix": {},
}

METHOD_OPTIONS: Schema = {
    "boleto": {"expires_after_days": "int:0:60"},
    "card": {
        "capture_method": "enum:manual?",
        "installments": {
            "enabled": "bool",
            "plan": {"count": "int", "interval": "enum:month", "type!": "enum:fixed_count"},
        },
        "request_extended_authorization": "enum:if_available|never",
        "request_three_d_secure": "enum:any|automatic|challenge",
        "setup_future_usage": "enum:none|off_session|on_session?",
        "statement_descriptor_suffix_kana": "str:22?",
    },
    "pix": {
        "expires_after_seconds": "int:10:1209600",
        "expires_at": "int",
        "setup_future_usage": "enum:none",
    },
}
SETUP_USAGE = "enum:off_session|on_session"
CAPTURE_METHOD = "enum:automatic|automatic_async|manual"
INTENT_COMMON: Schema = {
    **EXPAND,
    "allowed_payment_method_types": [TYPES],
    "capture_method": CAPTURE_METHOD,
    "excluded_payment_method_types": [TYPES],
    "payment_method": "str",
    "payment_method_data": METHOD_DATA,
    "payment_method_options": METHOD_OPTIONS,
}
CONFIRM_ONLY: Schema = {
    "error_on_requires_action": "bool",
    "mandate_data": {
        "customer_acceptance!": {
            "type!": "enum:offline|online",
            "accepted_at": "int",
            "offline": {},
            "online": {"ip_address!": "str", "user_agent!": "str"},
        }
    },
    "off_session": "enum:true|false|one_off|recurring",
    "return_url": "str",
    "use_stripe_sdk": "bool",
}
INTENT_FIELDS: Schema = {
    "customer": "str",
    "description": "str:1000",
    "metadata": "map",
    "statement_descriptor": "str:22",
    "statement_descriptor_suffix": "str:22",
    "transfer_group": "str",
}
INTENT_CREATE: Schema = {
    **INTENT_COMMON,
    **INTENT_FIELDS,
    **CONFIRM_ONLY,
    "amount!": "int:1",
    "automatic_payment_methods": {"enabled!": "bool", "allow_redirects": "enum:always|never"},
    "confirm": "bool",
    "confirmation_method": "enum:automatic|manual",
    "currency!": "str",
    "receipt_email": "str",
    "setup_future_usage": SETUP_USAGE,
    "shipping": SHIPPING,
}
INTENT_UPDATE: Schema = {
    **INTENT_COMMON,
    **INTENT_FIELDS,
    "amount": "int:1",
    "currency": "str",
    "receipt_email": "str?",
    "setup_future_usage": f"{SETUP_USAGE}?",
    "shipping": SHIPPING,
}
INTENT_CONFIRM: Schema = {
    **INTENT_COMMON,
    **CONFIRM_ONLY,
    "client_secret": "str",
    "receipt_email": "str?",
    "setup_future_usage": f"{SETUP_USAGE}?",
    "shipping": SHIPPING,
}
INTENT_CAPTURE: Schema = {
    **EXPAND,
    "amount_to_capture": "int:1",
    "final_capture": "bool",
    "metadata": "map",
    "statement_descriptor": "str:22",
    "statement_descriptor_suffix": "str:22",
}
INTENT_CANCEL: Schema = {
    **EXPAND,
    "cancellation_reason": "enum:abandoned|duplicate|fraudulent|requested_by_customer",
}
REFUND_CREATE: Schema = {
    **EXPAND,
    "amount": "int:1",
    "charge": "str",
    "instructions_email": "str",
    "metadata": "map",
    "payment_intent": "str",
    "reason": "enum:duplicate|fraudulent|requested_by_customer",
}
REFUND_UPDATE: Schema = {**EXPAND, "metadata": "map"}
# Texts only: files are uploaded elsewhere, and no test has one.
EVIDENCE: Schema = dict.fromkeys(
    (
        "access_activity_log",
        "billing_address",
        "cancellation_policy_disclosure",
        "cancellation_rebuttal",
        "customer_email_address",
        "customer_name",
        "customer_purchase_ip",
        "duplicate_charge_explanation",
        "product_description",
        "refund_policy_disclosure",
        "refund_refusal_explanation",
        "service_date",
        "uncategorized_text",
    ),
    "str",
)
DISPUTE_UPDATE: Schema = {**EXPAND, "evidence": EVIDENCE, "metadata": "map", "submit": "bool"}
CHARGE_UPDATE: Schema = {
    **EXPAND,
    "description": "str:40000",
    "metadata": "map",
    "receipt_email": "str",
}
