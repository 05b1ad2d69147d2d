"""Messages per second from payment-requests: PaymentProcess against the local queue alone.

The same loop takes the same messages twice, as the Functions host does (16 at a time, the next
batch when 8 are left): once it only deletes them, which is what the queue (Azurite) and its SDK
allow; once PaymentProcess charges each before. The answers wait in the outbox meanwhile, and the
sweep that sends them is timed by itself: a send is no part of receive and delete. The vendor
answers at once, unless ``--vendor stripe`` asks for the stand-in, a program on the same cores.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg

from infra.local.stack.stack import Stack
from payment_process import function
from payment_process.domain import Intent, IntentStatus, Payment
from payment_process.payer.domain import Payer
from payment_process.stripe_gateway import close_stripe
from shared import outbox, queues
from shared.contracts.messages import (
    PAYMENT_REQUEST,
    PAYMENT_REQUESTS,
    PaymentMethod,
    PaymentRequestedV1,
)
from shared.contracts.money import Money
from shared.database import close_pools
from shared.features import close_features
from shared.secrets import close_secrets

if TYPE_CHECKING:
    from azure.storage.queue import QueueMessage
    from azure.storage.queue.aio import QueueClient

GOAL = 0.7
BATCH, NEW_BATCH_AT = 16, 8  # host.json
SENDERS = 16
LEASE_SECONDS = 600
WARM_UP = 32
CAPTURED = "SELECT count(*) FROM payment.payment WHERE status = 'CAPTURED'"
Handle = Callable[[bytes], Awaitable[None]]


class InstantVendor:
    """Stripe without its time: every intent succeeds, nothing is remembered."""

    async def card_fingerprint(self, payment: Payment) -> str | None:
        return payment.payment_method_id

    async def create_intent(self, payment: Payment) -> Intent:
        return Intent(f"pi_{payment.payment_id.hex}", IntentStatus.REQUIRES_PAYMENT_METHOD)

    async def confirm(self, payment: Payment, _payer: Payer | None = None) -> Intent:
        intent_id = payment.intent_id or ""
        return Intent(intent_id, IntentStatus.SUCCEEDED, received_minor=payment.amount_minor)


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds: for the queue alone, with PaymentProcess, and for so many answers."""

    alone: float
    paying: float
    answers: int
    sending: float

    @property
    def ratio(self) -> float:
        return self.alone / self.paying


def run(options: Sequence[str]) -> int:
    wanted = _parser().parse_args(options)
    environment = {"TELEMETRY_BACKEND": "none", "OUTBOX_RELAY": "false"}
    parts = ("postgres", "queue", "standins")
    with Stack(parts=parts, seed=False, environment=environment) as stack:
        os.environ.update(stack.environment)  # the code under test runs in this process
        if wanted.vendor == "instant":
            _replace(function, "StripeGateway", InstantVendor)
        try:
            measuring = _measure(wanted.count, stack.database_url)
            taken = asyncio.run(asyncio.wait_for(measuring, wanted.seconds))
        except TimeoutError:
            print(f"payments: not done in {wanted.seconds} s", file=sys.stderr)
            return 1
        with psycopg.connect(stack.database_url) as connection:
            row = connection.execute(CAPTURED).fetchone()
    captured = 0 if row is None else int(row[0])
    print(f"payments: {wanted.count} messages, {captured} captured, vendor: {wanted.vendor}")
    print(f"  the queue alone      {wanted.count / taken.alone:7.1f}/s")
    print(f"  with PaymentProcess  {wanted.count / taken.paying:7.1f}/s")
    print(f"  ratio                {taken.ratio:7.2f}    (goal ≥ {GOAL})")
    print(f"  answers sent         {taken.answers / taken.sending:7.1f}/s")
    if captured != wanted.count:
        return 1
    return 0 if taken.ratio >= GOAL or not wanted.strict else 1


def _replace(owner: Any, name: str, by: Any) -> None:
    setattr(owner, name, by)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py bench payments", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="more than 100 say something")
    parser.add_argument("--vendor", choices=("instant", "stripe"), default="instant")
    parser.add_argument("--seconds", type=float, default=900, help="give up after so long")
    parser.add_argument("--strict", action="store_true", help="fail below the goal")
    return parser


async def _measure(count: int, database_url: str) -> Taken:
    await _fill(WARM_UP)
    await _drain(WARM_UP, _charge)  # connections are opened, secrets and flags read
    halves = (count - WARM_UP) // 2, count - WARM_UP - (count - WARM_UP) // 2
    alone = paying = 0.0
    for half in halves:  # in turns: what else the machine does falls on both
        await _fill(half)
        alone += await _drain(half, _nothing)
        await _fill(half)
        paying += await _drain(half, _charge)
    await asyncio.to_thread(_end_leases, database_url)
    began = time.perf_counter()
    answers = await outbox.sweep("payment")
    sending = time.perf_counter() - began
    for close in (close_stripe, queues.close_queues, close_features, close_secrets, close_pools):
        await close()
    share = count / (count - WARM_UP)
    return Taken(alone * share, paying * share, answers, sending)


def _end_leases(database_url: str) -> None:
    """The writer's own relay is off: the sweep need not wait for it."""
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE payment.outbox SET claimed_until = now()")


async def _fill(count: int) -> None:
    limit = asyncio.Semaphore(SENDERS)

    async def send() -> None:
        async with limit:
            await queues.send(PAYMENT_REQUESTS, _request().model_dump_json(exclude_none=True))

    await asyncio.gather(*(send() for _ in range(count)))


def _request() -> PaymentRequestedV1:
    return PaymentRequestedV1(
        rental_id=uuid4(),
        reference="7K3MZQ2A",
        attempt=1,
        amount=Money(amount=33_600, currency="BRL"),
        method=PaymentMethod.CARD,
        payment_method_id="pm_card_visa",
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )


async def _nothing(_body: bytes) -> None:
    return


async def _charge(body: bytes) -> None:
    await function.handle(PAYMENT_REQUEST.validate_json(body))


async def _drain(count: int, handle: Handle) -> float:
    """Seconds until ``count`` messages are handled and deleted."""
    from azure.storage.queue import TextBase64DecodePolicy  # noqa: PLC0415 -- slow to import
    from azure.storage.queue.aio import QueueClient  # noqa: PLC0415 -- likewise

    client = QueueClient.from_connection_string(
        os.environ["RentalQueue"],  # noqa: SIM112 -- the binding's name
        PAYMENT_REQUESTS,
        message_decode_policy=TextBase64DecodePolicy(),
    )
    running: set[asyncio.Task[None]] = set()
    done = 0
    began = time.perf_counter()
    async with client:
        while done < count:
            batch = await _receive(client)
            running |= {asyncio.create_task(_settle(client, each, handle)) for each in batch}
            while len(running) > (NEW_BATCH_AT if batch else 0):
                finished, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                done += sum(task.result() is None for task in finished)
    return time.perf_counter() - began


async def _receive(client: "QueueClient") -> list["QueueMessage"]:
    pages = client.receive_messages(
        messages_per_page=BATCH, visibility_timeout=LEASE_SECONDS
    ).by_page()
    try:
        return [message async for message in await anext(pages)]
    except StopAsyncIteration:
        return []


async def _settle(client: "QueueClient", message: "QueueMessage", handle: Handle) -> None:
    await handle(message.content.encode())
    await client.delete_message(message)
