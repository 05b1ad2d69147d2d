"""The calendar's rows that a rental's slice moves over. Never commits."""

from dataclasses import dataclass

from shared.database import Connection
from shared.sql import fetch_one, load_queries

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
