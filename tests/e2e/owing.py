"""A rental that is back and owes something that its kept card refuses."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import Locator, Page, expect

from infra.local.identity.tokens import fetch_token
from infra.local.stack.stack import Stack
from tests.e2e.records import Records, intents_of
from tests.e2e.renter import Renter, Trip

FINE = 19_500
# Its bank wants to see the renter each time: away from the page it refuses.
WARY_CARD = "pm_card_authenticationRequired"


@dataclass(frozen=True, slots=True)
class Owing:
    """``paid`` is what the booking cost."""

    stack: Stack
    reference: str
    token: str
    paid: int

    def open(self, renter: Renter) -> Page:
        renter.page.goto(f"/rentals/{self.reference}#token={self.token}")
        expect(renter.page.get_by_role("heading", level=1)).to_be_visible()
        return renter.page

    def charge(self) -> None:
        """What the operator does; the card that was kept is asked at once."""
        line = {
            "purpose": "Fine",
            "description": "Multa: excesso de velocidade",
            "quantity": 1,
            "unit_amount": {"amount": FINE, "currency": "BRL"},
        }
        token = fetch_token(self.stack.addresses.issuer, roles=["operator"])
        answer = httpx.post(
            f"{self.stack.addresses.api}/operator/rentals/{self.reference}/charges",
            json={"lines": [line]},
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())},
            timeout=30,
        )
        answer.raise_for_status()
        assert answer.json()["asked"]["amount"] == FINE

    def answer_the_bank(self, step: str) -> None:
        """For the newest payment, and elsewhere than on the page: complete, fail, pay."""
        stripe = self.stack.addresses.stripe
        ledger = httpx.get(f"{stripe}/_control/ledger", timeout=30).json()
        intent = intents_of(self.reference, ledger)[-1]["id"]
        url = f"{stripe}/_control/payment_intents/{intent}/{step}"
        httpx.post(url, timeout=30).raise_for_status()

    def read(self) -> dict[str, Any]:
        return self._call("GET", "")

    def post(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._call("POST", f"/{what}", body)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """As the renter, without a browser."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(uuid4())}
        url = f"{self.stack.addresses.api}/rentals/{self.reference}{path}"
        answer = httpx.request(method, url, json=body, headers=headers, timeout=30)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def book_with_wary_card(stack: Stack, records: Records, trip: Trip, renter: Renter) -> Owing:
    """Confirmed: the renter was there when it was booked."""
    accepted = records.book(trip, "ECMR", WARY_CARD)
    owing = Owing(
        stack, accepted["reference"], accepted["manage_token"], accepted["total"]["amount"]
    )
    owing.open(renter)
    renter.sees_status(renter.words.bank_check)
    owing.answer_the_bank("complete")
    renter.sees_status(renter.words.confirmed)
    return owing


def look_again(page: Page) -> None:
    """What coming back to the page's tab does."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def owed(page: Page) -> Locator:
    return page.locator("section.owed")
