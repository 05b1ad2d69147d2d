"""Bookings, changes, cancellations and supply changes on the same hours, many at once.

No override is asked for, so nothing may be short: what is sold fits the cars in every hour, however
the calls met. The judge is a sweep over rentals and supply in SQL, as in the race.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from infra.local.drills.judge import Judge
from infra.local.drills.verdict import Verdict
from infra.local.load.renters import Renters, Reply, next_monday, random_trip, rental_request

HOME, AWAY = "GRU", "GIG"
CLASSES = ("ECMR", "CDAR")
VEHICLES = 12  # cars that come and go; beside those that the race gave every class
WEEKS_AHEAD = 9  # hours that the race before has not sold
COUNTER = {"method": "counter"}
# How often each is done, in a hundred.
WEIGHTS = {"book": 35, "modify": 20, "cancel": 15, "mend": 12, "move": 12, "retire": 6}
KINDS = {
    "bookings": ("book",),
    "modifications": ("modify",),
    "cancellations": ("cancel",),
    "supply changes": ("mend", "mended", "move", "retire"),
}
# Sold out, not to be moved now, and gone in between: every other answer is a fault.
EXPECTED = {200, 201, 202, 404, 409}


@dataclass
class Storm:
    """What was done, and what of it may be done something with."""

    booked: list[dict[str, Any]] = field(default_factory=list)
    answers: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    in_flight: int = 0
    most_in_flight: int = 0
    done: int = 0

    def count(self, what: str, reply: Reply) -> Reply:
        self.answers[what, reply.status, reply.code] += 1
        return reply

    def taken(self, what: str) -> int:
        """How often it was done, and not refused."""
        done = {200, 201, 202}
        return sum(
            n for (did, status, _), n in self.answers.items() if did == what and status in done
        )


class _Actor:
    """One of those who call at the same time, one call after the other."""

    def __init__(self, renters: Renters, storm: Storm, draw: Random, token: str) -> None:
        self._renters, self._storm, self._draw, self._token = renters, storm, draw, token

    async def act(self) -> None:
        what = self._draw.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        step: Callable[[], Awaitable[None]] = getattr(self, what)
        await step()
        self._storm.done += 1

    async def book(self) -> None:
        offer = await self._offer()
        if offer is None:
            return
        reply = await self._renters.book(self._key(), rental_request(offer, payment=COUNTER))
        if self._storm.count("book", reply).status == 202:  # noqa: PLR2004 -- HTTP
            self._storm.booked.append(reply.body)

    async def modify(self) -> None:
        offer = await self._offer()
        if offer is None or not self._storm.booked:
            return
        booked = self._draw.choice(self._storm.booked)
        path = f"/rentals/{booked['reference']}/modification"
        reply = await self._renters.post(
            path, self._key(), {"offer": offer}, booked["manage_token"]
        )
        self._storm.count("modify", reply)

    async def cancel(self) -> None:
        if not self._storm.booked:
            return
        booked = self._storm.booked.pop(self._draw.randrange(len(self._storm.booked)))
        path = f"/rentals/{booked['reference']}/cancellation"
        self._storm.count("cancel", await self._renters.post(path, "", {}, booked["manage_token"]))

    async def mend(self) -> None:
        """Into the workshop on one of the days that are rented for, and out again or not."""
        first = next_monday(WEEKS_AHEAD) + timedelta(hours=self._draw.randrange(24 * 12))
        end = first + timedelta(hours=self._draw.randrange(1, 72))
        body = {"from": first.isoformat(), "to": end.isoformat(), "reason": "drill"}
        path = f"/operator/vehicles/{self._plate()}/maintenance"
        reply = self._storm.count("mend", await self._operate("POST", path, body))
        if reply.status == 201 and self._draw.random() < 0.9:  # noqa: PLR2004 -- most come back
            ended = await self._operate("DELETE", f"{path}/{reply.body['id']}")
            self._storm.count("mended", ended)

    async def move(self) -> None:
        """To another branch or class, and back some time."""
        change = self._draw.choice(
            [{"branch": HOME}, {"branch": AWAY}, *({"class": each} for each in CLASSES)]
        )
        await self._change("move", change)

    async def retire(self) -> None:
        await self._change("retire", {"status": self._draw.choice(("retired", "active"))})

    async def _change(self, what: str, change: dict[str, str]) -> None:
        path = f"/operator/vehicles/{self._plate()}"
        reply = await self._operate("PUT", path, change)
        if reply.code == "validation_failed":  # out of the fleet: it can only be brought back
            reply = await self._operate("PUT", path, change | {"status": "active"})
        self._storm.count(what, reply)

    async def _operate(self, method: str, path: str, body: dict[str, Any] | None = None) -> Reply:
        return await self._renters.send(
            method, path, body, {"Authorization": f"Bearer {self._token}"}
        )

    async def _offer(self) -> str | None:
        trip = random_trip(self._draw, HOME, [HOME], "", weeks_ahead=WEEKS_AHEAD)
        return (await self._renters.offers(trip)).get(self._draw.choice(CLASSES))

    def _plate(self) -> str:
        return plate_of(self._draw.randrange(VEHICLES))

    def _key(self) -> str:
        return f"{self._draw.getrandbits(128):032x}"


def plate_of(number: int) -> str:
    return f"DRL{number:04}"


async def rage(api: str, token: str, *, in_flight: int, seconds: float, seed: int) -> Storm:
    """Let ``in_flight`` actors act for so long."""
    storm = Storm()
    async with Renters(api) as renters:
        await _fill_fleet(renters, token)
        deadline = time.monotonic() + seconds

        async def keep_acting(number: int) -> None:
            draw = Random(f"{seed} {number}")  # noqa: S311 -- repeatable draws, no secrets
            actor = _Actor(renters, storm, draw, token)
            while time.monotonic() < deadline:
                storm.in_flight += 1
                storm.most_in_flight = max(storm.most_in_flight, storm.in_flight)
                try:
                    await actor.act()
                finally:
                    storm.in_flight -= 1

        await asyncio.gather(*(keep_acting(number) for number in range(in_flight)))
    return storm


async def _fill_fleet(renters: Renters, token: str) -> None:
    for number in range(VEHICLES):
        body = {
            "plate": plate_of(number),
            "branch": HOME,
            "class": CLASSES[number % len(CLASSES)],
            "model": "Drill",
            "model_year": 2026,
        }
        headers = {"Authorization": f"Bearer {token}"}
        reply = await renters.send("POST", "/operator/vehicles", body, headers)
        if reply.status != 201:  # noqa: PLR2004 -- HTTP
            raise RuntimeError(f"no car joined the fleet: {reply}")


def judge_storm(
    storm: Storm, judge: Judge, verdict: Verdict, in_flight: int, unlisted: list[tuple[Any, ...]]
) -> None:
    """``unlisted``: each class's supply beyond its vehicles, before the storm."""
    failed = sum(n for (_, status, _), n in storm.answers.items() if status >= 500 or status == 0)  # noqa: PLR2004 -- HTTP
    strange = {
        each: n
        for each, n in storm.answers.items()
        if each[1] not in EXPECTED and 0 < each[1] < 500  # noqa: PLR2004 -- HTTP
    }
    verdict.note("storm: steps", storm.done)
    verdict.hold("storm: most in flight at once", storm.most_in_flight, f"≥ {in_flight}",
                 lambda n: n >= in_flight)  # fmt: skip
    for subject, kinds in KINDS.items():
        done = sum(storm.taken(what) for what in kinds)
        verdict.hold(f"storm: {subject}, done", done, "≥ 1", lambda n: n >= 1)
    refused = sum(n for (_, status, _), n in storm.answers.items() if status == 409)  # noqa: PLR2004 -- HTTP
    verdict.note("storm: refused (409)", refused)
    verdict.require("storm: answers 5xx, or none", failed, 0)
    verdict.require("storm: answered otherwise", strange, {})
    verdict.require("storm: hours above supply (sweep)", judge.ask("oversold"), 0)
    verdict.require("storm: hours short of a car", judge.ask("short"), 0)
    verdict.require(
        "storm: hours where calendar and rentals differ", judge.ask("calendar_disagrees"), 0
    )
    verdict.require(
        "storm: supply that no car explains", set(judge.rows("unlisted")) ^ set(unlisted), set()
    )
