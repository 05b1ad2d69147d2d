"""Counts of tries by card. Never commits."""

from datetime import datetime

from shared.database import Connection
from shared.sql import load_queries

QUERIES = load_queries(__file__)


async def count_try(
    connection: Connection, subject: bytes, ends_at: datetime, maximum: int
) -> None:
    """PostgreSQL refuses one too many: the constraint ``recent_try_within_maximum``."""
    values = {"subject": subject, "ends_at": ends_at, "maximum": maximum}
    await connection.execute(QUERIES["count_try"], values)


async def forget_tries(connection: Connection, now: datetime) -> int:
    cursor = await connection.execute(QUERIES["forget_tries"], {"now": now})
    return cursor.rowcount
