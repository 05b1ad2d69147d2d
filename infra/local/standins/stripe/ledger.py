"""What the stand-in remembers: the wire objects, and what of each Stripe keeps to itself.

Everything lives in memory and is touched by one event loop only, in handlers that never wait, so
every request is atomic.
"""

import secrets
import time
from dataclasses import dataclass, field

from infra.local.standins.stripe.cards import TestCard
from infra.local.standins.stripe.errors import Json, no_such

API_VERSION = "2026-10-28.endive"


def new_id(prefix: str) -> str:
    return f"{prefix}_3{secrets.token_hex(12)}"


@dataclass
class Attempt:
    """The hidden side of a PaymentIntent while it is being paid."""

    return_url: str | None = None
    challenge: str | None = None  # names the 3-D Secure page of this attempt
    authenticated: bool = False


@dataclass
class Ledger:
    """Collections by id, oldest first."""

    customers: dict[str, Json] = field(default_factory=dict)
    methods: dict[str, Json] = field(default_factory=dict)
    intents: dict[str, Json] = field(default_factory=dict)
    charges: dict[str, Json] = field(default_factory=dict)
    refunds: dict[str, Json] = field(default_factory=dict)
    disputes: dict[str, Json] = field(default_factory=dict)
    transactions: dict[str, Json] = field(default_factory=dict)
    events: dict[str, Json] = field(default_factory=dict)
    cards: dict[str, TestCard] = field(default_factory=dict)  # by payment method
    attempts: dict[str, Attempt] = field(default_factory=dict)  # by intent
    used_up: set[str] = field(default_factory=set)  # methods that paid once and were not attached
    set_up: set[str] = field(default_factory=set)  # methods saved for off-session use
    deleted_customers: set[str] = field(default_factory=set)

    def clear(self) -> None:
        self.__init__()  # type: ignore[misc]  # the dataclass's own notion of empty

    def customer(self, name: str, *, in_path: bool = False) -> Json:
        return _find(self.customers, "customer", name, "id" if in_path else "customer", in_path)

    def method(self, name: str, *, in_path: bool = False) -> Json:
        return _find(self.methods, "PaymentMethod", name, "payment_method", in_path)

    def intent(self, name: str, *, in_path: bool = True) -> Json:
        param = "intent" if in_path else "payment_intent"
        return _find(self.intents, "payment_intent", name, param, in_path)

    def charge(self, name: str, *, in_path: bool = True) -> Json:
        return _find(self.charges, "charge", name, "id" if in_path else "charge", in_path)

    def attempt(self, intent: Json) -> Attempt:
        return self.attempts.setdefault(intent["id"], Attempt())


def _find(collection: dict[str, Json], kind: str, name: str, param: str, in_path: bool) -> Json:  # noqa: FBT001 - private, named at every call
    found = collection.get(name)
    if found is None:
        raise no_such(kind, name, param, in_path=in_path)
    return found


def merge_metadata(current: dict[str, str], sent: dict[str, str]) -> dict[str, str]:
    """An empty value removes its key; ``metadata=`` (read as ``{"": ""}``) removes all."""
    if sent == {"": ""}:
        return {}
    return {key: value for key, value in {**current, **sent}.items() if value != ""}


def now() -> int:
    return int(time.time())
