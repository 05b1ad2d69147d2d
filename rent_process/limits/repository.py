"""Counts of tries. Never commits."""

from datetime import datetime
from typing import Any

from rent_process.limits.domain import Try
from shared.database import Connection
from shared.sql import load_queries

QUERIES = load_queries(__file__)

# PostgreSQL refuses the statement that counts one too many, and with it whatever it did besides.
TOO_MANY = "recent_try_within_maximum"


def parameters(tries: list[Try]) -> dict[str, Any]:
    """What the booking statement, which counts in the same breath, is given."""
    return {
        "try_subjects": [each.subject for each in tries],
        "try_ends": [each.ends_at for each in tries],
        "try_maxima": [each.maximum for each in tries],
    }


async def count_tries(connection: Connection, tries: list[Try]) -> None:
    await connection.execute(QUERIES["count_tries"], parameters(tries))


async def forget_tries(connection: Connection, now: datetime) -> int:
    cursor = await connection.execute(QUERIES["forget_tries"], {"now": now})
    return cursor.rowcount
