"""The cards' rows. PostgreSQL refuses to change or delete one. Never commits."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter

from rent_process.rates.domain import Catalogue
from shared.contracts.rates import CardLine, NewRateCard, RateCard, RateVersion
from shared.database import Connection
from shared.sql import fetch_all, fetch_one, load_queries

QUERIES = load_queries(__file__)
MOST_VERSIONS = 100
_LINES: TypeAdapter[Sequence[CardLine]] = TypeAdapter(Sequence[CardLine])


async def read_cards(
    connection: Connection, branch_group: str | None, at: datetime
) -> list[RateCard]:
    parameters = {"branch_group": branch_group, "at": at}
    rows = await fetch_all(connection, QUERIES["read_cards"], parameters)
    return [RateCard.model_validate(row) for row in rows]


async def list_versions(connection: Connection, branch_group: str | None) -> list[RateVersion]:
    parameters = {"branch_group": branch_group, "limit": MOST_VERSIONS}
    rows = await fetch_all(connection, QUERIES["list_versions"], parameters)
    return [RateVersion.model_validate(row) for row in rows]


async def read_catalogue(connection: Connection, branch_group: str) -> Catalogue:
    row = await fetch_one(connection, QUERIES["read_catalogue"], {"branch_group": branch_group})
    pairs = frozenset((origin, destination) for origin, destination in row.pop("pairs"))
    return Catalogue(pairs=pairs, **{name: frozenset(codes) for name, codes in row.items()})


async def lock_group(connection: Connection, branch_group: str) -> datetime:
    """Until the transaction ends nobody else publishes for this group; returns since when."""
    await connection.execute(QUERIES["lock_group"], {"branch_group": branch_group})
    locked_at: datetime = (await fetch_one(connection, QUERIES["read_clock"], {}))["at"]
    return locked_at


async def insert_card(
    connection: Connection,
    card: NewRateCard,
    lines: Sequence[CardLine],
    effective_at: datetime,
    created_by: str,
) -> None:
    row = {
        "branch_group": card.branch_group,
        "currency": card.currency,
        "effective_at": effective_at,
        "created_by": created_by,
        "lines": _LINES.dump_json(lines, by_alias=True).decode(),
    }
    await connection.execute(QUERIES["insert_card"], row)
