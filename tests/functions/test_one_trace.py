"""One rental, one trace: every hop from the click to the e-mail, under both telemetry backends."""

import asyncio
import time
from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import pytest

from infra.local.load.renters import Renters, random_trip, rental_request
from infra.local.stack.stack import Stack

PATIENCE_SECONDS = 60
# Each hop and the hop that caused it. A name stands for every item whose name begins with it.
CAUSES = {
    "RentProcess POST": "POST /api/rentals",
    "PaymentProcess": "RentProcess POST",
    "payment_intents.create": "PaymentProcess",
    "payment_intents.confirm": "PaymentProcess",
    "PaymentWebhook": "RentProcess POST",
    "payment_intents.retrieve": "PaymentWebhook",
    "PaymentResult": "Payment",  # the worker or the webhook, whichever saw it first
    "EmailNotification": "PaymentResult",
    "send e-mail": "EmailNotification",
}


@pytest.fixture(params=["opencensus", "opentelemetry"])
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    environment = {"TELEMETRY_BACKEND": request.param}
    with Stack(environment=environment) as running:
        yield running


async def book(stack: Stack) -> None:
    async with Renters(stack.addresses.api) as renters:
        branch, *_ = await renters.airports()
        trip = random_trip(Random(1), branch, [branch], "ECMR")
        offers = await renters.offers(trip)
        reply = await renters.book("one-trace", rental_request(offers["ECMR"]))
    assert reply.status == 202, reply


def items_of(stack: Stack, **query: str) -> list[dict[str, Any]]:
    url = f"{stack.addresses.appinsights}/_control/envelopes"
    found: list[dict[str, Any]] = httpx.get(url, params=query).json()["envelopes"]
    return found


def wait_for(stack: Stack, name: str) -> dict[str, Any]:
    """The item of this name, once it has been told."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        for item in items_of(stack):
            if name_of(item) == name:
                return item
        assert time.monotonic() < deadline, f"{name} was not told of"
        time.sleep(0.2)


def timed(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Requests and dependencies by their id."""
    kinds = ("RequestData", "RemoteDependencyData")
    return {
        each["data"]["baseData"]["id"]: each for each in items if each["data"]["baseType"] in kinds
    }


def test_every_hop_of_a_rental_is_in_one_trace(stack: Stack) -> None:
    asyncio.run(book(stack))
    last = wait_for(stack, "EmailNotification")
    wait_for(stack, "PaymentWebhook")
    operation_id = last["tags"]["ai.operation.id"]
    rental_id = last["data"]["baseData"]["properties"]["rental_id"]
    items = timed(items_of(stack, operation_id=operation_id))
    for name, cause in CAUSES.items():
        found = [each for each in items.values() if name_of(each).startswith(name)]
        assert found, f"{name} is not in the trace: {sorted(map(name_of, items.values()))}"
        for item in found:
            parent = items.get(item["tags"]["ai.operation.parentId"])
            assert parent is not None, f"{name} has no parent"
            assert name_of(parent).startswith(cause), f"{name} stands below {name_of(parent)}"
            assert parent["time"] <= item["time"], f"{name} came before its cause"
    assert {each["data"]["baseData"]["properties"]["rental_id"] for each in items.values()} == {
        rental_id
    }


def name_of(item: dict[str, Any]) -> str:
    return str(item["data"]["baseData"].get("name"))
