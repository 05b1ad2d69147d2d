"""Renters of every kind, who try again until they are answered: the load of the crash drill."""

import asyncio
import time
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from infra.local.load.renters import Renters, Reply, Trip, random_trip, rental_request

PAUSE_SECONDS = 0.3
PATIENCE_SECONDS = 300  # far longer than any run of kills keeps the system from answering
# What a renter pays with, how many in a hundred do, and what they do when it is declined.
CARDS = {
    "pm_card_visa": 55,
    "pm_card_mastercard": 15,
    "pm_card_chargeDeclinedInsufficientFunds": 20,  # half of them try again with a good card
    "pm_card_threeDSecure2Required": 10,  # and the renter never comes back from the bank's page
}


@dataclass
class Crowd:
    """What it was told; the stores are judged against it."""

    accepted: dict[str, str] = field(default_factory=dict)  # reference by key
    refused: int = 0
    unanswered: int = 0  # calls that a crash cut off, or a 5xx; each was sent again
    retried: int = 0
    given_up: int = 0


async def rent(
    client: Renters, branches: list[str], crowd: Crowd, renters: int, draw: Random, seconds: float
) -> None:
    """Let ``renters`` come one after the other over ``seconds``, each until they are answered."""
    async with asyncio.TaskGroup() as tasks:
        for _ in range(renters):
            branch = draw.choice(branches)
            trip = random_trip(draw, branch, [branch], "", weeks_ahead=draw.randrange(2, 20))
            card = draw.choices(list(CARDS), list(CARDS.values()))[0]
            key = str(UUID(int=draw.getrandbits(128)))
            again = draw.random() < 0.5  # noqa: PLR2004 -- half of them, as said above
            tasks.create_task(_rent_one(client, crowd, trip, card, key, again=again))
            await asyncio.sleep(draw.uniform(0, 2 * seconds / renters))


async def _rent_one(
    client: Renters, crowd: Crowd, trip: Trip, card: str, key: str, *, again: bool
) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    offers = await _until_found(client, crowd, trip, deadline)
    if not offers:
        crowd.refused += 1
        return
    body = rental_request(offers.get("ECMR") or next(iter(offers.values())), card)
    reply = await _until_answered(client, crowd, "/rentals", key, body, deadline)
    if reply.status != 202:  # noqa: PLR2004 -- HTTP
        crowd.given_up += reply.status in (0, 503)
        crowd.refused += reply.status not in (0, 503)
        return
    crowd.accepted[key] = reply.body["reference"]
    if again and "Declined" in card:
        await _pay_again(client, crowd, reply, key, deadline)


async def _until_found(
    client: Renters, crowd: Crowd, trip: Trip, deadline: float
) -> dict[str, str]:
    while time.monotonic() < deadline:
        found = await client.try_offers(trip)
        if found is not None:
            return found
        crowd.unanswered += 1
        await asyncio.sleep(PAUSE_SECONDS)
    return {}


async def _until_answered(
    client: Renters, crowd: Crowd, path: str, key: str, body: dict[str, object], deadline: float
) -> Reply:
    """The same key and body until there is an answer, as a patient browser would."""
    reply = await client.post(path, key, body)
    while (reply.status == 0 or reply.status >= 500) and time.monotonic() < deadline:  # noqa: PLR2004 -- HTTP
        crowd.unanswered += 1
        await asyncio.sleep(PAUSE_SECONDS)
        reply = await client.post(path, key, body)
    return reply


async def _pay_again(
    client: Renters, crowd: Crowd, booked: Reply, key: str, deadline: float
) -> None:
    """Wait for the decline, then use another card; the hold may end before."""
    reference, token = booked.body["reference"], booked.body["manage_token"]
    choice = {"method": "card", "payment_method_id": "pm_card_visa"}
    while time.monotonic() < deadline:
        reply = await client.post(f"/rentals/{reference}/payment", f"{key}-2", choice, token)
        if reply.status == 202:  # noqa: PLR2004 -- HTTP
            crowd.retried += 1
        if reply.status == 202 or reply.code == "not_payable":  # noqa: PLR2004 -- HTTP
            return
        await asyncio.sleep(PAUSE_SECONDS)
