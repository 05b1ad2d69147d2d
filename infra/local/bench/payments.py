"""Messages per second from payment-requests: PaymentProcess against the local queue alone.

The same loop takes the same messages in turns, as the Functions host does (16 at a time, the next
batch when 8 are left): now it only deletes them, which is what the queue (Azurite) and its SDK
allow, now PaymentProcess charges each before, with everything that it does in Azure: validation,
span, flag, limit by card, transactions. Left out is what is no part of receive and delete: the
vendor answers at once (unless ``--vendor stripe`` asks for the stand-in, a program on the same
cores), and the answers wait in the outbox for the sweep, which is timed by itself.

A busy machine changes rates, and a little the CPU time of this process, which is printed beside.
"""

import argparse
import asyncio
import importlib
import os
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, LiteralString
from uuid import uuid4

import psycopg

from infra.local.stack.stack import Stack
from payment_process import function
from payment_process.domain import Intent, IntentStatus, Payment
from payment_process.payer.domain import Payer
from payment_process.stripe_gateway import close_stripe
from shared import outbox, queues
from shared.contracts.messages import (
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
SETTLING_SECONDS = 0.2
ONE_CARD = "pm_card_visa"
ROUNDS = 4
CAPTURED = "SELECT count(*) FROM payment.payment WHERE status = 'CAPTURED'"
COMMITS = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
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


@dataclass(slots=True)
class Spent:
    """Of one side, over all rounds: by the clock, and of this process's CPU."""

    messages: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    @property
    def rate(self) -> float:
        return self.messages / self.seconds

    def line(self, name: str) -> str:
        cpu = self.cpu_seconds / self.messages * 1000
        return f"  {name:21}{self.rate:7.1f}/s   {cpu:5.2f} ms of CPU each"


@dataclass(slots=True)
class Taken:
    """Both sides, and the sending of the answers, which is neither's."""

    alone: Spent = field(default_factory=Spent)
    paying: Spent = field(default_factory=Spent)
    answers: int = 0
    sending_seconds: float = 0.0
    commits: int = 0

    @property
    def ratio(self) -> float:
        return self.paying.rate / self.alone.rate


def run(options: Sequence[str]) -> int:
    wanted = _parser().parse_args(options)
    # Tries are counted as in Azure; one card pays all where the stand-in is asked.
    environment = {"TELEMETRY_BACKEND": "none", "OUTBOX_RELAY": "false"}
    environment |= {"LIMIT_CARD_PER_HOUR": "1000000"}
    parts = ("postgres", "queue", "standins")
    with Stack(parts=parts, seed=False, environment=environment) as stack:
        os.environ.update(stack.environment)  # the code under test runs in this process
        importlib.import_module("function_app")  # it tunes the collector for the process
        if wanted.vendor == "instant":
            _replace(function, "StripeGateway", InstantVendor)
        try:
            measuring = _measure(wanted, stack.database_url)
            taken = asyncio.run(asyncio.wait_for(measuring, wanted.seconds))
        except TimeoutError:
            print(f"payments: not done in {wanted.seconds} s", file=sys.stderr)
            return 1
        captured = _read(stack.database_url, CAPTURED)
    print(f"payments: {wanted.count} messages, {captured} captured, vendor: {wanted.vendor}")
    print(taken.alone.line("the queue alone"))
    print(taken.paying.line("with PaymentProcess"))
    print(f"  ratio                {taken.ratio:7.2f}     (goal ≥ {GOAL})")
    print(
        f"  transactions each    {taken.commits / captured:7.2f}     (3 for one that comes alone)"
    )
    print(f"  answers sent         {taken.answers / taken.sending_seconds:7.1f}/s")
    if captured != wanted.count:
        return 1
    return 0 if taken.ratio >= GOAL or not wanted.strict else 1


def _read(database_url: str, question: LiteralString) -> int:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(question).fetchone()
    return 0 if row is None else int(row[0])


def _replace(owner: Any, name: str, by: Any) -> None:
    setattr(owner, name, by)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py bench payments", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="more than 100 say something")
    parser.add_argument("--vendor", choices=("instant", "stripe"), default="instant")
    parser.add_argument("--seconds", type=float, default=900, help="give up after so long")
    parser.add_argument("--strict", action="store_true", help="fail below the goal")
    return parser


async def _measure(wanted: argparse.Namespace, database_url: str) -> Taken:
    taken = Taken()
    before = await asyncio.to_thread(_read, database_url, COMMITS)
    card = None if wanted.vendor == "instant" else ONE_CARD
    await _fill(WARM_UP, card)
    await _drain(WARM_UP, _charge, Spent())  # connections are opened, secrets and flags read
    for number in range(ROUNDS):  # in turns: what else the machine does falls on both
        count = _share(wanted.count - WARM_UP, number)
        await _fill(count, card)
        await _drain(count, _nothing, taken.alone)
        await _fill(count, card)
        await _drain(count, _charge, taken.paying)
    await close_pools()  # PostgreSQL counts what a session did when it ends
    await asyncio.sleep(SETTLING_SECONDS)
    taken.commits = await asyncio.to_thread(_read, database_url, COMMITS) - before
    await asyncio.to_thread(_end_leases, database_url)
    began = time.perf_counter()
    taken.answers = await outbox.sweep("payment")
    taken.sending_seconds = time.perf_counter() - began
    for close in (close_stripe, queues.close_queues, close_features, close_secrets, close_pools):
        await close()
    return taken


def _share(count: int, number: int) -> int:
    """Of ``count``, the part of one round."""
    return count * (number + 1) // ROUNDS - count * number // ROUNDS


def _end_leases(database_url: str) -> None:
    """The writer's own relay is off: the sweep need not wait for it."""
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE payment.outbox SET claimed_until = now()")


async def _fill(count: int, card: str | None) -> None:
    limit = asyncio.Semaphore(SENDERS)

    async def send() -> None:
        async with limit:
            await queues.send(PAYMENT_REQUESTS, _request(card).model_dump_json(exclude_none=True))

    await asyncio.gather(*(send() for _ in range(count)))


def _request(card: str | None) -> PaymentRequestedV1:
    return PaymentRequestedV1(
        rental_id=uuid4(),
        reference="7K3MZQ2A",
        attempt=1,
        amount=Money(amount=33_600, currency="BRL"),
        method=PaymentMethod.CARD,
        payment_method_id=card or f"pm_{uuid4().hex}",
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )


async def _nothing(_body: bytes) -> None:
    return


async def _charge(body: bytes) -> None:
    await function.take(body, 1)


async def _drain(count: int, handle: Handle, spent: Spent) -> None:
    """Until ``count`` messages are handled and deleted."""
    from azure.storage.queue import TextBase64DecodePolicy  # noqa: PLC0415 -- slow to import
    from azure.storage.queue.aio import QueueClient  # noqa: PLC0415 -- likewise

    client = QueueClient.from_connection_string(
        os.environ["RentalQueue"],  # noqa: SIM112 -- the binding's name
        PAYMENT_REQUESTS,
        message_decode_policy=TextBase64DecodePolicy(),
    )
    running: set[asyncio.Task[None]] = set()
    done = 0
    began, cpu_began = time.perf_counter(), time.process_time()
    async with client:
        while done < count:
            batch = await _receive(client)
            running |= {asyncio.create_task(_settle(client, each, handle)) for each in batch}
            while len(running) > (NEW_BATCH_AT if batch else 0):
                finished, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                done += sum(task.result() is None for task in finished)
    spent.messages += count
    spent.seconds += time.perf_counter() - began
    spent.cpu_seconds += time.process_time() - cpu_began


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
