"""The story of one rental's money beyond its price, as counter and PaymentProcess tell it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from rent_process.charging import service as charging
from rent_process.settlement import service as settlement
from shared import outbox
from shared.contracts.charging import ChargeLine
from shared.contracts.messages import PaymentOutcome, PaymentSettledV1, Purpose
from shared.contracts.money import Money
from shared.database import transaction
from tests.plugins.market import Renter
from tests.plugins.saga import book_and_pay, messages, query

TOTAL = 33_600
FINE = 19_500
DEPOSIT = Purpose.DEPOSIT
ADDITIONAL = Purpose.ADDITIONAL
CARD = {"method": "card", "payment_method_id": "pm_another"}
O = PaymentOutcome  # noqa: E741 -- as short as the stories it is used in


def brl(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "BRL"}


class Story:
    """One rental's money, from the counter's and PaymentProcess' side."""

    def __init__(self, url: str, renter: Renter, accepted: dict[str, Any]) -> None:
        self.url, self.renter, self.accepted = url, renter, accepted
        [(self.rental_id, self.deposit)] = query(
            url,
            "SELECT rental_id, deposit_minor FROM rent.rental WHERE reference = %s",
            accepted["reference"],
        )

    def becomes(self, status: str) -> None:
        query(self.url, "UPDATE rent.rental SET status = %s RETURNING 1", status)

    async def hold(self) -> None:
        await self.authorise()
        await self.hears(DEPOSIT, 2, O.AUTHORIZED, self.deposit)

    async def authorise(self, **how: Any) -> None:
        await self._do(charging.authorize_deposit, datetime.now(UTC), **how)

    async def settle(self, captured: int) -> None:
        await self._do(charging.settle_deposit, captured)

    async def returns(self, *lines: ChargeLine, captured: int | None = None) -> None:
        """Check-in, as far as money goes."""
        self.becomes("COMPLETED")
        async with transaction("rent") as connection:
            now, envelopes = datetime.now(UTC), []
            if lines:
                added = await charging.add_charges(
                    connection, self.rental_id, lines, now, key="in", actor="op", ask=False
                )
                envelopes += added.envelopes
            if captured is not None:
                envelopes += await charging.settle_deposit(connection, self.rental_id, captured)
            envelopes += await charging.settle_return(connection, self.rental_id, now)
            await outbox.write(connection, envelopes)

    async def _do(self, what: Any, *arguments: Any, **named: Any) -> None:
        async with transaction("rent") as connection:
            found = await what(connection, self.rental_id, *arguments, **named)
            await outbox.write(connection, found)

    async def hears(
        self, purpose: Purpose, sequence: int, outcome: PaymentOutcome, amount: int = 0
    ) -> None:
        """PaymentProcess answers, twice as queues do."""
        message = PaymentSettledV1(
            rental_id=self.rental_id,
            purpose=purpose,
            sequence=sequence,
            attempt=1,
            outcome=outcome,
            amount=Money(amount=amount, currency="BRL"),
        )
        for _ in range(2):
            await settlement.handle_result(message, datetime.now(UTC))

    def asked(self, kind: str, *fields: str) -> list[tuple[Any, ...]]:
        """What was asked of PaymentProcess about anything but the price."""
        found = [m for m in messages(self.url, kind) if m["purpose"] != "PREPAY"]
        return [tuple(message.get(name) for name in fields) for message in found]

    def charges(self) -> list[tuple[Any, ...]]:
        return query(
            self.url,
            "SELECT sequence, purpose, status, received_minor FROM rent.rental_charge"
            " ORDER BY sequence",
        )

    async def due(self) -> int:
        amount: int = (await self.rental())["due"]["amount"]
        return amount

    async def rental(self) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.accepted['manage_token']}"}
        answer = await self.renter.client.get(
            f"/api/rentals/{self.accepted['reference']}", headers=headers
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def events(self) -> list[str]:
        return [step["event"] for step in (await self.rental())["timeline"]]


def line(amount: int = FINE, purpose: str = "Damage", **more: Any) -> ChargeLine:
    body = {"purpose": purpose, "description": "left door", "unit_amount": brl(amount)} | more
    return ChargeLine.model_validate(body)


@pytest.fixture
async def story(renter: Renter, market: str) -> Story:
    """A rental that is paid by card and confirmed."""
    return Story(market, renter, await book_and_pay(renter, market))
