"""The authorisations of deposits. Never commits."""

from datetime import datetime
from uuid import UUID

from payment_process import repository as payments
from payment_process.domain import Payment
from shared.contracts.messages import Purpose
from shared.database import Connection
from shared.sql import fetch_all, fetch_one_or_none, load_queries

_QUERIES = load_queries(__file__)


async def list_of_deposit(
    connection: Connection, rental_id: UUID, purpose: Purpose, sequence: int
) -> list[Payment]:
    """A deposit's authorisations, the oldest first."""
    parameters = {"rental_id": rental_id, "purpose": purpose, "sequence": sequence}
    rows = await fetch_all(connection, _QUERIES["list_of_deposit"], parameters)
    return [payments.from_row(row) for row in rows]


async def take_uncaptured(connection: Connection, quiet_seconds: int, limit: int) -> list[Payment]:
    parameters = {"quiet_seconds": quiet_seconds, "limit": limit}
    rows = await fetch_all(connection, _QUERIES["take_uncaptured"], parameters)
    return [payments.from_row(row) for row in rows]


async def take_lapsing(connection: Connection, before: datetime, limit: int) -> list[Payment]:
    parameters = {"before": before, "limit": limit}
    rows = await fetch_all(connection, _QUERIES["take_lapsing"], parameters)
    return [payments.from_row(row) for row in rows]


async def is_rested(connection: Connection, payment_id: UUID, pause_seconds: float) -> bool:
    """Whether the payment was declined, and that long ago."""
    parameters = {"payment_id": payment_id, "pause_seconds": pause_seconds}
    row = await fetch_one_or_none(connection, _QUERIES["is_rested"], parameters)
    return row is not None and bool(row["rested"])
