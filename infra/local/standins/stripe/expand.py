"""``expand``: ids become objects, four levels deep at most.

https://docs.stripe.com/api/expanding_objects. Paths are checked before anything is done.
"""

from typing import Any

from infra.local.standins.stripe.errors import Json, invalid
from infra.local.standins.stripe.ledger import Ledger

DEEPEST = 4
# What may be expanded in an object of each kind, and the kind found there; None is always null.
FIELDS: dict[str, dict[str, str | None]] = {
    "balance_transaction": {"source": None},
    "charge": {
        "application": None,
        "balance_transaction": "balance_transaction",
        "customer": "customer",
        "failure_balance_transaction": None,
        "on_behalf_of": None,
        "payment_intent": "payment_intent",
        "review": None,
    },
    "customer": {"default_source": None, "invoice_settings": "invoice_settings"},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    "event": {},
    "invoice_settings": {"default_payment_method": "payment_method"},
    "payment_intent": {
        "application": None,
        "customer": "customer",
        "latest_charge": "charge",
        "on_behalf_of": None,
        "payment_method": "payment_method",
        "review": None,
    },
    "payment_method": {"customer": "customer"},
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "payment_intent": "payment_intent",
        "payment_method": "payment_method",
    },
}
PLAIN_OBJECTS = ("invoice_settings",)  # stand in their parent, are not expanded themselves
COLLECTIONS = {
    "balance_transaction": "transactions",
    "charge": "charges",
    "customer": "customers",
    "payment_intent": "intents",
    "payment_method": "methods",
}


def check(kind: str, paths: list[str], *, listed: bool) -> None:
    """Raises StripeError 400 for a path that leads nowhere."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > DEEPEST:
            message = f"You cannot expand more than {DEEPEST} levels of a property. Property:"
            raise invalid(f"{message} {path}", "expand")
        if listed and steps.pop(0) != "data":
            raise _cannot(path)
        at: str | None = kind
        for step in steps:
            if at is None or step not in FIELDS[at]:
                raise _cannot(path)
            at = FIELDS[at][step]
        if not steps or at in PLAIN_OBJECTS:
            raise _cannot(path)


def _cannot(path: str) -> Exception:
    return invalid(f"This property cannot be expanded ({path}).", "expand")


def expanded(ledger: Ledger, body: Json, paths: list[str]) -> Json:
    """A copy with what the (checked) paths name put in; the ledger's objects stay as they are."""
    for path in paths:
        body = _follow(ledger, body, path.split("."))
    return body


def _follow(ledger: Ledger, node: Json, steps: list[str]) -> Json:
    name, rest = steps[0], steps[1:]
    value: Any = node.get(name)
    if isinstance(value, list):
        return {**node, name: [_follow(ledger, item, rest) for item in value]}
    if isinstance(value, str):
        kind = FIELDS[node["object"]][name] if "object" in node else "payment_method"
        value = getattr(ledger, COLLECTIONS[kind]).get(value) if kind else None
    if not isinstance(value, dict):
        return node
    return {**node, name: _follow(ledger, value, rest) if rest else value}
