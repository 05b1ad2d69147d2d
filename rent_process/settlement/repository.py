"""The rental's rows on their way to an end. Never commits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rent_process.booking.domain import Event
from shared.contracts.renter import RentalStatus
from shared.database import Connection
from shared.sql import fetch_all, fetch_one, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)
HOUR_SECONDS = 3600


def hour_of(at: datetime) -> int:
    """The UTC hour since 1970 that ``at`` lies in: the calendar's unit."""
    return int(at.timestamp()) // HOUR_SECONDS


@dataclass(frozen=True, slots=True)
class LockedRental:
    """A rental whose row is locked until the transaction ends."""

    rental_id: UUID
    reference: str
    status: RentalStatus
    total_minor: int
    currency: str
    expires_at: datetime | None
    attempt: int
    declined_attempt: int
    payment_method: str


async def lock_rental(connection: Connection, rental_id: UUID) -> LockedRental | None:
    row = await fetch_one_or_none(connection, QUERIES["lock_rental"], {"rental_id": rental_id})
    if row is None:
        return None
    return LockedRental(**row | {"status": RentalStatus(row["status"])})


async def lock_rental_by_reference(connection: Connection, reference: str) -> LockedRental | None:
    row = await fetch_one_or_none(
        connection, QUERIES["lock_rental_by_reference"], {"reference": reference}
    )
    if row is None:
        return None
    return LockedRental(**row | {"status": RentalStatus(row["status"])})


async def read_payment_state(connection: Connection, rental_id: UUID) -> tuple[str, int] | None:
    """Status and attempt of the rental's payment, as PaymentProcess publishes them."""
    row = await fetch_one_or_none(
        connection, QUERIES["read_payment_state"], {"rental_id": rental_id}
    )
    return None if row is None else (row["status"], row["attempt"])


async def confirm(connection: Connection, rental_id: UUID) -> bool:
    return (
        await fetch_one_or_none(connection, QUERIES["confirm"], {"rental_id": rental_id})
        is not None
    )


async def confirm_late(connection: Connection, rental_id: UUID, now: datetime) -> bool:
    """Take the hours again; False when they are not all to be had any more."""
    parameters = {"rental_id": rental_id, "now": now, "now_hour": hour_of(now)}
    return await fetch_one_or_none(connection, QUERIES["confirm_late"], parameters) is not None


async def end_pending(
    connection: Connection, rental_id: UUID, status: RentalStatus, now: datetime
) -> bool:
    """Leave ``PENDING`` and give the hours back; False when another was faster."""
    parameters = {
        "rental_id": rental_id,
        "status": status,
        "now": now,
        "now_hour": hour_of(now),
    }
    return await fetch_one_or_none(connection, QUERIES["end_pending"], parameters) is not None


async def note_event(
    connection: Connection, rental_id: UUID, event: Event, actor: str = "system"
) -> None:
    await connection.execute(
        QUERIES["note_event"], {"rental_id": rental_id, "event": event, "actor": actor}
    )


async def decline_attempt(connection: Connection, rental_id: UUID, attempt: int) -> bool:
    """Remember that ``attempt`` was declined; False when that was known."""
    parameters = {"rental_id": rental_id, "attempt": attempt}
    return await fetch_one_or_none(connection, QUERIES["decline_attempt"], parameters) is not None


async def find_retry(connection: Connection, rental_id: UUID, key: str) -> tuple[int, bytes] | None:
    """The attempt that a key started, and the hash of its request."""
    row = await fetch_one_or_none(
        connection, QUERIES["find_retry"], {"rental_id": rental_id, "idempotency_key": key}
    )
    return None if row is None else (row["attempt"], row["request_hash"])


async def start_retry(
    connection: Connection, rental_id: UUID, key: str, request_hash: bytes, method: str
) -> int:
    """Count one attempt more; returns its number."""
    row = await fetch_one(
        connection,
        QUERIES["start_retry"],
        {
            "rental_id": rental_id,
            "idempotency_key": key,
            "request_hash": request_hash,
            "payment_method": method,
        },
    )
    return int(row["attempt"])


async def list_due(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """Holds that have run out, the oldest first."""
    rows = await fetch_all(connection, QUERIES["list_due"], {"now": now, "limit": limit})
    return [row["rental_id"] for row in rows]
