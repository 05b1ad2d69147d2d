"""The transactional outbox: a message commits with its cause and is sent afterwards.

Every schema has a table ``outbox``. Rows are claimed by lease, sent, deleted: no lock is held
while sending. A row that is written with ``claimed_until`` ahead belongs to the writer's relay
(:func:`relay`), which is best effort; :func:`sweep`, called by a timer, is the guarantee. A crash
between sending and deleting sends twice, so every consumer is idempotent.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, LiteralString
from uuid import UUID
from weakref import WeakKeyDictionary

from shared import queues
from shared.contracts.messages import AnyMessage
from shared.database import Connection, Schema, connect
from shared.errors import Unavailable
from shared.settings import get_settings

logger = logging.getLogger(__name__)

LEASE_SECONDS = 30  # far longer than sending a batch takes; the sweep waits as long after a crash
BATCH = 32
SWEEP_SECONDS = 30.0  # of a timer's minute
SENDERS = 8  # sends in flight; the emulator and a 2,000/s queue gain nothing from more

INSERT: LiteralString = """
INSERT INTO outbox (message_id, queue, body, claimed_until)
SELECT m.message_id, m.queue, m.body, now() + %(lease_seconds)s * interval '1 second'
FROM unnest(%(message_ids)b::uuid[], %(queues)b::text[], %(bodies)b::text[])
     AS m(message_id, queue, body)
"""
CLAIM: LiteralString = """
UPDATE outbox SET claimed_until = now() + %(lease_seconds)s * interval '1 second'
WHERE message_id IN (
    SELECT message_id FROM outbox
    WHERE claimed_until <= now() AND queue <> ALL(%(down)s::text[])
    ORDER BY position LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
RETURNING message_id, queue, body
"""
DELETE: LiteralString = "DELETE FROM outbox WHERE message_id = ANY(%(message_ids)s)"


@dataclass(frozen=True, slots=True)
class Envelope:
    """One row of an outbox."""

    message_id: UUID
    queue: str
    body: str

    @classmethod
    def of(cls, queue: str, message: AnyMessage) -> "Envelope":
        return cls(message.message_id, queue, message.model_dump_json(exclude_none=True))


async def write(connection: Connection, envelopes: Sequence[Envelope]) -> None:
    """Insert inside the caller's transaction; call :func:`relay` after its commit."""
    if envelopes:
        await connection.execute(INSERT, parameters(envelopes))


def parameters(envelopes: Sequence[Envelope]) -> dict[str, Any]:
    """What a statement needs that writes the outbox itself (see ``INSERT``)."""
    # No list unnests as an empty one does, and the driver need not look for its elements' type.
    return {
        "message_ids": [envelope.message_id for envelope in envelopes] or None,
        "queues": [envelope.queue for envelope in envelopes] or None,
        "bodies": [envelope.body for envelope in envelopes] or None,
        "lease_seconds": LEASE_SECONDS,
    }


async def sweep(schema: Schema) -> int:
    """Send what nobody sent, oldest first, until nothing is left; returns how many were sent.

    A queue that takes nothing is left alone until the next sweep; the others' messages do not wait
    for it. Nor does the rest of a timer's work wait for a long sweep: the next one goes on.

    Raises:
        Unavailable: the database or a queue is down; the rest stays for the next sweep.
    """
    sent, ends_at = 0, monotonic() + SWEEP_SECONDS
    down: set[str] = set()
    failures: list[Unavailable] = []
    while True:
        async with connect(schema) as connection:
            cursor = await connection.execute(
                CLAIM, {"lease_seconds": LEASE_SECONDS, "batch": BATCH, "down": list(down)}
            )
            batch = [Envelope(**row) for row in await cursor.fetchall()]
        if not batch:
            break
        failed = await _send(schema, batch)
        sent += len(batch) - len(failed)
        failures += [error for _, error in failed]
        left = [envelope for envelope, _ in failed]
        down |= {each.queue for each in left} - {e.queue for e in batch if e not in left}
        if monotonic() >= ends_at:
            break
    if failures:
        raise failures[0]
    return sent


class _Relay:
    """Sends in the background what this process has just committed, in batches under load."""

    def __init__(self, schema: Schema) -> None:
        self._schema: Schema = schema
        self._waiting: deque[Envelope] = deque()
        self._task: asyncio.Task[None] | None = None

    def add(self, envelopes: Iterable[Envelope]) -> None:
        self._waiting.extend(envelopes)
        if self._waiting and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._drain(), name=f"relay-{self._schema}")

    async def _drain(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            try:
                failed = await _send(self._schema, batch)
            except Unavailable as error:  # sent, and not deleted: it will be sent again
                logger.warning("relay of %s lost the database: %s", self._schema, error.detail)
                continue
            if failed:
                # The rows stay, with a lease that ends: the sweep takes them.
                detail = failed[0][1].detail
                logger.warning("relay of %s left %d: %s", self._schema, len(failed), detail)

    async def wait(self) -> None:
        if self._task is not None:
            await self._task


_relays: "WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Schema, _Relay]]" = WeakKeyDictionary()


def relay(schema: Schema, envelopes: Iterable[Envelope]) -> None:
    """Send soon, in the background. Call after the commit that wrote ``envelopes``."""
    if not get_settings().outbox_relay:
        return
    relays = _relays.setdefault(asyncio.get_running_loop(), {})
    if schema not in relays:
        relays[schema] = _Relay(schema)
    relays[schema].add(envelopes)


async def drain_relays() -> None:
    """Wait until this loop's relays are idle: tests and short programs end cleanly with it."""
    for each in _relays.get(asyncio.get_running_loop(), {}).values():
        await each.wait()


async def _send(schema: Schema, batch: Sequence[Envelope]) -> list[tuple[Envelope, Unavailable]]:
    """Send all, delete what was sent; returns what was not, and why."""
    limit = asyncio.Semaphore(SENDERS)

    async def send_one(envelope: Envelope) -> Unavailable | None:
        async with limit:
            try:
                await queues.send(envelope.queue, envelope.body)
            except Unavailable as error:
                return error
            return None

    outcomes = await asyncio.gather(*(send_one(envelope) for envelope in batch))
    results = list(zip(batch, outcomes, strict=True))
    done = [envelope.message_id for envelope, error in results if error is None]
    if done:
        async with connect(schema) as connection:
            await connection.execute(DELETE, {"message_ids": done})
    return [(envelope, error) for envelope, error in results if error is not None]
