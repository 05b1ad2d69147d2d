"""Loaded into the functions' host by a drill: puts crash points around every seam.

The seams are the drivers, not the product: PostgreSQL's commits, the queue's send, receive and
delete, the vendor's HTTP calls. So a step that is added tomorrow has its points tomorrow. Waits
that are long for good reason in production are shortened here, too, and named in ``WAITS``.
"""

import importlib
import os
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
import stripe
from azure.storage.queue.aio import QueueClient

from infra.local.drills.crash_points import DELIVERIES, FOLDER_VARIABLE, CrashPoints, rental
from infra.local.drills.rebirth import live_again_and_again
from infra.local.drills.steps import (
    decoded,
    describe_call,
    describe_message,
    describe_write,
    main_step,
    purposes_of,
)
from infra.local.host import queue_listener, queue_messages
from infra.local.host.configuration import QueueOptions
from payment_process.deposits import domain as deposits

# module attribute -> seconds under the drill
WAITS: dict[str, float] = {
    "shared.outbox.LEASE_SECONDS": 4,
    "payment_process.service.QUIET_SECONDS": 3,
    "payment_process.refunding.service.QUIET_SECONDS": 3,
    "email_notification.service.LEASE_SECONDS": 5,
}
# A card that is authorised for a week is asked again after this long, and not after six days.
RENEW_AFTER_SECONDS = 6
WEEK = timedelta(days=7)
REDELIVERY_SECONDS = 2  # host.json's visibilityTimeout: a message that failed comes back after it
REORDER_SECONDS = 3  # messages are held back by up to this long
LATER = ("DEPOSIT", "ADDITIONAL")  # how messages about later payments are named
EMAIL = "email"  # EmailNotification has a drill of its own: its steps are left alone
live_again_and_again()
points = CrashPoints(Path(os.environ[FOLDER_VARIABLE]))
Steps = list[tuple[str, str | None]]  # each with its rental, where that is known
_transactions: "WeakKeyDictionary[psycopg.AsyncConnection[Any], Steps]" = WeakKeyDictionary()


def install() -> None:
    _change_limits()
    _wrap_database()
    _wrap_queues()
    _wrap_vendor()


def _change_limits() -> None:
    for name, seconds in WAITS.items():
        module, _, attribute = name.rpartition(".")
        setattr(importlib.import_module(module), attribute, seconds)
    deposits.RENEW_BEFORE = WEEK - timedelta(seconds=RENEW_AFTER_SECONDS)
    release = queue_messages.Lease.release

    async def release_sooner(self: queue_messages.Lease, seconds: float) -> None:
        await release(self, min(seconds, REDELIVERY_SECONDS))

    _replace(queue_messages.Lease, "release", release_sooner)
    start = queue_listener.QueueListener.__init__

    def start_patiently(self: Any, function: Any, options: QueueOptions, invoker: Any) -> None:
        start(self, function, replace(options, max_dequeue_count=DELIVERIES), invoker)

    _replace(queue_listener.QueueListener, "__init__", start_patiently)


# Commits


def _wrap_database() -> None:
    execute, transaction = psycopg.AsyncConnection.execute, psycopg.AsyncConnection.transaction

    async def execute_at_points(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        step = None if self.info.user == EMAIL else describe_write(str(query), params)
        if step is None:
            return await execute(self, query, params, **options)
        about = _rental_of(params)
        _purposes.update(purposes_of(params))
        if self in _transactions:
            _transactions[self].append((step, about))
            if about:
                rental.set(about)
            return await execute(self, query, params, **options)
        points.arrive(f"before commit {step}", about)
        cursor = await execute(self, query, params, **options)
        points.arrive(f"after commit {step}", about)
        return cursor

    @asynccontextmanager
    async def transaction_at_points(self: Any, *given: Any, **options: Any) -> AsyncIterator[Any]:
        steps: Steps = []
        _transactions[self] = steps
        try:
            async with transaction(self, *given, **options) as opened:
                yield opened
                _arrive_at_commit("before", steps)
        finally:
            del _transactions[self]
        _arrive_at_commit("after", steps)

    _replace(psycopg.AsyncConnection, "execute", execute_at_points)
    _replace(psycopg.AsyncConnection, "transaction", transaction_at_points)


def _arrive_at_commit(when: str, steps: Steps) -> None:
    """Payments of several rentals may share a commit: it is a point of each."""
    if all(step.startswith("payment=") for step, _ in steps):
        for step, about in steps:
            points.arrive(f"{when} commit {step}", about)
        return
    name = main_step([step for step, _ in steps])
    points.arrive(f"{when} commit {name}{_because.get()}")


def _rental_of(params: Any) -> str | None:
    found = params.get("rental_id") if isinstance(params, Mapping) else None
    return None if found is None else str(found)


# Sends, receipts, acknowledgements


def _wrap_queues() -> None:
    send, delete = QueueClient.send_message, QueueClient.delete_message
    process = queue_listener.QueueListener._process  # noqa: SLF001 -- the host's own step

    async def send_at_points(self: Any, content: Any, **options: Any) -> Any:
        body = content if isinstance(content, str) else str(content)
        name, about = describe_message(body)
        points.arrive(f"before send {name}", about)
        fault = points.queue_fault
        if fault == "reorder":
            options["visibility_timeout"] = random.randrange(REORDER_SECONDS + 1)  # noqa: S311 -- no secret
        sent = await send(self, content, **options)
        if fault == "duplicate":
            await send(self, content, **options)
        points.arrive(f"after send {name}", about)
        return sent

    async def delete_at_points(self: Any, message: Any, *given: Any, **options: Any) -> None:
        name = _current.get(message if isinstance(message, str) else message.id)
        if name is None:
            await delete(self, message, *given, **options)
            return
        points.arrive(f"before acknowledge {name}")
        await delete(self, message, *given, **options)
        points.arrive(f"after acknowledge {name}")

    async def process_at_points(self: Any, message: Any) -> None:
        name, about = describe_message(decoded(message.content))
        rental.set(about)
        _because.set(f" on {name}" if name.endswith(LATER) else "")
        if "email" not in name:
            _current[message.id] = name
            points.arrive(f"after receive {name}")
        try:
            await process(self, message)
        finally:
            _current.pop(message.id, None)

    _replace(QueueClient, "send_message", send_at_points)
    _replace(QueueClient, "delete_message", delete_at_points)
    _replace(queue_listener.QueueListener, "_process", process_at_points)


_current: dict[str, str] = {}  # message id -> name, while it is handled
_because: ContextVar[str] = ContextVar("because", default="")  # the message being handled
_purposes: dict[str, str] = {}  # later payments' purposes, by the ids of payments and intents


# Vendor calls


def _wrap_vendor() -> None:
    request = stripe.HTTPXClient.request_async

    async def request_at_points(
        self: Any, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> Any:
        step = describe_call(method, url, headers, _purposes)
        points.arrive(f"before call {step}")
        answer = await request(self, method, url, headers, post_data)
        points.arrive(f"after call {step}")
        return answer

    _replace(stripe.HTTPXClient, "request_async", request_at_points)


def _replace(owner: Any, name: str, by: Any) -> None:
    setattr(owner, name, by)


install()
