"""Plays the other folders' parts in the rental's saga, and reads what the rental asks of them."""

import json
from datetime import UTC, datetime
from typing import Any, LiteralString

import httpx
import psycopg

from rent_process.settlement import service as settlement
from shared.contracts.messages import PaymentOutcome, PaymentSettledV1
from shared.contracts.money import Money
from tests.plugins.market import Renter


def query(url: str, statement: LiteralString, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement, values).fetchall()


def messages(url: str, kind: str) -> list[dict[str, Any]]:
    """What the outbox holds of one type, oldest first."""
    rows = query(url, "SELECT body FROM rent.outbox ORDER BY position")
    bodies = [json.loads(body) for (body,) in rows]
    return [body for body in bodies if body["type"] == kind]


async def pay(
    url: str,
    reference: str,
    outcome: PaymentOutcome = PaymentOutcome.CAPTURED,
    *,
    now: datetime | None = None,
) -> None:
    """Answer the rental's newest request for its price as PaymentProcess would."""
    [(rental_id, total, attempt)] = query(
        url,
        "SELECT rental_id, total_minor, attempt FROM rent.rental WHERE reference = %s",
        reference,
    )
    message = PaymentSettledV1(
        rental_id=rental_id,
        attempt=attempt,
        outcome=outcome,
        amount=Money(amount=total, currency="BRL"),
    )
    await settlement.handle_result(message, now or datetime.now(UTC))


async def book_and_pay(renter: Renter, url: str, **search: Any) -> dict[str, Any]:
    """A rental that is confirmed."""
    accepted: dict[str, Any] = (await renter.book(await renter.offer(**search))).json()
    await pay(url, accepted["reference"])
    return accepted


async def call(
    renter: Renter, method: str, accepted: dict[str, Any], what: str, **arguments: Any
) -> httpx.Response:
    """Call about one rental as whoever holds its manage token."""
    headers = {"Authorization": f"Bearer {accepted['manage_token']}"}
    headers |= arguments.pop("headers", {})
    path = f"/api/rentals/{accepted['reference']}/{what}"
    return await renter.client.request(method, path, headers=headers, **arguments)


async def available(renter: Renter, car_class: str = "ECMR", **search: Any) -> int:
    offers = (await renter.search(**search)).json()["offers"]
    found: int = next(each["available"] for each in offers if each["class"] == car_class)
    return found
