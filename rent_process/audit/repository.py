"""The audit's rows. PostgreSQL refuses to change or delete one. Never commits."""

from typing import Any

from shared.database import Connection
from shared.sql import fetch_all, load_queries

QUERIES = load_queries(__file__)


async def record(connection: Connection, entry: dict[str, Any]) -> None:
    from psycopg.types.json import Jsonb  # noqa: PLC0415 -- import budget

    def json_of(state: dict[str, Any] | None) -> Jsonb | None:
        return None if state is None else Jsonb(state)

    states = {"before": json_of(entry["before"]), "after": json_of(entry["after"])}
    await connection.execute(QUERIES["record"], entry | states)


async def list_entries(
    connection: Connection,
    *,
    rental: str | None,
    before: int | None,
    branches: list[str] | None,
    limit: int,
) -> list[dict[str, Any]]:
    parameters = {"rental": rental, "before": before, "branches": branches, "limit": limit}
    return await fetch_all(connection, QUERIES["list_entries"], parameters)
