"""Seconds from POST /api/rentals to CONFIRMED, and to the confirmation in the mailbox.

A whole stack, one rental after another, a good card, the stand-ins answering at once: what a
renter waits for, not what the system can bear.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import uuid4

import httpx

from infra.local.load.renters import next_monday, rental_request
from infra.local.stack.stack import Stack

GOAL_SECONDS = 5
LONGEST_SECONDS = 60
POLL_SECONDS = 0.02  # both times are known to about two of these
BRANCH, CAR_CLASS = "GRU", "ECMR"
WEEKS = range(3, 43)  # each rental in a week of its own, so that cars never run out


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds since the request was sent."""

    accepted: float
    confirmed: float
    mailed: float


def run(options: Sequence[str]) -> int:
    wanted = _parser().parse_args(options)
    with Stack() as stack, httpx.Client(timeout=30) as client:
        renter = _Renter(stack, client)
        for number in range(wanted.warm_up):
            renter.rent(WEEKS[-1 - number % len(WEEKS)])
        print(f"confirmation: {wanted.rentals} rentals, one after another")
        taken = [renter.rent(WEEKS[number % len(WEEKS)]) for number in range(wanted.rentals)]
    for name in ("accepted", "confirmed", "mailed"):
        seconds = [getattr(each, name) for each in taken]
        print(
            f"  {name:<10} median {median(seconds):5.2f} s  "
            f"min {min(seconds):5.2f} s  max {max(seconds):5.2f} s"
        )
    print(f"\ngoal: median of confirmed and of mailed ≤ {GOAL_SECONDS} s")
    slowest = max(median(t.confirmed for t in taken), median(t.mailed for t in taken))
    return 0 if slowest <= GOAL_SECONDS or not wanted.strict else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py bench confirmation", description=__doc__)
    parser.add_argument("--rentals", type=int, default=20)
    parser.add_argument("--warm-up", type=int, default=2, help="rentals before those that count")
    parser.add_argument("--strict", action="store_true", help="fail above the goal")
    return parser


class _Renter:
    def __init__(self, stack: Stack, client: httpx.Client) -> None:
        self._api, self._mails = stack.addresses.api, f"{stack.addresses.mail_api}/email"
        self._client = client

    def rent(self, weeks_ahead: int) -> Taken:
        """Raises TimeoutError if the rental is not confirmed, or the mail not there, in time."""
        email = f"bench-{uuid4().hex[:10]}@example.com"
        body = self._request(weeks_ahead, email)
        begun = time.monotonic()
        booked = self._client.post(
            f"{self._api}/rentals", json=body, headers={"Idempotency-Key": str(uuid4())}
        )
        accepted = time.monotonic() - begun
        rental = booked.raise_for_status().json()
        confirmed = mailed = 0.0
        while not (confirmed and mailed):
            if not confirmed and self._is_confirmed(rental):
                confirmed = time.monotonic() - begun
            if not mailed and self._is_mailed(rental, email):
                mailed = time.monotonic() - begun
            if time.monotonic() - begun > LONGEST_SECONDS:
                raise TimeoutError(f"{rental['reference']} is not settled in {LONGEST_SECONDS} s")
            time.sleep(POLL_SECONDS)
        return Taken(accepted, confirmed, mailed)

    def _request(self, weeks_ahead: int, email: str) -> dict[str, Any]:
        start = next_monday(weeks_ahead)
        asked = {
            "pickup_branch": BRANCH,
            "return_branch": BRANCH,
            "pickup_at": start.isoformat(),
            "return_at": (start + timedelta(days=3)).isoformat(),
            "driver_age": "36",
        }
        found = self._client.get(f"{self._api}/offers", params=asked).raise_for_status().json()
        offers = {each["class"]: each["offer"] for each in found["offers"]}
        body = rental_request(offers[CAR_CLASS])
        return {**body, "driver": {**body["driver"], "email": email}}

    def _is_confirmed(self, rental: dict[str, Any]) -> bool:
        headers = {"Authorization": f"Bearer {rental['manage_token']}"}
        answer = self._client.get(f"{self._api}/rentals/{rental['reference']}", headers=headers)
        return bool(answer.raise_for_status().json()["status"] == "CONFIRMED")

    def _is_mailed(self, rental: dict[str, Any], email: str) -> bool:
        mails = self._client.get(self._mails).raise_for_status().json()
        return any(
            rental["reference"] in mail["subject"]
            and any(to["address"] == email for to in mail["to"])
            for mail in mails
        )
