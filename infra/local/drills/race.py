"""500 concurrent requests for a class with 5 cars: nothing oversold, nothing refused in vain.

Then, for a minute, bookings, changes, cancellations and supply changes meet on the same hours
(``storm.py``).
The judge is a sweep over the rentals in SQL (``judge.sql``) that does not look at the calendar.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import psycopg

from infra.local.drills import storm
from infra.local.drills.judge import Judge
from infra.local.drills.verdict import Verdict
from infra.local.identity.tokens import fetch_token
from infra.local.load.renters import Renters, Reply, Trip, random_trip, rental_request
from infra.local.stack.stack import Stack

BRANCH, CAR_CLASS = "GRU", "ECMR"
RETURNS = [BRANCH] * 4 + ["GIG"]  # every fifth trip is a one-way
SAME_KEY = 50
STORM = 64  # who act at the same time
SEARCHES_AT_ONCE = 8
# Bookings alone: what follows a booking has a drill of its own.
NO_CONSUMERS = {
    f"AzureWebJobs.{name}.Disabled": "1"
    for name in (
        "EmailNotification", "EmailNotificationPoison", "PaymentProcess", "PaymentProcessPoison",
        "PaymentProcessTimer", "RentProcessPaymentResults", "RentProcessPaymentResultsPoison",
        "RentProcessTimer",
    )
}  # fmt: skip
ENVIRONMENT = {**NO_CONSUMERS, "OUTBOX_RELAY": "false"}
PARTS = ("postgres", "standins", "functions")


@dataclass
class Race:
    """What was sent and what came back."""

    trips: list[Trip]
    replies: list[Reply] = field(default_factory=list)
    same_key: list[Reply] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0


def run(options: Sequence[str]) -> int:
    wanted = _parser().parse_args(options)
    with Stack(parts=(*PARTS, "identity"), environment=ENVIRONMENT) as stack:
        set_supply(stack.database_url, wanted.cars)
        draw = Random(wanted.seed)  # noqa: S311 -- repeatable trips, no secrets
        trips = [random_trip(draw, BRANCH, RETURNS, CAR_CLASS) for _ in range(wanted.requests)]
        race = Race(trips)
        asyncio.run(_send_all(stack.addresses.api, race, wanted.in_flight, wanted.seed))
        with Judge(stack.database_url) as judge:
            verdict = _judge(race, judge, wanted)
            if wanted.seconds > 0:
                _storm(stack, judge, verdict, wanted)
            return verdict.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py drill race", description=__doc__)
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--in-flight", type=int, default=96, help="requests at once")
    parser.add_argument("--seconds", type=float, default=60, help="of the storm; 0: none")
    parser.add_argument("--cars", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same trips")
    return parser


def _storm(stack: Stack, judge: Judge, verdict: Verdict, wanted: argparse.Namespace) -> None:
    token = fetch_token(stack.addresses.issuer, roles=["operator"])
    unlisted = judge.rows("unlisted")
    raged = storm.rage(
        stack.addresses.api, token, in_flight=STORM, seconds=wanted.seconds, seed=wanted.seed
    )
    storm.judge_storm(asyncio.run(raged), judge, verdict, STORM, unlisted)


def set_supply(database_url: str, cars: int) -> None:
    """Give every class everywhere this many cars, before anything is sold."""
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE rent.class_supply SET supply = %s", [cars])
        connection.execute(
            "UPDATE rent.class_calendar SET free = array_fill(%s::smallint, ARRAY[384])", [cars]
        )


async def _send_all(api: str, race: Race, in_flight: int, seed: int) -> None:
    async with Renters(api) as renters:
        offers = await _search(renters, race.trips)
        limit = asyncio.Semaphore(in_flight)

        async def send(key: str, offer: str) -> Reply:
            async with limit:
                race.in_flight += 1
                race.most_in_flight = max(race.most_in_flight, race.in_flight)
                try:
                    return await renters.book(key, rental_request(offer))
                finally:
                    race.in_flight -= 1

        keys = Random(seed)  # noqa: S311 -- as above
        race.replies = await asyncio.gather(
            *(send(str(UUID(int=keys.getrandbits(128))), offer) for offer in offers)
        )
        # Another class, not sold yet, so that the key's own race is what decides.
        [other] = await _search(renters, race.trips[:1], "CDAR")
        race.same_key = await asyncio.gather(*(send("the same", other) for _ in range(SAME_KEY)))


async def _search(renters: Renters, trips: list[Trip], car_class: str = CAR_CLASS) -> list[str]:
    limit = asyncio.Semaphore(SEARCHES_AT_ONCE)

    async def search(trip: Trip) -> str:
        async with limit:
            return (await renters.offers(trip))[car_class]

    return await asyncio.gather(*(search(trip) for trip in trips))


def _judge(race: Race, judge: Judge, wanted: argparse.Namespace) -> Verdict:
    outcomes = Counter((reply.status, reply.code) for reply in race.replies)
    accepted = outcomes[202, ""]
    refused = [
        trip
        for trip, reply in zip(race.trips, race.replies, strict=True)
        if reply.code == "car_unavailable"
    ]
    references = {reply.body.get("reference") for reply in race.same_key}
    failed = [reply.status for reply in race.replies + race.same_key if reply.status >= 500]  # noqa: PLR2004 -- HTTP
    verdict = Verdict(f"race: {wanted.requests} bookings of a class with {wanted.cars} cars")
    enough = min(64, wanted.in_flight, wanted.requests)
    verdict.hold(
        "most in flight at once", race.most_in_flight, f"≥ {enough}", lambda n: n >= enough
    )
    verdict.note("accepted (202)", accepted)
    verdict.note("refused, sold out (409)", len(refused))
    verdict.require("answered otherwise", len(race.replies) - accepted - len(refused), 0)
    verdict.require("answers 5xx", len(failed), 0)
    verdict.require("rentals stored, beside the same key's", judge.ask("rentals") - 1, accepted)
    verdict.require("messages in the outbox", judge.ask("payment_requests"), accepted + 1)
    verdict.require("busiest hour, cars out (sweep)", judge.ask("busiest"), wanted.cars)
    verdict.require("hours above supply (sweep)", judge.ask("oversold"), 0)
    verdict.require("refused though every hour had a car", judge.refused_though_free(refused), 0)
    verdict.require("hours where calendar and rentals differ", judge.ask("calendar_disagrees"), 0)
    verdict.require(
        f"one key sent {SAME_KEY} times: rentals", judge.ask("rentals_of_key", key="the same"), 1
    )
    verdict.require("… answers that name that rental", _accepted(race.same_key), SAME_KEY)
    verdict.require("… references in them", len(references), 1)
    return verdict


def _accepted(replies: list[Reply]) -> int:
    return sum(reply.status == 202 for reply in replies)  # noqa: PLR2004 -- HTTP
