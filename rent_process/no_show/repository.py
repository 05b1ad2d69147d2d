"""What it came to that nobody came. Never commits."""

from dataclasses import asdict
from uuid import UUID

from rent_process.changes.domain import Settlement
from shared.database import Connection
from shared.sql import fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


async def find_no_show(connection: Connection, rental_id: UUID) -> Settlement | None:
    row = await fetch_one_or_none(connection, QUERIES["find_no_show"], {"rental_id": rental_id})
    return None if row is None else Settlement(**row)


async def insert_no_show(connection: Connection, rental_id: UUID, settlement: Settlement) -> None:
    parameters = {"rental_id": rental_id, **asdict(settlement)}
    await connection.execute(QUERIES["insert_no_show"], parameters)
