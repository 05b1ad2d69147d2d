"""One rental's payment on a real database, seen by those that it is announced to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.rows import dict_row

from payment_process import service
from payment_process.deposits import service as deposits
from payment_process.domain import Payment
from shared.contracts.messages import (
    PaymentCancelRequestedV1,
    PaymentCaptureRequestedV1,
    PaymentMethod,
    PaymentRequestedV1,
    Purpose,
)
from shared.contracts.money import Money
from shared.errors import Unavailable
from tests.integration.payment_process.fake_vendor import Crash, FakeVendor
from tests.integration.payment_process.stripe_account import stripe

__all__ = ["stripe"]

TOTAL = 45_990
DEPOSIT = 70_000


@dataclass
class Desk:
    """Sends one rental's messages to PaymentProcess and reads what it committed."""

    database: str
    vendor: FakeVendor = field(default_factory=FakeVendor)
    rental_id: UUID = field(default_factory=uuid4)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self.vendor.clock = self.clock

    def clock(self) -> datetime:
        return self.now

    def request(
        self, method: str | None = "pm_good", attempt: int = 1, **more: Any
    ) -> PaymentRequestedV1:
        return PaymentRequestedV1(
            rental_id=self.rental_id,
            reference="7K3MZQ2A",
            attempt=attempt,
            method=PaymentMethod.CARD,
            payment_method_id=method,
            **{
                "amount": Money(amount=TOTAL, currency="BRL"),
                "expires_at": self.now + timedelta(minutes=15),
                **more,
            },
        )

    async def pay(self, method: str | None = "pm_good", attempt: int = 1, **more: Any) -> Payment:
        return await self.deliver(self.request(method, attempt, **more))

    async def deliver(self, message: PaymentRequestedV1) -> Payment:
        return await service.request_payment(message, self.vendor, self.clock)

    async def deliver_until_taken(self, message: PaymentRequestedV1) -> Payment:
        """As the queue does: again after a crash or an error, five times."""
        for _ in range(5):
            try:
                return await self.deliver(message)
            except (Crash, Unavailable):
                continue
        raise AssertionError("the message went to the poison queue")

    async def cancel(self) -> Payment:
        message = PaymentCancelRequestedV1(rental_id=self.rental_id, reason="expired")
        return await service.cancel_payment(message, self.vendor, self.clock)

    async def hold(self, method: str = "pm_good", **more: Any) -> Payment:
        """Pay the price by a card that is kept, then authorise a deposit by it."""
        await self.pay(method, save_method=True)
        return await self.authorise(**more)

    async def authorise(self, **more: Any) -> Payment:
        return await self.deliver(self.deposit_request(**more))

    def deposit_request(self, **more: Any) -> PaymentRequestedV1:
        return self.request(
            **{
                "method": None,
                "purpose": Purpose.DEPOSIT,
                "sequence": 2,
                "off_session": True,
                "amount": Money(amount=DEPOSIT, currency="BRL"),
                **more,
            }
        )

    def capture_request(self, amount: int = DEPOSIT) -> PaymentCaptureRequestedV1:
        return PaymentCaptureRequestedV1(
            rental_id=self.rental_id,
            purpose=Purpose.DEPOSIT,
            sequence=2,
            amount=Money(amount=amount, currency="BRL"),
        )

    async def capture(self, amount: int = DEPOSIT) -> Payment | None:
        return await deposits.capture_payment(self.capture_request(amount), self.vendor, self.clock)

    async def release(self) -> Payment:
        message = PaymentCancelRequestedV1(
            rental_id=self.rental_id, purpose=Purpose.DEPOSIT, sequence=2, reason="released"
        )
        return await service.cancel_payment(message, self.vendor, self.clock)

    async def tend(self, seconds: float = 0) -> None:
        """Time passes, then the timer looks after the deposits."""
        self.now += timedelta(seconds=seconds)
        self.query(
            "UPDATE payment.payment SET updated_at = updated_at - %s * interval '1 second',"
            " version = version + 1, cause = 'test'",
            seconds + 31,
        )
        await deposits.resolve(self.vendor, self.clock)

    def deposits(self) -> list[tuple[Any, ...]]:
        """Status and amount taken of every authorisation, the oldest first."""
        rows = self.query(
            "SELECT status, captured_minor FROM payment.payment WHERE purpose = 'DEPOSIT'"
            " ORDER BY renewal"
        )
        return [(row["status"], row["captured_minor"]) for row in rows]

    def told(self) -> list[tuple[Any, ...]]:
        """What RentProcess was told about deposits' ends and standing."""
        fields = ("purpose", "sequence", "outcome", "amount")
        told = self.sent("payment-results", *fields)
        return [(how, amount["amount"]) for p, _, how, amount in told if p == "DEPOSIT" and how]

    async def see(self, payment: Payment, event_id: str = "evt_1") -> None:
        """The vendor's event about this payment arrives."""
        await service.receive_event(
            event_id, "payment_intent.any", payment.intent_id or "", self.vendor
        )

    async def tick(self, seconds: float) -> None:
        """Time passes, then the timer runs."""
        await self.tick_with(self.vendor, seconds)

    async def tick_with(self, vendor: service.Vendor, seconds: float) -> None:
        """``updated_at`` is the database's own clock, so the rows are made older instead."""
        self.now += timedelta(seconds=seconds)
        self.query(
            "UPDATE payment.payment SET updated_at = updated_at - %s * interval '1 second',"
            " version = version + 1, cause = 'test'",
            seconds,
        )
        await service.resolve_unsettled(vendor, self.clock)

    def query(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        """Ask the database beside the code under test."""
        with psycopg.connect(self.database, row_factory=dict_row) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def row(self) -> dict[str, Any]:
        (row,) = self.query("SELECT * FROM payment.payment")
        return row

    def sent(self, queue: str, *fields: str) -> list[tuple[Any, ...]]:
        """The given fields of what waits in the outbox for ``queue``, oldest first."""
        rows = self.query(
            "SELECT body::jsonb AS body FROM payment.outbox WHERE queue = %s ORDER BY position",
            queue,
        )
        return [tuple(row["body"].get(name) for name in fields) for row in rows]

    def outcomes(self) -> list[tuple[Any, ...]]:
        return self.sent("payment-results", "type", "attempt", "outcome", "decline_code")

    def emails(self) -> list[tuple[Any, ...]]:
        return self.sent("email-requests", "template")


@pytest.fixture
def desk(database: str) -> Desk:
    return Desk(database)


@pytest.fixture
def another_desk(database: str) -> Callable[[], Desk]:
    return lambda: Desk(database)
