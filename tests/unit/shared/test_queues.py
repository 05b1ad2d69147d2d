"""A message is sent over a connection that the service has closed meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from shared import queues
from shared.settings import get_settings

MOMENT = "Sun, 22 Nov 2026 06:00:00 GMT"
ACCEPTED = (
    '<?xml version="1.0" encoding="utf-8"?><QueueMessagesList><QueueMessage>'
    f"<MessageId>1</MessageId><InsertionTime>{MOMENT}</InsertionTime>"
    f"<ExpirationTime>{MOMENT}</ExpirationTime><PopReceipt>x</PopReceipt>"
    f"<TimeNextVisible>{MOMENT}</TimeNextVisible></QueueMessage></QueueMessagesList>"
)
ANSWER = (
    "HTTP/1.1 201 Created\r\nContent-Type: application/xml\r\nConnection: close\r\n"
    f"Content-Length: {len(ACCEPTED)}\r\n\r\n{ACCEPTED}"
)


@asynccontextmanager
async def queue_service(drops: int) -> AsyncIterator[str]:
    """Hangs up so many times without an answer, then takes the message; yields its address."""
    left = drops

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal left
        await reader.readuntil(b"\r\n\r\n")
        if left:
            left -= 1
        else:
            writer.write(ANSWER.encode())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}/devstoreaccount1"


async def test_a_connection_that_was_closed_costs_a_moment_and_no_message(
    environment: pytest.MonkeyPatch,
) -> None:
    async with queue_service(drops=1) as address:
        environment.setenv(
            "RentalQueue", f"AccountName=devstoreaccount1;AccountKey=a2V5;QueueEndpoint={address};"
        )
        get_settings.cache_clear()
        async with asyncio.timeout(queues.SEND_TIMEOUT_SECONDS - 1):
            await queues.send("payment-results", "{}")
        await queues.close_queues()
