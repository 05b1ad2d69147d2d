"""The nights whose work is done. Never commits."""

from datetime import date

from shared.database import Connection
from shared.sql import fetch_one, load_queries

QUERIES = load_queries(__file__)


async def is_done(connection: Connection, day: date) -> bool:
    return bool((await fetch_one(connection, QUERIES["is_done"], {"day": day}))["done"])


async def write_night(
    connection: Connection, day: date, blocks_added: int, calendar_drift: int
) -> None:
    row = {"day": day, "blocks_added": blocks_added, "calendar_drift": calendar_drift}
    await connection.execute(QUERIES["write_night"], row)
