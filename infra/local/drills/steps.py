"""What a step is called: the same name whichever rental it is about.

``commit payment=CAPTURED (attempt 1)``, ``send payment_settled.v1 captured``,
``call POST payment_intents/*/confirm``: read off the statement, the message, the request.
"""

import base64
import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

_WRITE = re.compile(r"(?<!FOR )\b(?:INSERT INTO|UPDATE|DELETE FROM) (?:\w+\.)?(\w+)")
_LITERAL = re.compile(r"SET status = '(\w+)'")
_BESIDES = ("outbox", "rental_event", "class_calendar", "webhook_event", "recent_try", "audit")
# What an operator's call does to money is told beside what it does to the rental.
_MONEY = ("rental_charge", "rental_refund", "additional_charge", "counter_entry")
_IDS = re.compile(r"\b(pi|re|ch|pm|cus)_\w+")
PREPAY = "PREPAY"


def describe_write(query: str, params: Any) -> str | None:
    """``payment=CAPTURED (attempt 1)``; None: it only reads, counts, takes a turn or a lease."""
    table = _table(query)
    if table in {None, "recent_try"} or query.lstrip().startswith("UPDATE outbox"):
        return None
    if "SET looked_at" in query:  # it was somebody's turn
        return None
    if table == "outbox":
        return "outbox row" + ("s removed" if "DELETE" in query else "s added")
    given = params if isinstance(params, Mapping) else {}
    literal = _LITERAL.search(query)
    status = literal[1] if literal else str(given.get("status", ""))
    attempt = f" (attempt {given['attempt']})" if given.get("attempt") else ""
    return f"{table}{'=' * bool(status)}{status}{attempt}{_later(given)}"


def _later(given: Mapping[str, Any]) -> str:
    """What a payment row is for, unless it is the price; and where its authorisation is."""
    purpose = str(given.get("purpose") or PREPAY)
    if purpose == PREPAY:
        return ""
    said = [purpose]
    if given.get("renewal"):
        said.append("renewal")
    if given.get("status") == "AUTHORIZED":
        said += [
            word
            for word, name in (
                ("renewed", "replaced_by"),
                ("to capture", "capture_minor"),
                ("given up", "cancel_requested_at"),
            )
            if given.get(name)
        ]
    return " " + ", ".join(said)


@cache
def _table(query: str) -> str | None:
    written = _WRITE.findall(query)
    chief = [name for name in written if name not in _BESIDES]
    return next(iter(chief or written), None)


def main_step(steps: list[str]) -> str:
    """What a transaction is for: the last of its changes that is no by-product, and its money.

    A rental's new status is named before anything else.
    """
    chief = [step for step in steps if not step.startswith(_BESIDES)] or steps
    main = next((step for step in reversed(chief) if step.startswith("rental=")), chief[-1])
    money = dict.fromkeys(step for step in chief if step.startswith(_MONEY) and step != main)
    return " + ".join([main, *money])


def describe_message(body: str) -> tuple[str, str]:
    """``payment_settled.v1 captured`` and the rental's id."""
    try:
        message = json.loads(body)
    except ValueError:
        return "unreadable", "-"
    told = message.get("outcome") or message.get("reason") or message.get("template") or ""
    attempt = message.get("attempt", 1)
    again = f" (attempt {attempt})" if attempt > 1 else ""
    name = f"{message.get('type', 'message')} {told}".strip()
    return name + again + _later(message), str(message.get("rental_id", "-"))


def decoded(content: str) -> str:
    try:
        return base64.b64decode(content, validate=True).decode()
    except ValueError:
        return content


def describe_call(
    method: str, url: str, headers: Mapping[str, str], purposes: Mapping[str, str] | None = None
) -> str:
    """``purposes``: of payments and intents by their ids, as far as they are known."""
    path = _IDS.sub("*", url.partition("/v1/")[2].partition("?")[0])
    number = headers.get("Idempotency-Key", "").partition(":")[2]
    attempt = f" (attempt {number})" if number.isdecimal() and number != "1" else ""
    return f"{method.upper()} {path}{attempt}{_purpose_of(url, headers, purposes or {})}"


def _purpose_of(url: str, headers: Mapping[str, str], purposes: Mapping[str, str]) -> str:
    payment_id = headers.get("Idempotency-Key", "").partition(":")[0]
    intent = re.search(r"\bpi_\w+", url)
    purpose = purposes.get(payment_id) or purposes.get(intent[0] if intent else "")
    return f" {purpose}" if purpose else ""


def purposes_of(params: Any) -> dict[str, str]:
    """What a statement's parameters tell of a later payment's ids."""
    purpose = _later(params).split(",")[0].strip() if isinstance(params, Mapping) else ""
    if not purpose:
        return {}
    names = (params.get("payment_id"), params.get("intent_id"))
    return {str(name): purpose for name in names if name}
