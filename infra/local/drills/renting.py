"""What a renter does in the payments drill, again and again until somebody answers.

It drives and does not judge. What it needs to know of a rental it reads from the stores, so that
it goes on wherever a crash has left the rental.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

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
PATIENCE_SECONDS = 600  # for one wish of a renter; far longer than any outage of the drill
SCARCE = "PVAR"  # one car a branch: whoever takes it takes the last
HTTP_ACCEPTED, HTTP_OK = 202, 200
OPENS, CLOSES = 12, 22  # hours in UTC at which every airport's branch is open
FIRST_TRIES = 20  # of one due: each leaves less of it, or the drill is stuck


class Stuck(Exception):  # noqa: N818 -- a finding, not a fault of the program
    """The rental never came where the flow could go on."""


class Over(Exception):  # noqa: N818 -- likewise: how a flow ends when an outage outlasts a hold
    """The rental has ended before the flow could go on."""


class Gate:
    """Where rentals wait at the counter, until whatever is to befall them has begun."""

    def __init__(self) -> None:
        self._waiting = 0
        self._arrived, self._open = asyncio.Event(), asyncio.Event()
        self._open.set()

    def close(self) -> None:
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    async def pass_by(self) -> None:
        self._waiting += 1
        self._arrived.set()
        try:
            await self._open.wait()
        finally:
            self._waiting -= 1

    async def until_there(self, rides: Collection["asyncio.Task[Any]"]) -> None:
        """Until all stand here, but those that have ended on their way."""
        while self._waiting < len(coming := {each for each in rides if not each.done()}):
            self._arrived.clear()
            arriving = asyncio.create_task(self._arrived.wait())
            await asyncio.wait({arriving, *coming}, return_when=asyncio.FIRST_COMPLETED)
            arriving.cancel()


@dataclass
class Town:
    """What all renters share."""

    client: Renters
    http: aiohttp.ClientSession
    vendor: str
    watch: Watch
    branches: list[str]
    draw: Random
    operator_token: Callable[[], str]
    gate: Gate = field(default_factory=Gate)
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

    def trip_soon(self) -> Trip:
        """Within a day, when the car may leave already and a cancellation costs a fee."""
        hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        open_hours = (hour + timedelta(hours=ahead) for ahead in range(2, 24))
        start = next(each for each in open_hours if OPENS <= each.hour <= CLOSES)
        branch = self.draw.choice(self.branches)
        return Trip(branch, branch, start, start + timedelta(days=1), "")

    async def act(self, path: str, body: dict[str, Any] | None = None) -> int:
        """Ask the vendor's control."""
        async with self.http.post(f"{self.vendor}/_control/{path}", json=body or {}) as answer:
            return answer.status

    async def capturable(self, intent_id: str) -> int:
        """What of an authorisation the vendor would let us take."""
        async with self.http.get(f"{self.vendor}/_control/ledger") as answer:
            intents = (await answer.json())["intents"]
        found = (each["amount_capturable"] for each in intents if each["id"] == intent_id)
        return int(next(found, 0))

    async def forget_faults(self) -> None:
        async with self.http.delete(f"{self.vendor}/_control/faults"):
            return


@dataclass
class Purse:
    """What the renter was told and the operator typed in, in minor units."""

    price: int = 0
    added: int = 0  # on top of the price
    cash: int = 0  # taken at the counter, less what was handed back
    goodwill: int = 0
    leaves: int = 0  # still owes at the end


@dataclass
class Booked:
    """One renter's rental."""

    town: Town
    key: str
    reference: str = ""
    token: str = ""
    purse: Purse = field(default_factory=Purse)
    strayed: bool = False  # something took too long, and the flow went another way than meant

    async def book(self, payment: dict[str, str], trip: Trip | None = None) -> None:
        body: dict[str, Any] = {}

        async def send() -> Reply:
            nonlocal body
            if not body:
                wanted = trip or self.town.trip()
                offers = await self.town.client.try_offers(wanted) or {}
                offer = self._choose(offers, wanted)
                if offer is None:
                    return Reply(0, {})
                body = rental_request(offer) | {"payment": payment}
            reply = await self.town.client.post("/rentals", self.key, body)
            if reply.code == "car_unavailable":
                body = {}
            return reply

        reply = await insist(send, lambda r: r.status == HTTP_ACCEPTED)
        self.reference, self.token = reply.body["reference"], reply.body["manage_token"]
        self.purse.price = reply.body["total"]["amount"]
        self.town.watch.follow(self.reference)

    def _choose(self, offers: dict[str, str], wanted: Trip) -> str | None:
        if wanted.car_class:
            return offers.get(wanted.car_class)
        plentiful = sorted(offers.keys() - {SCARCE})
        return offers[self.town.draw.choice(plentiful)] if plentiful else None

    async def pay_again(self, payment: dict[str, str]) -> None:
        await self._pay(payment, f"{self.key}-2")

    async def _pay(self, payment: dict[str, str], key: str) -> Reply:
        async def send() -> Reply:
            path = f"/rentals/{self.reference}/payment"
            return await self.town.client.post(path, key, payment, self.token)

        return await insist(send, lambda r: r.status == HTTP_ACCEPTED or r.code == "not_payable")

    async def pay_what_is_due(self, payment: dict[str, str], step: str = "") -> None:
        """Until nothing is due any more; ``step`` is what the bank or Pix asks of the renter."""
        for number in range(FIRST_TRIES):
            await self.until_quiet()
            reply = await self._pay(payment, f"{self.key}-due-{number}")
            if reply.code == "not_payable":
                return
            if step:
                await self.until(lambda seen: seen.is_asked or seen.is_quiet)
                await self.at_vendor(step)
        raise Stuck("something is due for ever")

    async def start_paying(self, payment: dict[str, str]) -> None:
        """Pay what is due as far as the bank's page, and leave it open."""
        await self.until_quiet()
        await self._pay(payment, f"{self.key}-due")
        await self.until(lambda seen: seen.is_asked or seen.is_quiet)

    async def cancel(self) -> None:
        async def send() -> Reply:
            path = f"/rentals/{self.reference}/cancellation"
            return await self.town.client.post(path, f"{self.key}-c", {}, self.token)

        await insist(send, lambda r: r.status == HTTP_ACCEPTED or r.code == "illegal_transition")

    async def until(self, holds: Callable[[Seen], bool]) -> Seen:
        """Wait for what is true from now on: what was read before does not count."""
        return await self.town.watch.until(self.reference, holds, PATIENCE_SECONDS)

    async def at_vendor(self, step: str) -> bool:
        """Do at the bank, or with the Pix code, what a person does there."""
        intent_id = self.town.watch.seen[self.reference].newest_intent
        if intent_id is None:
            return False
        status = await self.town.act(f"payment_intents/{intent_id}/{step}")
        return status == HTTP_OK

    # Each of these returns also when the rental is decided and so can come there no more.

    async def until_asked(self, attempt: int = 1) -> Seen:
        return await self.until(
            lambda seen: (
                seen.is_decided
                or (seen.payment_status == "REQUIRES_ACTION" and seen.attempt >= attempt)
            )
        )

    async def until_declined(self) -> Seen:
        return await self.until(lambda seen: seen.is_decided or seen.payment_status == "DECLINED")

    async def until_decided(self) -> Seen:
        return await self.until(lambda seen: seen.is_decided)

    async def until_confirmed(self) -> None:
        if (await self.until_decided()).rental_status != "CONFIRMED":
            raise Over

    async def until_quiet(self) -> Seen:
        """Nothing is being asked, captured, released or given back."""
        return await self.until(lambda seen: seen.is_quiet)


async def insist(send: Callable[[], Awaitable[Reply]], good: Callable[[Reply], bool]) -> Reply:
    """The same call until it is answered, as a patient browser would."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        reply = await send()
        if good(reply):
            return reply
        await asyncio.sleep(PAUSE_SECONDS)
    raise Stuck(f"no good answer: {reply.status} {reply.code}")


def card(name: str) -> dict[str, str]:
    return {"method": "card", "payment_method_id": name}
