"""What is stored of refunds. One function a named query; none commits."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

from payment_process import repository as payments
from payment_process.domain import Payment
from payment_process.refunding.domain import Refund, RefundStatus
from shared.contracts.messages import Purpose
from shared.database import Connection
from shared.sql import load_queries

_QUERIES = load_queries(__file__)
_COLUMNS = tuple(column.name for column in fields(Refund))


async def lock_payment(
    connection: Connection, rental_id: UUID, purpose: Purpose, sequence: int
) -> Payment | None:
    cursor = await connection.execute(
        _QUERIES["lock_payment"],
        {"rental_id": rental_id, "purpose": purpose, "sequence": sequence},
    )
    row = await cursor.fetchone()
    return None if row is None else payments.from_row(row)


async def lock_payment_by_id(connection: Connection, payment_id: UUID) -> Payment:
    cursor = await connection.execute(_QUERIES["lock_payment_by_id"], {"payment_id": payment_id})
    row = await cursor.fetchone()
    if row is None:
        raise LookupError(f"payment {payment_id} is gone")
    return payments.from_row(row)


async def insert(connection: Connection, refund: Refund) -> None:
    await connection.execute(_QUERIES["insert_refund"], asdict(refund))


async def find(connection: Connection, payment_id: UUID, refund_number: int) -> Refund | None:
    return await _one(
        connection, "find_refund", {"payment_id": payment_id, "refund_number": refund_number}
    )


async def find_of_event(
    connection: Connection, intent_id: str, refund_number: int, event_id: str
) -> Refund | None:
    """None: not our refund, or the event had its effect before."""
    return await _one(
        connection,
        "find_refund_of_event",
        {"intent_id": intent_id, "refund_number": refund_number, "event_id": event_id},
    )


async def save(connection: Connection, refund: Refund) -> None:
    """The caller holds the lock of the payment's row."""
    await connection.execute(_QUERIES["save_refund"], asdict(refund))


async def spend_key(connection: Connection, refund: Refund) -> Refund:
    """The refund with its next key, which somebody else may have gone to before."""
    await connection.execute(_QUERIES["spend_key"], asdict(refund))
    found = await find(connection, refund.payment_id, refund.refund_number)
    if found is None:
        raise LookupError(f"refund {refund.refund_number} of {refund.payment_id} is gone")
    return found


async def sum_settled(connection: Connection, payment_id: UUID) -> int:
    cursor = await connection.execute(_QUERIES["sum_refunded"], {"payment_id": payment_id})
    row = await cursor.fetchone()
    return 0 if row is None else int(row["settled"])


async def take_unsettled(connection: Connection, quiet_seconds: int, limit: int) -> list[Refund]:
    cursor = await connection.execute(
        _QUERIES["take_unsettled_refunds"], {"quiet_seconds": quiet_seconds, "limit": limit}
    )
    return [_from_row(row) for row in await cursor.fetchall()]


async def _one(connection: Connection, name: str, values: dict[str, Any]) -> Refund | None:
    cursor = await connection.execute(_QUERIES[name], values)
    row = await cursor.fetchone()
    return None if row is None else _from_row(row)


def _from_row(row: Mapping[str, Any]) -> Refund:
    values = {name: row[name] for name in _COLUMNS}
    return Refund(**values | {"status": RefundStatus(values["status"])})
