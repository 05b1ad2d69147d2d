"""The uses of promo codes. Never commits."""

from uuid import UUID

from shared.contracts.promotions import PromoCode, PromoCodeRules
from shared.database import Connection
from shared.sql import fetch_all, fetch_one, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)
MOST_CODES = 1_000


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


async def list_codes(connection: Connection, code: str | None = None) -> list[PromoCode]:
    """Every code, or the one of this name; the longest valid first."""
    parameters = {"code": code, "limit": MOST_CODES}
    rows = await fetch_all(connection, QUERIES["list_codes"], parameters)
    return [PromoCode.model_validate(row) for row in rows]


async def write_code(connection: Connection, code: str, rules: PromoCodeRules) -> None:
    amount = rules.amount
    row = rules.model_dump(exclude={"amount", "reason"}) | {
        "code": code,
        "amount_minor": None if amount is None else amount.amount,
        "currency": None if amount is None else amount.currency,
    }
    await connection.execute(QUERIES["write_code"], row)
