"""A rental's messages as rows. Never commits."""

from datetime import datetime
from typing import Any
from uuid import UUID

from rent_process.messages.domain import Thread
from shared.database import Connection
from shared.sql import fetch_all, fetch_one, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


async def lock_rental(connection: Connection, reference: str) -> dict[str, Any] | None:
    return await fetch_one_or_none(connection, QUERIES["lock_rental"], {"reference": reference})


async def read_thread(connection: Connection, rental_id: UUID, now: datetime) -> Thread:
    parameters = {"rental_id": rental_id, "now": now}
    return Thread(**await fetch_one(connection, QUERIES["read_thread"], parameters))


async def insert_message(connection: Connection, message: dict[str, Any]) -> dict[str, Any]:
    return await fetch_one(connection, QUERIES["insert_message"], message)


async def read_message(connection: Connection, message_id: UUID) -> dict[str, Any]:
    return await fetch_one(connection, QUERIES["read_message"], {"message_id": message_id})


async def list_messages(connection: Connection, reference: str) -> list[dict[str, Any]]:
    return await fetch_all(connection, QUERIES["list_messages"], {"reference": reference})


async def settle(connection: Connection, rental_id: UUID) -> int:
    """Nothing of the renter's waits any more; returns how many messages did."""
    cursor = await connection.execute(QUERIES["settle"], {"rental_id": rental_id})
    return cursor.rowcount


async def list_waiting(connection: Connection, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    return await fetch_all(connection, QUERIES["list_waiting"], parameters)
