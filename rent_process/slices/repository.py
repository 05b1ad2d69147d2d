"""The calendar's rows that a rental's slice moves over. Never commits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database import Connection
from shared.sql import fetch_all, fetch_one, load_queries

QUERIES = load_queries(__file__)


@dataclass(frozen=True, slots=True)
class Slice:
    """Hours ``[from_hour, to_hour)`` of a class; empty unless its end is above its beginning."""

    class_code: str
    from_hour: int
    to_hour: int


@dataclass(frozen=True, slots=True)
class Moved:
    """``hours_short``: hours that were not there, and would be or became a deficit."""

    available: bool
    hours_short: int


@dataclass(frozen=True, slots=True)
class FreeClass:
    """A class with the cars that it has over a slice."""

    class_code: str
    available: int


async def move(
    connection: Connection, branch: str, give: Slice, take: Slice, *, forced: bool = False
) -> Moved:
    """Hours in both slices do not change; nothing changes unless all that is new can be had."""
    parameters = {
        "branch": branch,
        "old_class": give.class_code,
        "give_from": give.from_hour,
        "give_to": give.to_hour,
        "new_class": take.class_code,
        "take_from": take.from_hour,
        "take_to": take.to_hour,
        "forced": forced,
    }
    return Moved(**await fetch_one(connection, QUERIES["move"], parameters))


async def is_free(connection: Connection, branch: str, take: Slice) -> bool:
    parameters = {
        "branch": branch,
        "class_code": take.class_code,
        "take_from": take.from_hour,
        "take_to": take.to_hour,
    }
    return bool((await fetch_one(connection, QUERIES["is_free"], parameters))["available"])


async def count_short(connection: Connection, branch: str, keep: Slice) -> int:
    """Hours of a slice in which its class has more sold than there is."""
    parameters = {
        "branch": branch,
        "class_code": keep.class_code,
        "from_hour": keep.from_hour,
        "to_hour": keep.to_hour,
    }
    return int((await fetch_one(connection, QUERIES["count_short"], parameters))["hours"])


async def list_better(
    connection: Connection, rental_id: UUID, keep: Slice, now: datetime
) -> list[FreeClass]:
    """Classes above the rental's own that its driver may have, the next one up first."""
    parameters = {
        "rental_id": rental_id,
        "from_hour": keep.from_hour,
        "to_hour": keep.to_hour,
        "now": now,
    }
    rows = await fetch_all(connection, QUERIES["list_better"], parameters)
    return [FreeClass(**row) for row in rows]
