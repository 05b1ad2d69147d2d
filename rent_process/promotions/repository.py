"""The uses of promo codes. Never commits."""

from uuid import UUID

from shared.database import Connection
from shared.sql import fetch_one, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


async def lock_limit(connection: Connection, code: str) -> int | None:
    """How often the code may be used; locked until the transaction ends. None: without limit."""
    row = await fetch_one_or_none(connection, QUERIES["lock_limit"], {"code": code})
    return None if row is None else int(row["usage_limit"])


async def count_uses(connection: Connection, code: str) -> int:
    return int((await fetch_one(connection, QUERIES["count_uses"], {"code": code}))["uses"])


async def record_use(connection: Connection, rental_id: UUID, code: str) -> None:
    row = {"rental_id": rental_id, "code": code}
    await connection.execute(QUERIES["record_use"], row)


async def find_use(connection: Connection, rental_id: UUID) -> str | None:
    row = await fetch_one_or_none(connection, QUERIES["find_use"], {"rental_id": rental_id})
    return None if row is None else str(row["promo_code"])


async def forget_use(connection: Connection, rental_id: UUID) -> None:
    await connection.execute(QUERIES["forget_use"], {"rental_id": rental_id})
