"""What a payments drill needs before it begins: cars to rent, and an operator to hand them over."""

import time

import psycopg

from infra.local.drills.renting import SCARCE
from infra.local.identity.tokens import fetch_token

TOKEN_SECONDS = 600  # well below an hour, for which an access token is good
PLENTY = 1_000  # cars more of every other class in the calendar: these are not what is drilled


def stock(database_url: str) -> None:
    """One car a branch of one class, before anything is sold; of the others more than enough."""
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "UPDATE rent.class_supply SET supply = 1, overbooking = 0 WHERE class_code = %s",
            [SCARCE],
        )
        connection.execute(
            "UPDATE rent.class_calendar SET free = array_fill(1::smallint, ARRAY[384])"
            " WHERE class_code = %s",
            [SCARCE],
        )
        connection.execute(
            "UPDATE rent.class_supply SET overbooking = overbooking + %s WHERE class_code <> %s",
            [PLENTY, SCARCE],
        )
        connection.execute(
            "UPDATE rent.class_calendar SET free = ("
            " SELECT array_agg((cars + %s)::smallint ORDER BY hour)"
            " FROM unnest(free) WITH ORDINALITY AS each(cars, hour)) WHERE class_code <> %s",
            [PLENTY, SCARCE],
        )


def spare_the_night(database_url: str) -> None:
    """The night's work is no payment's step, and done once: nobody could die at it again."""
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO rent.night (day, blocks_added, calendar_drift)"
            " SELECT (now() AT TIME ZONE 'UTC')::date + ahead, 0, 0"
            " FROM generate_series(0, 1) AS ahead"
        )


class OperatorToken:
    """Of an operator of every branch, asked for anew before it is too old."""

    def __init__(self, issuer: str) -> None:
        self._issuer, self._token, self._fetched_at = issuer, "", 0.0

    def __call__(self) -> str:
        now = time.monotonic()
        if not self._token or now - self._fetched_at > TOKEN_SECONDS:
            self._token, self._fetched_at = fetch_token(self._issuer, roles=["operator"]), now
        return self._token
