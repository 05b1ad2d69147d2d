"""Dead letters of every schema. Never commits."""

from typing import Any
from uuid import UUID

from rent_process.dead_letters.domain import DeadLetter, Resolution
from shared.database import Connection, Schema
from shared.sql import fetch_all, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)
RESOLVE: dict[Schema, str] = {
    "rent": "resolve_of_rent",
    "payment": "resolve_of_payment",
    "email": "resolve_of_email",
}


async def list_dead_letters(
    connection: Connection, parameters: dict[str, Any]
) -> list[dict[str, Any]]:
    return await fetch_all(connection, QUERIES["list_dead_letters"], parameters)


async def find(connection: Connection, dead_letter_id: UUID) -> DeadLetter | None:
    row = await fetch_one_or_none(
        connection, QUERIES["find_dead_letter"], {"dead_letter_id": dead_letter_id}
    )
    return None if row is None else DeadLetter(dead_letter_id=dead_letter_id, **row)


async def resolve(
    connection: Connection,
    letter: DeadLetter,
    resolution: Resolution,
    *,
    actor: str,
    reason: str | None,
) -> bool:
    """Let the owner resolve it; False when somebody else has."""
    parameters = {
        "dead_letter_id": letter.dead_letter_id,
        "resolution": resolution,
        "actor": actor,
        "reason": reason,
    }
    query = QUERIES[RESOLVE[letter.owner]]
    return await fetch_one_or_none(connection, query, parameters) is not None
