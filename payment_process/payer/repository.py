"""Reads the payer from RentProcess' view. Never commits."""

from uuid import UUID

from payment_process.payer.domain import Payer
from shared.database import Connection
from shared.sql import fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


async def find_payer(connection: Connection, rental_id: UUID) -> Payer | None:
    """None: there is no such rental, or its driver was erased."""
    row = await fetch_one_or_none(connection, QUERIES["find_payer"], {"rental_id": rental_id})
    if row is None or row["email"] is None:
        return None
    return Payer(**row | {"address": row["address"] or {}})
