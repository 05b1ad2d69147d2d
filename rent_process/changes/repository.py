"""A rental's row while it is changed. Never commits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from rent_process.changes.domain import ChangingRental, Revision, Settlement
from rent_process.pricing.repository import Moving
from rent_process.settlement.repository import hour_of
from shared import outbox
from shared.contracts.renter import CancellationPolicy, ExtraChoice, RentalStatus
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


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """Everything that one statement writes when a rental is modified."""

    rental: ChangingRental
    revision: Revision
    key: str
    request_hash: bytes
    actor: str
    events: list[str]
    envelopes: list[Envelope]
    now: datetime


@dataclass(frozen=True, slots=True)
class KnownRevision:
    """What a key was answered before."""

    number: int
    request_hash: bytes
    total_minor: int
    price: dict[str, Any]
    to_pay_minor: int
    refund_minor: int


async def read_rental(connection: Connection, reference: str) -> ChangingRental | None:
    return await _rental(connection, QUERIES["read_rental"], reference)


async def lock_rental(connection: Connection, reference: str) -> ChangingRental | None:
    """The row stays locked until the transaction ends."""
    return await _rental(connection, QUERIES["lock_rental"], reference)


async def read_moving(connection: Connection, rental: ChangingRental, birth_date: date) -> Moving:
    """What the rental has and would leave."""
    row = await fetch_one(connection, QUERIES["read_moving"], {"rental_id": rental.rental_id})
    return Moving(**row, birth_date=birth_date)


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


async def find_revision(connection: Connection, rental_id: UUID, key: str) -> KnownRevision | None:
    """What an idempotency key has changed before."""
    row = await fetch_one_or_none(
        connection,
        QUERIES["find_revision"],
        {"rental_id": rental_id, "idempotency_key": key},
    )
    return None if row is None else KnownRevision(**row)


async def modify(connection: Connection, row: RevisionRow) -> int | None:
    """Returns the revision's number; None when the new slice is not all to be had."""
    revision, terms = row.revision, row.revision.terms
    parameters = {
        "rental_id": row.rental.rental_id,
        "version": row.rental.version,
        "now_hour": hour_of(row.now),
        "pickup_branch": terms.pickup_branch,
        "return_branch": terms.return_branch,
        "class_code": terms.class_code,
        "pickup_at": terms.pickup_at,
        "return_at": terms.return_at,
        "from_hour": terms.from_hour,
        "to_hour": terms.to_hour,
        "driver_age": revision.driver_age,
        "price": revision.chosen.price.model_dump_json(),
        "total_minor": revision.chosen.price.total.amount,
        "deposit_minor": terms.deposit.amount,
        "policy": revision.policy.model_dump_json(),
        "extras": json.dumps(revision.chosen.extras),
        "coverages": json.dumps(revision.chosen.coverages),
        "idempotency_key": row.key,
        "request_hash": row.request_hash,
        "to_pay_minor": revision.to_pay_minor,
        "refund_minor": revision.refund_minor,
        "actor": row.actor,
        "events": row.events,
        **outbox.parameters(row.envelopes),
    }
    written = await fetch_one_or_none(connection, QUERIES["modify"], parameters)
    return None if written is None else int(written["number"])


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
            "birth_date": date.fromisoformat(row["birth_date"]) if row["birth_date"] else None,
            "extras": [ExtraChoice.model_validate(each) for each in row["extras"]],
        }
    )
