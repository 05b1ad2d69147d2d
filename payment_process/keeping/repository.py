"""Which card a rental has paid by and may pay by again. Never commits."""

from dataclasses import dataclass
from uuid import UUID

from shared.database import Connection
from shared.sql import fetch_all, fetch_one_or_none, load_queries

_QUERIES = load_queries(__file__)


@dataclass(frozen=True, slots=True)
class Kept:
    customer_id: str
    method_id: str | None  # None: no card of this customer has paid yet


@dataclass(frozen=True, slots=True)
class Customer:
    customer_id: str
    is_busy: bool  # a confirmation with it is on its way


async def find_kept(connection: Connection, rental_id: UUID) -> Kept | None:
    row = await fetch_one_or_none(connection, _QUERIES["find_kept"], {"rental_id": rental_id})
    return None if row is None else Kept(**row)


async def list_kept(connection: Connection, rental_id: UUID) -> list[Customer]:
    rows = await fetch_all(connection, _QUERIES["list_kept"], {"rental_id": rental_id})
    return [Customer(**row) for row in rows]


async def forget(connection: Connection, rental_id: UUID) -> None:
    await connection.execute(_QUERIES["forget"], {"rental_id": rental_id})
