"""What telemetry may say: known attribute names, and values that look like nobody.

Checked in the sending thread, so callers pay nothing for it. An unknown name is dropped and named
once in the log; a text that looks personal is replaced, wherever it stands.
"""

import logging
import re
from collections.abc import Mapping

from shared.telemetry.items import Attribute

logger = logging.getLogger(__name__)

MAXIMUM_LENGTH = 200
REDACTED = "[redacted]"

# Adding a name is a decision: it must never hold what identifies a renter or a card.
ALLOWED = frozenset(
    {
        "amount_minor",
        "attempt",
        "branch",
        "branch_group",
        "check",  # of reconciliation
        "class",
        "code",
        "count",
        "currency",
        "decline_code",
        "dequeue_count",
        "document",  # its kind
        "drift",
        "duration_ms",
        "emitter",
        "enabled",
        "event_type",
        "evidence_due_at",
        "flag",
        "function",
        "from_status",
        "intent_id",  # Stripe's pi_..., a pseudonym
        "kind",  # of a plan for a car
        "locale",
        "logger",
        "message_id",
        "message_type",
        "method",
        "outcome",
        "payment_id",
        "provider",
        "provider_message_id",
        "purpose",
        "queue",
        "rating",
        "reason",
        "reference",
        "refund_number",
        "rental_id",
        "resolution",
        "retried",
        "revision",
        "role",
        "route",
        "sequence",
        "status",
        "status_code",
        "template",
        "timer",
        "to_status",
    }
)

# E-mail addresses; runs of 11 or more digits, spaced or dotted as people write them (CPF, CNPJ,
# telephone and card numbers); keys and tokens. Identifiers in hexadecimal are let through.
_PERSONAL = re.compile(
    r"[^\s@<>\"']+@[^\s@<>\"']+"
    r"|(?<![0-9A-Za-z-])\+?\(?\d(?:[ ().\-/]{0,2}\d){10,}(?![0-9A-Za-z-])"
    r"|\b(?:sk|rk|whsec)_[A-Za-z0-9_]+"
    r"|\bSG\.[\w-]+\.[\w-]+"
    r"|\beyJ[\w-]+\.[\w-]+\.?[\w-]*"
)
_named: set[str] = set()


def redact(text: str) -> str:
    """Replace whatever looks like a person, a card or a key."""
    return _PERSONAL.sub(REDACTED, text)


def clean(attributes: Mapping[str, Attribute]) -> dict[str, str]:
    """The attributes that may leave, as text."""
    kept: dict[str, str] = {}
    for name, value in attributes.items():
        if name not in ALLOWED:
            if name not in _named:
                _named.add(name)
                logger.warning("telemetry attribute %s is not allowed and was dropped", name)
        elif value is not None:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            kept[name] = redact(text[:MAXIMUM_LENGTH])
    return kept
