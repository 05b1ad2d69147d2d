"""The payer's address, kept with the driver. Never commits."""

from datetime import datetime
from uuid import UUID

from shared.contracts.renter import BillingAddress
from shared.database import Connection
from shared.sql import fetch_one, load_queries

QUERIES = load_queries(__file__)


async def read_payer(connection: Connection, rental_id: UUID) -> tuple[str, datetime]:
    """The type of the driver's document, and when the car is picked up."""
    row = await fetch_one(connection, QUERIES["read_payer"], {"rental_id": rental_id})
    return row["document_type"], row["pickup_at"]


async def note_address(
    connection: Connection, rental_id: UUID, address: BillingAddress, hold_ends: datetime
) -> datetime | None:
    """Keep the address and lengthen the hold; returns when it ends, None where there is none."""
    values = {
        "rental_id": rental_id,
        "address": address.model_dump_json(exclude_none=True),
        "hold_ends": hold_ends,
    }
    row = await fetch_one(connection, QUERIES["note_address"], values)
    expires_at: datetime | None = row["expires_at"]
    return expires_at
