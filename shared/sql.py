"""SQL lives in ``queries.sql`` beside the repository that runs it, as ``-- name: ...`` blocks."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, LiteralString, cast

from shared.database import Connection

_NAME = re.compile(r"^-- name: (?P<name>[a-z][a-z0-9_]*)$", re.MULTILINE)


def load_queries(beside: str, name: str = "queries.sql") -> Mapping[str, LiteralString]:
    """Read ``queries.sql`` in the folder of the module file ``beside`` (pass ``__file__``).

    Raises:
        ValueError: a name stands twice, or text precedes the first name.
    """
    path = Path(beside).with_name(name)
    head, *blocks = _NAME.split(path.read_text(encoding="utf-8"))
    if any(line.strip() and not line.startswith("--") for line in head.splitlines()):
        raise ValueError(f"{path.name}: SQL before the first name")
    names = blocks[::2]
    if len(set(names)) != len(names):
        raise ValueError(f"{path.name}: a name stands twice")
    # The text is ours and holds no value of anyone's: psycopg asks for a literal to make sure.
    queries = {
        n: cast("LiteralString", s.strip()) for n, s in zip(names, blocks[1::2], strict=True)
    }
    return MappingProxyType(queries)


async def fetch_one(
    connection: Connection, query: LiteralString, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """Run a query that always has a row."""
    row = await fetch_one_or_none(connection, query, parameters)
    if row is None:
        raise AssertionError("this query always has a row")
    return row


async def fetch_one_or_none(
    connection: Connection, query: LiteralString, parameters: Mapping[str, Any]
) -> dict[str, Any] | None:
    return await (await connection.execute(query, parameters)).fetchone()


async def fetch_all(
    connection: Connection, query: LiteralString, parameters: Mapping[str, Any]
) -> list[dict[str, Any]]:
    return await (await connection.execute(query, parameters)).fetchall()
