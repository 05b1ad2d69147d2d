"""The sweep: whatever one queue does, the others' messages are sent."""

from uuid import uuid4

import psycopg
import pytest
from azure.storage.queue.aio import QueueClient

from shared import outbox, queues
from shared.errors import Unavailable
from shared.outbox import Envelope
from shared.settings import get_settings
from tests.plugins.azurite import Azurite

BROKEN = "no-such-queue"


@pytest.fixture(autouse=True)
def _queues(environment: pytest.MonkeyPatch, azurite: Azurite) -> None:
    environment.setenv("RentalQueue", azurite.connection_string)
    get_settings.cache_clear()


def write(database: str, queue: str, count: int) -> None:
    """Older messages first, as nobody's any more."""
    envelopes = [Envelope(uuid4(), queue, f"message {number}") for number in range(count)]
    with psycopg.connect(database) as connection:
        connection.execute("SET search_path TO rent")
        connection.execute(outbox.INSERT, outbox.parameters(envelopes))
        connection.execute("UPDATE outbox SET claimed_until = now()")


def waiting(database: str) -> list[tuple[str, int]]:
    with psycopg.connect(database) as connection:
        return connection.execute(
            "SELECT queue, count(*) FROM rent.outbox GROUP BY queue ORDER BY queue"
        ).fetchall()


async def test_a_queue_that_is_down_keeps_no_other_queues_messages_waiting(
    database: str, queue: QueueClient
) -> None:
    write(database, BROKEN, outbox.BATCH + 1)
    write(database, queue.queue_name, outbox.BATCH + 1)
    with pytest.raises(Unavailable, match=BROKEN):
        await outbox.sweep("rent")
    assert waiting(database) == [(BROKEN, outbox.BATCH + 1)]
    properties = await queue.get_queue_properties()
    assert properties.approximate_message_count == outbox.BATCH + 1


async def test_one_message_that_fails_keeps_no_later_one_of_its_queue_waiting(
    database: str, queue: QueueClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(database, queue.queue_name, 2 * outbox.BATCH)
    send = queues.send

    async def all_but_the_first(name: str, body: str) -> None:
        if body == "message 0":
            raise Unavailable("the network has hiccups")
        await send(name, body)

    monkeypatch.setattr(queues, "send", all_but_the_first)
    with pytest.raises(Unavailable, match="hiccups"):
        await outbox.sweep("rent")
    assert waiting(database) == [(queue.queue_name, 1)]


async def test_a_long_sweep_leaves_the_rest_to_the_next(
    database: str, queue: QueueClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "SWEEP_SECONDS", 0)
    write(database, queue.queue_name, outbox.BATCH + 1)
    assert [await outbox.sweep("rent") for _ in range(3)] == [outbox.BATCH, 1, 0]


async def test_a_message_that_cannot_be_sent_stays_for_the_next_sweep(
    database: str, queue: QueueClient
) -> None:
    write(database, BROKEN, 1)
    with pytest.raises(Unavailable):
        await outbox.sweep("rent")
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE rent.outbox SET claimed_until = now(), queue = %s",
                           [queue.queue_name])  # fmt: skip
    assert await outbox.sweep("rent") == 1
    assert waiting(database) == []


async def test_relay_leaves_what_it_cannot_send_to_the_sweep(
    database: str, queue: QueueClient, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("OUTBOX_RELAY", "true")
    get_settings.cache_clear()
    sent, left = (Envelope(uuid4(), name, "{}") for name in (queue.queue_name, BROKEN))
    for envelope in (left, sent):
        with psycopg.connect(database) as connection:
            connection.execute("SET search_path TO rent")
            connection.execute(outbox.INSERT, outbox.parameters([envelope]))
    outbox.relay("rent", [left, sent])
    await outbox.drain_relays()
    assert waiting(database) == [(BROKEN, 1)]
