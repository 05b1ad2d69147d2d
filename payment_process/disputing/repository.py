"""Disputes as they are stored. Never commits."""

from dataclasses import asdict
from uuid import UUID

from payment_process.disputing.domain import Dispute, DisputeStatus
from payment_process.domain import Payment
from payment_process.repository import from_row
from shared.database import Connection
from shared.sql import fetch_all, fetch_one, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


async def had_its_effect(connection: Connection, event_id: str) -> bool:
    row = await fetch_one(connection, QUERIES["had_its_effect"], {"event_id": event_id})
    return bool(row["known"])


async def lock_payment_of_intent(connection: Connection, intent_id: str) -> Payment | None:
    row = await fetch_one_or_none(
        connection, QUERIES["lock_payment_of_intent"], {"intent_id": intent_id}
    )
    return None if row is None else from_row(row)


async def find_status(connection: Connection, dispute_id: str) -> DisputeStatus | None:
    row = await fetch_one_or_none(connection, QUERIES["find_status"], {"dispute_id": dispute_id})
    return None if row is None else DisputeStatus(row["status"])


async def save(connection: Connection, payment_id: UUID, dispute: Dispute) -> None:
    values = asdict(dispute) | {"payment_id": payment_id}
    await connection.execute(QUERIES["save_dispute"], values)


async def list_statuses(connection: Connection, payment_id: UUID) -> list[DisputeStatus]:
    rows = await fetch_all(connection, QUERIES["list_statuses"], {"payment_id": payment_id})
    return [DisputeStatus(row["status"]) for row in rows]


async def take_open(connection: Connection, limit: int) -> list[str]:
    rows = await fetch_all(connection, QUERIES["take_open"], {"limit": limit})
    return [str(row["dispute_id"]) for row in rows]
