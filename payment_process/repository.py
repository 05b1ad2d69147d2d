"""What is stored in schema ``payment``. One function a named query; none commits."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, LiteralString
from uuid import UUID

from payment_process.domain import Payment, Status
from payment_process.group_commit import PAYMENT, Write
from shared import outbox
from shared.contracts.messages import PaymentMethod, Purpose
from shared.database import Connection
from shared.outbox import Envelope
from shared.sql import load_queries

_QUERIES = load_queries(__file__)
_COLUMNS = tuple(column.name for column in fields(Payment))
_VALUES = attrgetter(*_COLUMNS)


def inserting(payment: Payment, cause: str, envelopes: Sequence[Envelope] = ()) -> Write:
    """Finds no place if the rental has this payment, or another live one of its purpose."""
    return _write(_QUERIES["insert_payment"], payment, cause, envelopes)


def saving(payment: Payment, cause: str, envelopes: Sequence[Envelope] = ()) -> Write:
    """Compare-and-swap on ``payment.version``: finds no row if somebody else was faster."""
    return _write(_QUERIES["save_payment"], payment, cause, envelopes)


async def insert(
    connection: Connection, payment: Payment, cause: str, envelopes: Sequence[Envelope] = ()
) -> bool:
    """:func:`inserting` in a transaction of the caller's."""
    return await _execute(connection, inserting(payment, cause, envelopes))


async def save(
    connection: Connection, payment: Payment, cause: str, envelopes: Sequence[Envelope] = ()
) -> bool:
    """:func:`saving` in a transaction of the caller's."""
    return await _execute(connection, saving(payment, cause, envelopes))


async def find(
    connection: Connection, rental_id: UUID, purpose: Purpose, sequence: int
) -> Payment | None:
    cursor = await connection.execute(
        _QUERIES["find_payment"],
        {"rental_id": rental_id, "purpose": purpose, "sequence": sequence},
    )
    row = await cursor.fetchone()
    return None if row is None else from_row(row)


async def get(connection: Connection, payment_id: UUID) -> Payment:
    cursor = await connection.execute(_QUERIES["get_payment"], {"payment_id": payment_id})
    row = await cursor.fetchone()
    if row is None:
        raise LookupError(f"payment {payment_id} is gone")
    return from_row(row)


async def find_by_intent(connection: Connection, intent_id: str, event_id: str) -> Payment | None:
    """None: not our intent, or the event had its effect before."""
    cursor = await connection.execute(
        _QUERIES["find_payment_by_intent"], {"intent_id": intent_id, "event_id": event_id}
    )
    row = await cursor.fetchone()
    return None if row is None else from_row(row)


async def list_uncancelled(connection: Connection, payment: Payment) -> list[Payment]:
    """The other authorisations of the same deposit that nobody has given up, the oldest first."""
    parameters = {
        "rental_id": payment.rental_id,
        "purpose": payment.purpose,
        "sequence": payment.sequence,
        "payment_id": payment.payment_id,
    }
    cursor = await connection.execute(_QUERIES["list_uncancelled"], parameters)
    return [from_row(row) for row in await cursor.fetchall()]


async def insert_event(connection: Connection, event_id: str, event_type: str) -> None:
    """Remember that the event had its effect; a second copy at the same time changes nothing."""
    await connection.execute(
        _QUERIES["insert_webhook_event"], {"event_id": event_id, "type": event_type}
    )


async def forget_events(connection: Connection, before: datetime, limit: int) -> int:
    cursor = await connection.execute(_QUERIES["forget_events"], {"before": before, "limit": limit})
    return cursor.rowcount


async def take_unsettled(connection: Connection, quiet_seconds: int, limit: int) -> list[Payment]:
    """Payments that nobody has touched for a while and that are not settled, each in its turn."""
    cursor = await connection.execute(
        _QUERIES["take_unsettled_payments"], {"quiet_seconds": quiet_seconds, "limit": limit}
    )
    return [from_row(row) for row in await cursor.fetchall()]


def from_row(row: Mapping[str, Any]) -> Payment:
    values = {name: row[name] for name in _COLUMNS}
    method = values["method"]
    return Payment(
        **values
        | {
            "purpose": Purpose(values["purpose"]),
            "status": Status(values["status"]),
            "method": None if method is None else PaymentMethod(method),
        }
    )


async def _execute(connection: Connection, write: Write) -> bool:
    cursor = await connection.execute(write.statement, write.values)
    return cursor.rowcount == 1


def _write(
    statement: LiteralString, payment: Payment, cause: str, envelopes: Sequence[Envelope]
) -> Write:
    values = _row(payment, cause) | outbox.parameters(envelopes)
    # By rental first: two payments of one may wait for the same place.
    return Write(statement, values, (PAYMENT, payment.rental_id.bytes + payment.payment_id.bytes))


def _row(payment: Payment, cause: str) -> dict[str, Any]:
    from psycopg.types.json import Jsonb  # noqa: PLC0415 -- import budget

    action = payment.next_action
    # Not asdict: it copies deeply, which was a tenth of a payment's time here.
    row = dict(zip(_COLUMNS, _VALUES(payment), strict=True))
    row["next_action"] = None if action is None else Jsonb(action)
    row["cause"] = cause
    return row
