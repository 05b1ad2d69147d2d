"""A rental with its money, and what is owed on top of the price. Never commits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rent_process.booking.domain import Event
from rent_process.charging.domain import AskedPayment, ChargedRental, DueAttempt
from rent_process.ledger import repository as ledger
from shared.contracts.renter import RentalStatus
from shared.database import Connection
from shared.errors import Rejected
from shared.sql import fetch_one, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


@dataclass(frozen=True, slots=True)
class KnownDuePayment:
    """What a key asked for before, and until when its payment is tried."""

    request_hash: bytes
    attempt: int
    expires_at: datetime


async def lock_rental(connection: Connection, rental_id: UUID) -> ChargedRental:
    """Read a rental with its money; its row stays locked until the transaction ends.

    Raises:
        Rejected: ``not_found``.
    """
    row = await fetch_one_or_none(connection, QUERIES["lock_rental"], {"rental_id": rental_id})
    if row is None:
        raise Rejected("not_found", "there is no such rental")
    return ChargedRental(
        **row | {"status": RentalStatus(row["status"])},
        fee_minor=await ledger.read_fee(connection, rental_id),
        account=await ledger.read_account(connection, rental_id),
    )


async def find_rental_id(connection: Connection, reference: str) -> UUID:
    """Whose reference it is.

    Raises:
        Rejected: ``not_found``.
    """
    row = await fetch_one_or_none(connection, QUERIES["find_rental_id"], {"reference": reference})
    if row is None:
        raise Rejected("not_found", "there is no such rental")
    found: UUID = row["rental_id"]
    return found


async def find_charge(
    connection: Connection, rental_id: UUID, key: str
) -> tuple[bytes, int, int] | None:
    """The hash of the request that the key came with, its sum, and what was due after it."""
    row = await fetch_one_or_none(
        connection, QUERIES["find_charge"], {"rental_id": rental_id, "idempotency_key": key}
    )
    if row is None:
        return None
    return bytes(row["request_hash"]), int(row["amount_minor"]), int(row["due_minor"])


async def insert_charge(
    connection: Connection, entry: dict[str, Any], lines: list[dict[str, Any]]
) -> None:
    from psycopg.types.json import Jsonb  # noqa: PLC0415 -- import budget

    await connection.execute(QUERIES["insert_charge"], entry | {"lines": Jsonb(lines)})


async def find_due_payment(
    connection: Connection, rental_id: UUID, key: str
) -> KnownDuePayment | None:
    row = await fetch_one_or_none(
        connection, QUERIES["find_due_payment"], {"rental_id": rental_id, "idempotency_key": key}
    )
    if row is None:
        return None
    return KnownDuePayment(**row | {"request_hash": bytes(row["request_hash"])})


async def read_asked(connection: Connection, rental_id: UUID, sequence: int) -> AskedPayment:
    """Where PaymentProcess stands with a payment that was asked for."""
    parameters = {"rental_id": rental_id, "sequence": sequence}
    return AskedPayment(**await fetch_one(connection, QUERIES["read_asked"], parameters))


async def insert_due_payment(
    connection: Connection,
    rental_id: UUID,
    request: tuple[str, bytes],
    due: DueAttempt,
    expires_at: datetime,
) -> None:
    parameters = {
        "rental_id": rental_id,
        "idempotency_key": request[0],
        "request_hash": request[1],
        "sequence": due.sequence,
        "attempt": due.attempt,
        "expires_at": expires_at,
    }
    await connection.execute(QUERIES["insert_due_payment"], parameters)


async def note_event(
    connection: Connection, rental_id: UUID, event: Event, actor: str = "system"
) -> None:
    await connection.execute(
        QUERIES["note_event"], {"rental_id": rental_id, "event": event, "actor": actor}
    )
