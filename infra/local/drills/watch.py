"""Follows rentals by SQL, as one reader for all flows, through restarts of the database."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from infra.local.drills.judge import QUERIES

POLL_SECONDS = 0.25
DECIDED = frozenset({"CONFIRMED", "EXPIRED", "FAILED", "CANCELLED"})


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a rental and its payment are."""

    rental_id: str
    rental_status: str
    payment_status: str | None
    attempt: int
    intent_id: str | None

    @property
    def is_decided(self) -> bool:
        return self.rental_status in DECIDED


class Watch:
    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._followed: set[str] = set()
        self._changed = asyncio.Event()
        self.seen: dict[str, Seen] = {}

    def follow(self, reference: str) -> None:
        self._followed.add(reference)

    async def until(self, reference: str, holds: Callable[[Seen], bool], seconds: float) -> Seen:
        """Raises TimeoutError when it never holds."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            seen = self.seen.get(reference)
            if seen is not None and holds(seen):
                return seen
            await asyncio.sleep(POLL_SECONDS)
        raise TimeoutError(f"still {self.seen.get(reference)}")

    async def run(self) -> None:
        """Read until cancelled."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, connect_timeout=5
                ) as connection:
                    await self._read(connection)
            except psycopg.OperationalError:
                await asyncio.sleep(POLL_SECONDS)  # it is being restarted

    async def _read(self, connection: "psycopg.AsyncConnection[tuple[object, ...]]") -> None:
        while True:
            undecided = [
                reference
                for reference in self._followed
                if reference not in self.seen or not self.seen[reference].is_decided
            ]
            cursor = await connection.execute(QUERIES["seen"], {"references": undecided})
            async for reference, *row in cursor:
                self.seen[str(reference)] = Seen(*row)  # type: ignore[arg-type]  # as selected
            await asyncio.sleep(POLL_SECONDS)
