"""A flag is turned under load, then App Configuration dies: no request fails for either.

Two workers serve. The flag ``bookings`` is turned off with Microsoft's SDK, as the portal and
``az`` do, and on again through the operators' API; each worker must follow within 30 s. Then the
store hangs up on everybody for a while, and nothing may change.
"""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import aiohttp
from azure.appconfiguration import AzureAppConfigurationClient, FeatureFlagConfigurationSetting

from infra.local.drills.verdict import Verdict
from infra.local.identity.tokens import fetch_token
from infra.local.load.renters import Renters, random_trip, rental_request
from infra.local.stack.parts import ROOT
from infra.local.stack.stack import Stack
from shared.features import Flag

LIMIT_SECONDS = 30.0  # what the design promises
PAUSE_SECONDS = 0.25
ACCEPTED, CLOSED = 202, "bookings_closed"


@dataclass
class Worker:
    """One functions process, asked to book again and again."""

    api: str
    outcomes: Counter[str] = field(default_factory=Counter)
    latest: str = ""


def run(options: Sequence[str]) -> int:
    wanted = _parser().parse_args(options)
    with Stack(environment={"OUTBOX_RELAY": "false"}) as stack:
        second = stack.start_beside("functions-2", ROOT)
        workers = [Worker(stack.addresses.api), Worker(second)]
        verdict = Verdict("flags: turned under load, and through an outage of their store")
        asyncio.run(_drill(stack, workers, verdict, wanted))
        unexpected = Counter[str]()
        for worker in workers:
            unexpected.update(worker.outcomes)
        verdict.note("bookings accepted", unexpected.pop("accepted", 0))
        verdict.note("bookings refused because of the flag", unexpected.pop(CLOSED, 0))
        verdict.require("anything else", dict(unexpected), {})
        return verdict.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py drill flags", description=__doc__)
    parser.add_argument("--outage-seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    return parser


async def _drill(
    stack: Stack, workers: list[Worker], verdict: Verdict, wanted: argparse.Namespace
) -> None:
    draw = Random(wanted.seed)  # noqa: S311 -- repeatable, no secrets
    loads = [asyncio.create_task(_book_on_and_on(worker, draw)) for worker in workers]
    try:
        await _until(workers, "accepted")
        await asyncio.to_thread(_turn_in_the_store, stack, enabled=False)
        seconds = await _until(workers, CLOSED)
        verdict.hold("off in the store: seconds to the last worker", *_within(seconds))
        await asyncio.to_thread(_turn_through_the_api, stack, workers[0].api)
        seconds = await _until(workers, "accepted")
        verdict.hold("on through the API: seconds to the last worker", *_within(seconds))
        await _fault(stack, "POST")
        before = [worker.outcomes[CLOSED] for worker in workers]
        await asyncio.sleep(wanted.outage_seconds)
        changed = [worker.outcomes[CLOSED] for worker in workers] != before
        verdict.note("seconds without a store", f"{wanted.outage_seconds:g}")
        verdict.require("a flag changed meanwhile", changed, expected=False)
        await _fault(stack, "DELETE")
        await asyncio.to_thread(_turn_in_the_store, stack, enabled=False)
        seconds = await _until(workers, CLOSED)
        verdict.hold("off after the outage: seconds to the last worker", *_within(seconds))
    finally:
        for load in loads:
            load.cancel()
        await asyncio.gather(*loads, return_exceptions=True)


def _within(seconds: float) -> tuple[str, str, Any]:
    return f"{seconds:.1f}", f"≤ {LIMIT_SECONDS:g}", lambda found: float(found) <= LIMIT_SECONDS


async def _until(workers: list[Worker], outcome: str) -> float:
    """How long until every worker answers so, and goes on to: its next answers count too."""
    began = time.monotonic()
    while any(worker.latest != outcome for worker in workers):
        if time.monotonic() - began > 2 * LIMIT_SECONDS:
            break
        await asyncio.sleep(PAUSE_SECONDS / 2)
    return time.monotonic() - began


async def _book_on_and_on(worker: Worker, draw: Random) -> None:
    async with Renters(worker.api) as client:
        branches = await client.airports()
        while True:
            branch = draw.choice(branches)
            trip = random_trip(draw, branch, [branch], "", weeks_ahead=draw.randrange(2, 40))
            offers = await client.try_offers(trip)
            if offers is None:
                worker.outcomes["a search that failed"] += 1
                continue
            if offers:
                body = rental_request(next(iter(offers.values())))
                reply = await client.book(str(UUID(int=draw.getrandbits(128))), body)
                accepted = reply.status == ACCEPTED
                worker.latest = "accepted" if accepted else reply.code or f"HTTP {reply.status}"
                worker.outcomes[worker.latest] += 1
            await asyncio.sleep(PAUSE_SECONDS)


def _turn_in_the_store(stack: Stack, *, enabled: bool) -> None:
    connection = stack.environment["APP_CONFIGURATION_CONNECTION_STRING"]
    with AzureAppConfigurationClient.from_connection_string(connection) as client:
        flag = client.get_configuration_setting(f".appconfig.featureflag/{Flag.BOOKINGS}")
        if not isinstance(flag, FeatureFlagConfigurationSetting):
            raise TypeError("the store answered something that is no flag")
        flag.enabled = enabled
        client.set_configuration_setting(flag)


def _turn_through_the_api(stack: Stack, api: str) -> None:
    token = fetch_token(stack.addresses.issuer, roles=["operator"], branches=[], subject=None)
    asyncio.run(_put(f"{api}/operator/features/{Flag.BOOKINGS}", token))


async def _put(url: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.put(url, json={"enabled": True}, headers=headers) as answer,
    ):
        answer.raise_for_status()


async def _fault(stack: Stack, method: str) -> None:
    """``POST``: the store hangs up on everybody; ``DELETE``: it is back."""
    url = f"{stack.addresses.appconfiguration}/_control/faults"
    fault = {"kind": "close", "times": None} if method == "POST" else None
    async with aiohttp.ClientSession() as session, session.request(method, url, json=fault) as done:
        done.raise_for_status()
