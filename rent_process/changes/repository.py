"""A rental's row while it is changed. Never commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from rent_process.changes.domain import ChangingRental, Settlement
from rent_process.settlement.repository import hour_of
from shared import outbox
from shared.contracts.renter import CancellationPolicy, RentalStatus
from shared.database import Connection
from shared.outbox import Envelope
from shared.sql import fetch_one, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


@dataclass(frozen=True, slots=True)
class CancellationRow:
    """Everything that one statement writes when a rental is cancelled."""

    rental: ChangingRental
    settlement: Settlement
    actor: str
    reason: str | None
    events: list[str]
    envelopes: list[Envelope]
    now: datetime


async def read_rental(connection: Connection, reference: str) -> ChangingRental | None:
    return await _rental(connection, QUERIES["read_rental"], reference)


async def lock_rental(connection: Connection, reference: str) -> ChangingRental | None:
    """The row stays locked until the transaction ends."""
    return await _rental(connection, QUERIES["lock_rental"], reference)


async def find_cancellation(connection: Connection, rental_id: UUID) -> Settlement | None:
    """What the renter was answered; None for a rental that was not cancelled."""
    row = await fetch_one_or_none(
        connection, QUERIES["find_cancellation"], {"rental_id": rental_id}
    )
    return None if row is None else Settlement(**row)


async def cancel(connection: Connection, row: CancellationRow) -> bool:
    """False: the rental has changed since it was read."""
    parameters = {
        "rental_id": row.rental.rental_id,
        "version": row.rental.version,
        "now_hour": hour_of(row.now),
        "actor": row.actor,
        "reason": row.reason,
        "fee_minor": row.settlement.fee_minor,
        "refund_minor": row.settlement.refund_minor,
        "events": row.events,
        **outbox.parameters(row.envelopes),
    }
    return bool((await fetch_one(connection, QUERIES["cancel"], parameters))["cancelled"])


async def _rental(
    connection: Connection, query: LiteralString, reference: str
) -> ChangingRental | None:
    row = await fetch_one_or_none(connection, query, {"reference": reference})
    return None if row is None else _from_row(row)


def _from_row(row: Mapping[str, Any]) -> ChangingRental:
    return ChangingRental(
        **{
            **row,
            "status": RentalStatus(row["status"]),
            "policy": CancellationPolicy.model_validate(row["policy"]),
        }
    )
