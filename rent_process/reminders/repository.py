"""The reminders that were asked for. Never commits."""

from datetime import datetime
from uuid import UUID

from shared.database import Connection
from shared.sql import fetch_all, load_queries

QUERIES = load_queries(__file__)


async def claim_due(connection: Connection, now: datetime, limit: int) -> list[tuple[UUID, str]]:
    """Take reminders that are due, each once: rental and kind."""
    rows = await fetch_all(connection, QUERIES["claim_due"], {"now": now, "limit": limit})
    return [(row["rental_id"], row["kind"]) for row in rows]
