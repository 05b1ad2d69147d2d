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
_BESIDES = ("outbox", "rental_event", "class_calendar", "webhook_event", "recent_try")
_IDS = re.compile(r"\b(pi|re|ch|pm|cus)_\w+")


def describe_write(query: str, params: Any) -> str | None:
    """``payment=CAPTURED (attempt 1)``; None for what only reads, counts or claims a lease."""
    table = _table(query)
    if table in {None, "recent_try"} or query.lstrip().startswith("UPDATE outbox"):
        return None
    if table == "outbox":
        return "outbox row" + ("s removed" if "DELETE" in query else "s added")
    given = params if isinstance(params, Mapping) else {}
    literal = _LITERAL.search(query)
    status = literal[1] if literal else str(given.get("status", ""))
    attempt = f" (attempt {given['attempt']})" if given.get("attempt") else ""
    return f"{table}{'=' * bool(status)}{status}{attempt}"


@cache
def _table(query: str) -> str | None:
    written = _WRITE.findall(query)
    chief = [name for name in written if name not in _BESIDES]
    return next(iter(chief or written), None)


def main_step(steps: list[str]) -> str:
    """What a transaction is for: the last of its changes that is no by-product."""
    chief = [step for step in steps if not step.startswith(_BESIDES)]
    return (chief or steps)[-1]


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
    return name + again, str(message.get("rental_id", "-"))


def decoded(content: str) -> str:
    try:
        return base64.b64decode(content, validate=True).decode()
    except ValueError:
        return content


def describe_call(method: str, url: str, headers: Mapping[str, str]) -> str:
    path = _IDS.sub("*", url.partition("/v1/")[2].partition("?")[0])
    number = headers.get("Idempotency-Key", "").partition(":")[2]
    attempt = f" (attempt {number})" if number.isdecimal() and number != "1" else ""
    return f"{method.upper()} {path}{attempt}"
