"""Intents that nobody here waits for, and how far the vendor's list was read. Never commits."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from payment_process.unmatched.domain import MarkedIntent, State
from shared.database import Connection
from shared.sql import fetch_all, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


async def find_read_until(connection: Connection) -> datetime | None:
    row = await fetch_one_or_none(connection, QUERIES["find_read_until"], {})
    return None if row is None else row["read_until"]


async def set_read_until(connection: Connection, read_until: datetime) -> None:
    await connection.execute(QUERIES["set_read_until"], {"read_until": read_until})


async def keep_unmatched(connection: Connection, listed: Iterable[MarkedIntent]) -> None:
    async with connection.cursor() as cursor:
        await cursor.executemany(QUERIES["keep_unmatched"], [asdict(each) for each in listed])


async def forget_matched(connection: Connection) -> None:
    await connection.execute(QUERIES["forget_matched"])


async def take_open(connection: Connection, limit: int) -> list[str]:
    rows = await fetch_all(connection, QUERIES["take_open"], {"limit": limit})
    return [row["intent_id"] for row in rows]


async def record_state(connection: Connection, intent_id: str, state: State) -> None:
    values = asdict(state) | {"intent_id": intent_id, "is_over": state.is_over}
    await connection.execute(QUERIES["record_state"], values)
