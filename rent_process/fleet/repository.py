"""Branches, classes and the calendar's blocks. Never commits."""

from typing import Any

from shared.database import Connection
from shared.sql import fetch_all, fetch_one, load_queries

QUERIES = load_queries(__file__)


async def list_branches(connection: Connection) -> list[dict[str, Any]]:
    return await fetch_all(connection, QUERIES["list_branches"], {})


async def list_classes(connection: Connection, locale: str) -> list[dict[str, Any]]:
    return await fetch_all(connection, QUERIES["list_classes"], {"locale": locale})


async def extend_calendar(connection: Connection, from_hour: int, to_hour: int) -> int:
    """Add the blocks that are missing; returns how many."""
    await connection.execute(QUERIES["lock_supply"])
    hours = {"from_hour": from_hour, "to_hour": to_hour}
    return int((await fetch_one(connection, QUERIES["extend_calendar"], hours))["added"])


async def find_drift(connection: Connection, from_hour: int) -> int:
    """Count the hours whose calendar does not agree with the rentals; 0 is healthy."""
    row = await fetch_one(connection, QUERIES["find_drift"], {"from_hour": from_hour})
    return int(row["drift"])
