"""What was taken and given at the counter. Never commits."""

from typing import Any
from uuid import UUID

from shared.database import Connection
from shared.sql import fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


async def find_entry(connection: Connection, rental_id: UUID, key: str) -> tuple[bytes, int] | None:
    """The hash of the request that the key came with, and what was left after it."""
    row = await fetch_one_or_none(
        connection, QUERIES["find_entry"], {"rental_id": rental_id, "idempotency_key": key}
    )
    return None if row is None else (bytes(row["request_hash"]), int(row["due_minor"]))


async def insert_entry(connection: Connection, entry: dict[str, Any]) -> None:
    await connection.execute(QUERIES["insert_entry"], entry)
