"""Every way a prepayment can go, as the renter, the bank and the clock bring it about.

A flow drives one rental; it does not judge. What it needs to know of the rental it reads from the
stores, so that it goes on wherever a crash has left the rental.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import aiohttp

from infra.local.drills.watch import Seen, Watch
from infra.local.load.renters import (
    Renters,
    Reply,
    Trip,
    next_monday,
    random_trip,
    rental_request,
)

GOOD, BAD, BANK = (
    "pm_card_visa",
    "pm_card_chargeDeclinedInsufficientFunds",
    "pm_card_threeDSecure2Required",
)
PIX = {"method": "pix"}
PAUSE_SECONDS = 0.25
PATIENCE_SECONDS = 150  # for one wish of a renter; far longer than any outage of the drill
SCARCE = "PVAR"  # one car a branch: whoever takes it takes the last
HTTP_ACCEPTED, HTTP_OK, HTTP_SERVER_ERROR = 202, 200, 500


class Stuck(Exception):  # noqa: N818 -- a finding, not a fault of the program
    """The rental never came where the flow could go on."""


@dataclass
class Town:
    """What all renters share."""

    client: Renters
    http: aiohttp.ClientSession
    vendor: str
    watch: Watch
    branches: list[str]
    draw: Random
    slots: int = 0

    def trip(self) -> Trip:
        branch = self.draw.choice(self.branches)
        return random_trip(self.draw, branch, [branch], "", weeks_ahead=self.draw.randrange(2, 30))

    def scarce_trip(self) -> Trip:
        """A slot nobody else asks for."""
        week, place = divmod(self.slots, len(self.branches))
        self.slots += 1
        start = next_monday(2 + week)
        branch = self.branches[place]
        return Trip(branch, branch, start, start + timedelta(days=1), SCARCE)

    async def act(self, path: str, body: dict[str, Any] | None = None) -> int:
        """Ask the vendor's control."""
        async with self.http.post(f"{self.vendor}/_control/{path}", json=body or {}) as answer:
            return answer.status

    async def forget_faults(self) -> None:
        async with self.http.delete(f"{self.vendor}/_control/faults"):
            return


@dataclass
class Booked:
    """One renter's rental."""

    town: Town
    key: str
    reference: str = ""
    token: str = ""

    async def book(self, payment: dict[str, str], trip: Trip | None = None) -> None:
        body: dict[str, Any] = {}

        async def send() -> Reply:
            nonlocal body
            if not body:
                wanted = trip or self.town.trip()
                offers = await self.town.client.try_offers(wanted) or {}
                offer = offers.get(SCARCE) if trip else _plentiful(offers)
                if offer is None:
                    return Reply(0, {})
                body = rental_request(offer) | {"payment": payment}
            reply = await self.town.client.post("/rentals", self.key, body)
            if reply.code == "car_unavailable":
                body = {}
            return reply

        reply = await _until(send, lambda r: r.status == HTTP_ACCEPTED)
        self.reference, self.token = reply.body["reference"], reply.body["manage_token"]
        self.town.watch.follow(self.reference)

    async def pay_again(self, payment: dict[str, str]) -> None:
        async def send() -> Reply:
            return await self.town.client.post(
                f"/rentals/{self.reference}/payment", f"{self.key}-2", payment, self.token
            )

        await _until(send, lambda r: r.status == HTTP_ACCEPTED or r.code == "not_payable")

    async def cancel(self) -> None:
        async def send() -> Reply:
            path = f"/rentals/{self.reference}/cancellation"
            return await self.town.client.post(path, f"{self.key}-c", {}, self.token)

        await _until(send, lambda r: r.status == HTTP_ACCEPTED or r.code == "illegal_transition")

    async def until(self, holds: Callable[[Seen], bool]) -> Seen:
        """Wait; returns also when the rental is decided and so can come there no more."""
        return await self.town.watch.until(
            self.reference, lambda seen: holds(seen) or seen.is_decided, PATIENCE_SECONDS
        )

    async def at_vendor(self, step: str) -> bool:
        """Do at the bank, or with the Pix code, what a person does there."""
        seen = self.town.watch.seen[self.reference]
        if seen.intent_id is None:
            return False
        status = await self.town.act(f"payment_intents/{seen.intent_id}/{step}")
        return status == HTTP_OK

    async def until_asked(self) -> Seen:
        return await self.until(lambda seen: seen.payment_status == "REQUIRES_ACTION")

    async def until_declined(self) -> Seen:
        return await self.until(lambda seen: seen.payment_status == "DECLINED")

    async def until_decided(self) -> Seen:
        return await self.until(lambda seen: seen.is_decided)


def _plentiful(offers: dict[str, str]) -> str | None:
    return next((offer for name, offer in offers.items() if name != SCARCE), None)


async def _until(send: Callable[[], Awaitable[Reply]], good: Callable[[Reply], bool]) -> Reply:
    """The same call until it is answered, as a patient browser would."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        reply = await send()
        if good(reply):
            return reply
        await asyncio.sleep(PAUSE_SECONDS)
    raise Stuck(f"no good answer: {reply.status} {reply.code}")


def _card(name: str) -> dict[str, str]:
    return {"method": "card", "payment_method_id": name}


async def pay_by_card(rental: Booked) -> None:
    await rental.book(_card(GOOD))


async def pay_by_second_card(rental: Booked) -> None:
    await rental.book(_card(BAD))
    await rental.until_declined()
    await rental.pay_again(_card(GOOD))


async def never_pay(rental: Booked) -> None:
    await rental.book(_card(BAD))


async def pass_the_bank(rental: Booked) -> None:
    await rental.book(_card(BANK))
    await rental.until_asked()
    await rental.at_vendor("complete")


async def fail_the_bank(rental: Booked) -> None:
    """And pay with Pix instead."""
    await rental.book(_card(BANK))
    await rental.until_asked()
    await rental.at_vendor("fail")
    await rental.until_declined()
    await rental.pay_again(PIX)
    await rental.until(lambda seen: seen.payment_status == "REQUIRES_ACTION" and seen.attempt > 1)
    await rental.at_vendor("pay")


async def leave_the_bank(rental: Booked) -> None:
    await rental.book(_card(BANK))


async def pay_by_pix(rental: Booked) -> None:
    await rental.book(PIX)
    await rental.until_asked()
    await rental.at_vendor("pay")


async def let_pix_expire(rental: Booked) -> None:
    await rental.book(PIX)


async def lose_the_answer(rental: Booked) -> None:
    """The vendor charges, and its answer is lost on the way."""
    fault = {
        "match": {"method": "POST", "path": "/v1/payment_intents/*/confirm"},
        "kind": "drop_answer",
    }
    await rental.town.act("faults", fault)
    await rental.book(_card(GOOD))


async def pay_late_and_get_the_car(rental: Booked) -> None:
    await rental.book(_card(BANK))
    await rental.until_asked()
    await rental.until_decided()
    await rental.at_vendor("complete")


async def pay_late_for_a_car_that_is_gone(rental: Booked) -> None:
    trip = rental.town.scarce_trip()
    await rental.book(_card(BANK), trip)
    await rental.until_asked()
    await rental.until_decided()
    rival = Booked(rental.town, f"{rental.key}-rival")
    await rival.book(_card(GOOD), trip)
    await rental.at_vendor("complete")


async def cancel_a_paid_rental(rental: Booked) -> None:
    await rental.book(_card(GOOD))
    await rental.until_decided()
    await rental.cancel()


async def cancel_and_pay_after_that(rental: Booked) -> None:
    """In another tab, where the bank's page was still open."""
    await rental.book(_card(BANK))
    await rental.until_asked()
    await rental.cancel()
    await rental.at_vendor("complete")


Flow = Callable[[Booked], Awaitable[None]]
# Flow -> how it ends if nothing takes longer than its hold.
FLOWS: dict[str, tuple[Flow, str]] = {
    "card": (pay_by_card, "CONFIRMED"),
    "declined, second card": (pay_by_second_card, "CONFIRMED"),
    "declined, hold expires": (never_pay, "EXPIRED"),
    "3-D Secure passed": (pass_the_bank, "CONFIRMED"),
    "3-D Secure failed, then Pix": (fail_the_bank, "CONFIRMED"),
    "3-D Secure left, hold expires": (leave_the_bank, "EXPIRED"),
    "Pix paid": (pay_by_pix, "CONFIRMED"),
    "Pix expires": (let_pix_expire, "EXPIRED"),
    "card, answer lost": (lose_the_answer, "CONFIRMED"),
    "paid late, re-held": (pay_late_and_get_the_car, "CONFIRMED"),
    "paid late, refunded": (pay_late_for_a_car_that_is_gone, "EXPIRED"),
    "paid, cancelled": (cancel_a_paid_rental, "CANCELLED"),
    "cancelled, then paid late": (cancel_and_pay_after_that, "CANCELLED"),
}


@dataclass(frozen=True, slots=True)
class Ride:
    """One rental's drive through a flow, for the table."""

    flow: str
    fault: str
    reference: str
    problem: str = ""


async def ride(town: Town, flow: str, fault: str) -> Ride:
    rental = Booked(town, str(UUID(int=town.draw.getrandbits(128))))
    try:
        await FLOWS[flow][0](rental)
        if rental.reference:
            await rental.until_decided()
    except (Stuck, aiohttp.ClientError, TimeoutError) as error:
        return Ride(flow, fault, rental.reference, str(error) or type(error).__name__)
    return Ride(flow, fault, rental.reference)
