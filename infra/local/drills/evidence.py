"""What the world outside the product saw: the vendor's ledger, the mailbox, the queues."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.request import urlopen

from azure.storage.queue import QueueServiceClient

from infra.local.stack.queues import QUEUES
from infra.local.stack.stack import Stack


@dataclass(frozen=True, slots=True)
class Money:
    """What the vendor moved for one rental, in minor units."""

    charges: int = 0
    captured: int = 0
    refunded: int = 0


def read_ledger(stack: Stack) -> dict[str, Money]:
    """By rental: added up from the charges themselves, not from what the product stored."""
    ledger = _get(f"{stack.addresses.stripe}/_control/ledger")
    moved: dict[str, Money] = {}
    for intent in ledger["intents"]:
        rental_id, total = intent["metadata"]["rental_id"], ledger["totals"][intent["id"]]
        known = moved.get(rental_id, Money())
        moved[rental_id] = Money(
            known.charges + total["captured_charges"],
            known.captured + total["captured"],
            known.refunded + total["refunded"],
        )
    return moved


@dataclass(frozen=True, slots=True)
class Charged:
    """What the vendor did under one PaymentIntent."""

    rental_id: str
    payment_id: str
    captured_charges: int
    is_held: bool  # authorised, and neither captured nor given up


def read_intents(stack: Stack) -> list[Charged]:
    """One by one; whose they are is what we wrote on them when they were made."""
    ledger = _get(f"{stack.addresses.stripe}/_control/ledger")
    return [_charged(intent, ledger["totals"][intent["id"]]) for intent in ledger["intents"]]


def _charged(intent: Mapping[str, Any], total: Mapping[str, Any]) -> Charged:
    told = intent["metadata"]
    is_held = intent["status"] == "requires_capture"
    return Charged(told["rental_id"], told["payment_id"], total["captured_charges"], is_held)


def read_mailbox(stack: Stack) -> Counter[str]:
    """How many copies of each e-mail arrived, by the message id in its ``Message-ID`` header."""
    mails = _get(f"{stack.addresses.mail_api}/email")
    return Counter(_message_id(mail) for mail in mails)


def _message_id(mail: dict[str, Any]) -> str:
    headers = {name.lower(): value for name, value in mail["headers"].items()}
    return str(headers["message-id"]).strip("<>").partition("@")[0]


def count_queued(stack: Stack, suffix: str = "") -> int:
    """Messages in all queues, also those that a dead process had taken."""
    connection = stack.addresses.storage_connection_string
    with QueueServiceClient.from_connection_string(connection) as service:
        return sum(
            service.get_queue_client(name + suffix).get_queue_properties().approximate_message_count
            or 0
            for name in QUEUES
        )


def _get(url: str) -> Any:
    with urlopen(url, timeout=30) as answer:  # noqa: S310 -- our own stack on 127.0.0.1
        return json.load(answer)
