"""What the world outside remembers: the bank's ledger, the mailbox, the cars still free."""

import re
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import psycopg

from infra.local.load.renters import rental_request
from infra.local.stack.stack import Stack
from tests.e2e.renter import Trip

_PATIENCE_SECONDS = 30
_LINK = re.compile(r"https?://[^\s\"'<>]+/rentals/[^\s\"'<>]+#token=[^\s\"'<>]+")


@dataclass(frozen=True)
class Records:
    stack: Stack

    def captures(self, reference: str) -> list[int]:
        """Amounts of the captured charges of every intent made for the rental."""
        ledger = self._ledger()
        intents = {intent["id"] for intent in intents_of(reference, ledger)}
        return [
            charge["amount_captured"]
            for charge in ledger["charges"]
            if charge["payment_intent"] in intents and charge["captured"]
        ]

    def pay_in_the_banks_app(self, reference: str) -> None:
        """What the renter does elsewhere with a Pix code."""
        (intent,) = intents_of(reference, self._ledger())
        url = f"{self.stack.addresses.stripe}/_control/payment_intents/{intent['id']}/pay"
        httpx.post(url, timeout=30).raise_for_status()

    def _ledger(self) -> dict[str, Any]:
        url = f"{self.stack.addresses.stripe}/_control/ledger"
        ledger: dict[str, Any] = httpx.get(url, timeout=30).json()
        return ledger

    def rentals_of(self, address: str) -> list[tuple[str, str]]:
        """Reference and status of every rental booked with that address."""
        query = "SELECT reference, status FROM rent.rental WHERE driver->>'email' = %s"
        with psycopg.connect(self.stack.database_url) as connection:
            return connection.execute(query, [address]).fetchall()

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

    def offer(self, trip: Trip, acriss: str) -> dict[str, Any]:
        """A search through the API, for what a test must know or prepare."""
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
        offers: list[dict[str, Any]] = answer.json()["offers"]
        return next(offer for offer in offers if offer["class"] == acriss)

    def available(self, trip: Trip, acriss: str) -> int:
        """The cars of the class still to be sold for those dates."""
        return int(self.offer(trip, acriss)["available"])

    def book(self, trip: Trip, acriss: str, card: str = "pm_card_visa") -> dict[str, Any]:
        """Somebody else's rental, made without a browser."""
        body = rental_request(self.offer(trip, acriss)["offer"], card)
        headers = {"Idempotency-Key": str(uuid4())}
        url = f"{self.stack.addresses.api}/rentals"
        answer = httpx.post(url, json=body, headers=headers, timeout=30)
        answer.raise_for_status()
        accepted: dict[str, Any] = answer.json()
        return accepted

    def sell_out(self, trip: Trip, acriss: str) -> None:
        for _ in range(self.available(trip, acriss)):
            self.book(trip, acriss)


def intents_of(reference: str, ledger: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in ledger["intents"] if each["metadata"].get("reference") == reference]


def manage_link(mail: dict[str, Any]) -> str:
    """The link that opens the rental on any device."""
    found = _LINK.search(mail["text"])
    assert found, mail["text"]
    return found[0]
