"""The two loads of the booking benchmark, each as bodies for our API and for the bare endpoint."""

import asyncio
import json
from dataclasses import dataclass
from random import Random
from typing import Any

import jwt

from infra.local.drills.race import set_supply
from infra.local.load.renters import Renters, Trip, random_trip, rental_request
from infra.local.stack.stack import Stack

PLENTY = 30_000  # cars of each class: nothing sells out while it is measured
SEARCHES_AT_ONCE = 4
HOT_BRANCH, HOT_CLASS = "GRU", "ECMR"


@dataclass(frozen=True, slots=True)
class Load:
    """Bodies by endpoint; ``terms`` of one offer stand for all in pgbench."""

    name: str
    ours: list[bytes]
    bare: list[bytes]
    terms: list[dict[str, Any]]


def prepare_loads(stack: Stack, searches: int) -> list[Load]:
    """``spread``: all branches, classes and eight weeks; ``hot``: one class in one fortnight."""
    set_supply(stack.database_url, PLENTY)
    return asyncio.run(_prepare(stack.addresses.api, searches))


async def _prepare(api: str, searches: int) -> list[Load]:
    draw = Random(7)  # noqa: S311 -- the same load every time, no secrets
    async with Renters(api) as renters:
        branches = await renters.airports()
        spread = [
            random_trip(draw, branch, [branch], "", weeks_ahead=draw.randrange(2, 10))
            for branch in (draw.choice(branches) for _ in range(searches))
        ]
        hot = [random_trip(draw, HOT_BRANCH, [HOT_BRANCH], "") for _ in range(searches)]
        return [
            _load("spread", [o for each in await _search(renters, spread) for o in each.values()]),
            _load("hot", [each[HOT_CLASS] for each in await _search(renters, hot)]),
        ]


async def _search(renters: Renters, trips: list[Trip]) -> list[dict[str, str]]:
    limit = asyncio.Semaphore(SEARCHES_AT_ONCE)

    async def search(trip: Trip) -> dict[str, str]:
        async with limit:
            return await renters.offers(trip)

    return await asyncio.gather(*(search(trip) for trip in trips))


def _load(name: str, offers: list[str]) -> Load:
    Random(7).shuffle(offers)  # noqa: S311 -- neighbours must not share a branch
    terms = [jwt.decode(o, options={"verify_signature": False})["terms"] for o in offers]
    ours = [json.dumps(rental_request(offer)).encode() for offer in offers]
    bare = [_bare_body(each, len(body)) for each, body in zip(terms, ours, strict=True)]
    return Load(name, ours, bare, terms)


def stored(terms: dict[str, Any]) -> dict[str, Any]:
    """What our code stores of an offer, as the bare endpoint's body names it."""
    total = sum(line["amount"]["amount"] for line in terms["lines"])
    price = {"lines": terms["lines"], "total": {"amount": total, "currency": terms["currency"]}}
    same = ("pickup_branch", "return_branch", "class_code", "pickup_at", "return_at", "from_hour",
            "to_hour", "currency")  # fmt: skip
    return {name: terms[name] for name in same} | {
        "driver": json.dumps(rental_request("")["driver"]),
        "driver_age": 36,
        "price": json.dumps(price),
        "total_minor": total,
        "deposit_minor": terms["deposit"]["amount"],
        "cancellation_policy": json.dumps(terms["cancellation_policy"]),
        "payment_method_id": "pm_card_visa",
        "locale": "pt-BR",
    }


def _bare_body(terms: dict[str, Any], size: int) -> bytes:
    """As long as our body for the same offer."""
    body = stored(terms) | {"filling": ""}
    missing = size - len(json.dumps(body).encode())
    return json.dumps(body | {"filling": "x" * max(missing, 0)}).encode()
