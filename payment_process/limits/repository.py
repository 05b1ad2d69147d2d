"""Counts of tries by card. Never commits."""

from datetime import datetime

from payment_process.domain import Payment
from payment_process.group_commit import RECENT_TRY, Write
from shared.database import Connection
from shared.sql import load_queries

QUERIES = load_queries(__file__)
TOO_MANY = "recent_try_within_maximum"


def counting(
    payment: Payment, began_at: datetime, subject: bytes, ends_at: datetime, maximum: int
) -> Write:
    """One try, if ``payment`` begins its confirmation in the same transaction.

    PostgreSQL refuses one too many: the constraint :data:`TOO_MANY`.
    """
    values = {
        "subject": subject,
        "ends_at": ends_at,
        "maximum": maximum,
        "payment_id": payment.payment_id,
        "began_at": began_at,
    }
    return Write(QUERIES["count_try"], values, (RECENT_TRY, subject))


async def forget_tries(connection: Connection, now: datetime) -> int:
    cursor = await connection.execute(QUERIES["forget_tries"], {"now": now})
    return cursor.rowcount
