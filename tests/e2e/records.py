"""What the world outside remembers: the bank's ledger, the mailbox, the cars still free."""

import re
import time
from dataclasses import dataclass
from typing import Any

import httpx

from infra.local.stack.stack import Stack
from tests.e2e.renter import Trip

_PATIENCE_SECONDS = 30
_LINK = re.compile(r"https?://[^\s\"'<>]+/rentals/[^\s\"'<>]+#token=[^\s\"'<>]+")


@dataclass(frozen=True)
class Records:
    stack: Stack

    def captures(self, reference: str) -> list[int]:
        """Captured charges of every intent made for the rental."""
        ledger = httpx.get(f"{self.stack.addresses.stripe}/_control/ledger", timeout=30).json()
        return [
            charge["amount_captured"]
            for intent in ledger["intents"]
            if intent["metadata"].get("reference") == reference
            for charge in ledger["charges"]
            if charge["payment_intent"] == intent["id"] and charge["captured"]
        ]

    def mails_to(self, address: str) -> list[dict[str, Any]]:
        found = httpx.get(f"{self.stack.addresses.mail_api}/email", timeout=30).json()
        return [mail for mail in found if any(to["address"] == address for to in mail["to"])]

    def wait_for_mail(self, address: str, words: str) -> dict[str, Any]:
        """The only mail with those words in its subject."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found = [mail for mail in self.mails_to(address) if words in mail["subject"]]
            if found:
                assert len(found) == 1, [mail["subject"] for mail in found]
                return found[0]
            time.sleep(0.1)
        raise AssertionError(f"no mail {words!r}: {[m['subject'] for m in self.mails_to(address)]}")

    def available(self, trip: Trip, acriss: str) -> int:
        """The cars of the class still to be sold for those dates."""
        zone = "-03:00"  # of every branch that these tests use
        asked = {
            "pickup_branch": trip.branch,
            "return_branch": trip.branch,
            "pickup_at": f"{trip.from_day}T10:00:00{zone}",
            "return_at": f"{trip.to_day}T10:00:00{zone}",
            "driver_age": str(trip.age),
        }
        answer = httpx.get(f"{self.stack.addresses.api}/offers", params=asked, timeout=30)
        answer.raise_for_status()
        offers = {offer["class"]: offer for offer in answer.json()["offers"]}
        return int(offers[acriss]["available"])


def manage_link(mail: dict[str, Any]) -> str:
    """The link that opens the rental on any device."""
    found = _LINK.search(mail["text"])
    assert found, mail["text"]
    return found[0]
