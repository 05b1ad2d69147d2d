"""Follows rentals by SQL, as one reader for all flows, through restarts of the database."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg

from infra.local.drills.judge import QUERIES

POLL_SECONDS = 0.25
DECIDED = frozenset({"CONFIRMED", "CHECKED_OUT", "COMPLETED", "EXPIRED", "FAILED", "CANCELLED"})


@dataclass(frozen=True, slots=True)
class Later:
    """A deposit, or a payment of what came on top, as the rental and its payment have it."""

    purpose: str
    charge_status: str
    is_settling: bool  # a part of a deposit, or its release, was asked for
    payment_status: str | None
    intent_id: str | None
    renewal: int
    is_given_up: bool

    @property
    def is_under_way(self) -> bool:
        """Somebody has to answer yet."""
        if self.charge_status == "HELD":
            return self.is_settling
        return self.charge_status in {"OPEN", "DECLINED"}


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a rental and its payments are."""

    read_at: float
    rental_id: str
    rental_status: str
    payment_status: str | None
    attempt: int
    intent_id: str | None
    refunds_under_way: int
    later: tuple[Later, ...]

    @property
    def is_decided(self) -> bool:
        return self.rental_status in DECIDED

    @property
    def deposit(self) -> Later | None:
        found = [each for each in self.later if each.purpose == "DEPOSIT"]
        return found[-1] if found else None

    @property
    def is_asked(self) -> bool:
        """The renter is to do something about what was asked last."""
        return bool(self.later) and self.later[-1].payment_status == "REQUIRES_ACTION"

    @property
    def is_quiet(self) -> bool:
        """Nothing moves; after return no deposit stands any more either."""
        back = self.rental_status == "COMPLETED"
        return not self.refunds_under_way and not any(
            each.is_under_way or (back and each.charge_status == "HELD") for each in self.later
        )

    @property
    def newest_intent(self) -> str | None:
        return self.later[-1].intent_id if self.later else self.intent_id


class Watch:
    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._wanted: dict[str, int] = {}  # reference -> who waits for it
        self.seen: dict[str, Seen] = {}

    def follow(self, reference: str) -> None:
        self._wanted.setdefault(reference, 0)

    async def until(self, reference: str, holds: Callable[[Seen], bool], seconds: float) -> Seen:
        """Only what is read from now on counts.

        Raises:
            TimeoutError: it never holds.
        """
        began = time.monotonic()
        self._wanted[reference] = self._wanted.get(reference, 0) + 1
        try:
            while time.monotonic() < began + seconds:
                seen = self.seen.get(reference)
                if seen is not None and seen.read_at >= began and holds(seen):
                    return seen
                await asyncio.sleep(POLL_SECONDS)
        finally:
            self._wanted[reference] -= 1
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

    async def _read(self, connection: "psycopg.AsyncConnection[tuple[Any, ...]]") -> None:
        while True:
            wanted = [reference for reference, waiting in self._wanted.items() if waiting]
            began = time.monotonic()
            cursor = await connection.execute(QUERIES["seen"], {"references": wanted})
            async for reference, *row, later in cursor:
                self.seen[reference] = Seen(began, *row, tuple(Later(**each) for each in later))  # type: ignore[call-arg]  # as selected
            await asyncio.sleep(POLL_SECONDS)
