"""Polls one queue for one function: the real host's `QueueListener.cs`.

A batch is received, each message runs at once, and the next batch is fetched when no more than
`newBatchThreshold` still run: up to batchSize + newBatchThreshold (16 + 8 = 24) at a time.
"""

import asyncio
import contextlib
from typing import Any

from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueClient

from infra.local.host.configuration import QueueOptions
from infra.local.host.indexing import Function, resolve_settings
from infra.local.host.invocation import InvocationFailed, Invoker
from infra.local.host.log import log_event, one_line_traceback, report_crash
from infra.local.host.queue_backoff import Backoff
from infra.local.host.queue_connection import open_queue
from infra.local.host.queue_messages import (
    Lease,
    Undecodable,
    build_argument,
    copy_to,
    decode_text,
)

_POISON_SUFFIX = "-poison"


class QueueListener:
    """One function's listener; `start` once, `stop` once."""

    def __init__(self, function: Function, options: QueueOptions, invoker: Invoker) -> None:
        self._function = function
        self._options = options
        self._invoker = invoker
        self._connection = str(function.trigger.get("connection") or "Storage")
        self._name = resolve_settings(str(function.trigger["queueName"])).lower()
        self._queue = open_queue(self._connection, self._name)
        self._poison = self._open_poison_queue()
        self._backoff = Backoff(options.max_polling_seconds)
        self._running: set[asyncio.Task[None]] = set()
        self._poller: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._poller = asyncio.create_task(self._poll_forever(), name=f"poll {self._name}")
        self._poller.add_done_callback(report_crash)

    async def stop(self, seconds: float) -> None:
        """Fetch no more; let running messages finish for that long, then cancel them."""
        if self._poller:
            self._poller.cancel()
            await asyncio.wait([self._poller])
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        await self._queue.close()
        if self._poison:
            await self._poison.close()

    async def run_manually(self, text: str) -> None:
        """Run the function on that text, as /admin/functions does: no message, no retry.

        Raises:
            InvocationFailed: the function failed.
        """
        message = QueueMessage(content=text, id="", dequeue_count=1)
        await self._invoker.invoke(
            self._function, build_argument(message, text.encode(), self._name)
        )

    def _open_poison_queue(self) -> QueueClient | None:
        # A poison queue has no poison queue of its own.
        if self._name.endswith(_POISON_SUFFIX):
            return None
        return open_queue(self._connection, self._name + _POISON_SUFFIX)

    async def _poll_forever(self) -> None:
        found = False
        while True:
            batch = await self._receive()
            if not batch:
                await asyncio.sleep(self._backoff.next_delay(found_message=found))
                found = False
                continue
            found = True
            for message in batch:
                task = asyncio.create_task(self._process(message))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            await self._wait_for_room()

    async def _receive(self) -> list[QueueMessage]:
        pages = self._queue.receive_messages(
            messages_per_page=self._options.batch_size,
            visibility_timeout=round(self._options.lease_seconds),
        ).by_page()
        try:
            return [message async for message in await anext(pages)]
        except StopAsyncIteration:
            return []
        except ResourceNotFoundError:
            return []  # made by whoever sends first; the real host waits for it too
        except AzureError as error:
            log_event("poll-failed", queue=self._name, error=str(error).splitlines()[0])
            return []

    async def _wait_for_room(self) -> None:
        while len(self._running) > self._options.new_batch_threshold:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    async def _process(self, message: QueueMessage) -> None:
        lease = Lease(self._queue, message, self._options.lease_seconds)
        try:
            await self._run_and_settle(message, lease)
        except AzureError as error:
            # The message returns when its lease ends.
            log_event(
                "message-not-settled",
                queue=self._name,
                id=message.id,
                error=one_line_traceback(error),
            )

    async def _run_and_settle(self, message: QueueMessage, lease: Lease) -> None:
        limit = self._options.max_dequeue_count
        try:
            body = decode_text(message.content, base64_encoded=self._options.base64)
        except Undecodable:
            await self._poison_message(message, lease, "not base64")
            return
        count = message.dequeue_count or 0
        if count > limit:
            await self._poison_message(message, lease, f"dequeued {count} times")
        elif await self._run(message, body, lease):
            await lease.delete()
        elif self._poison is None:
            log_event("message-left-invisible", queue=self._name, id=message.id)
        elif count >= limit:
            await self._poison_message(message, lease, f"failed {count} times")
        else:
            await lease.release(self._options.visibility_timeout_seconds)

    async def _run(self, message: QueueMessage, body: bytes, lease: Lease) -> bool:
        renewal = asyncio.create_task(lease.keep())
        try:
            argument = build_argument(message, body, self._name)
            await self._invoker.invoke(self._function, argument)
        except InvocationFailed:
            return False
        except ValueError as error:
            log_event("message-unreadable", queue=self._name, id=message.id, error=str(error))
            return False
        else:
            return True
        finally:
            renewal.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await renewal

    async def _poison_message(self, message: QueueMessage, lease: Lease, reason: str) -> None:
        if self._poison is None:
            log_event("message-left-invisible", queue=self._name, id=message.id, reason=reason)
            return
        log_event("message-poisoned", queue=self._name, id=message.id, reason=reason)
        await copy_to(self._poison, _as_received(message))
        await lease.delete()


def _as_received(message: QueueMessage) -> Any:
    return message.content
