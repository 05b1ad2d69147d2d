"""Which payments are due for a comparison, and what it found. Never commits."""

from payment_process import repository as payments
from payment_process.domain import Payment
from payment_process.reconciling.domain import Drift
from shared.database import Connection
from shared.sql import load_queries

_QUERIES = load_queries(__file__)


async def take_unchecked(
    connection: Connection, *, days: int, quiet_seconds: int, again_seconds: int, limit: int
) -> list[Payment]:
    cursor = await connection.execute(
        _QUERIES["take_unchecked"],
        {
            "days": days,
            "quiet_seconds": quiet_seconds,
            "again_seconds": again_seconds,
            "limit": limit,
        },
    )
    return [payments.from_row(row) for row in await cursor.fetchall()]


async def record_check(connection: Connection, payment: Payment, drift: Drift | None) -> None:
    await connection.execute(
        _QUERIES["record_check"],
        {"payment_id": payment.payment_id, "version": payment.version, "drift": drift},
    )
