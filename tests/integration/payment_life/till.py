"""One rental's payments of every purpose, its bank, and the messages that were not taken yet."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import psycopg
from psycopg.rows import dict_row

from payment_process import service as paying
from payment_process.deposits import service as deposits
from payment_process.disputing import service as disputing
from payment_process.disputing.domain import Dispute, DisputeStatus
from payment_process.domain import IllegalTransition, Intent, IntentStatus
from payment_process.refunding import service as refunding
from shared.contracts.messages import PaymentCancelRequestedV1, Purpose, RefundRequestedV1
from shared.contracts.money import Money
from shared.errors import Unavailable
from tests.integration.payment_process.conftest import Desk
from tests.integration.payment_process.fake_vendor import Crash, FakeVendor

# Long ago: to the database every hold has ended, whatever the rental's own clock says of it.
BEGINNING = datetime(2026, 3, 2, 15, tzinfo=UTC)
TAKEN = 25_000  # of the deposit
# What the host does with a failed delivery: nothing now, another delivery later.
LATER = (Crash, Unavailable, IllegalTransition, LookupError)
RESET = (
    "TRUNCATE payment.payment, payment.payment_event, payment.outbox, payment.webhook_event CASCADE"
)
# How far along a bank is; it goes forward only, though its events come in any order.
COURSE = tuple(
    DisputeStatus[name]
    for name in (
        "WARNING_NEEDS_RESPONSE", "WARNING_UNDER_REVIEW", "NEEDS_RESPONSE", "UNDER_REVIEW",
        "WARNING_CLOSED", "PREVENTED", "WON", "LOST",
    )
)  # fmt: skip
ENDS_AT = 4

Message = Callable[[], Awaitable[object]]


class Due(Enum):
    """What the rental asks for; its sequence names one payment of any purpose."""

    PRICE = (Purpose.PREPAY, 1, 45_990)
    DEPOSIT = (Purpose.DEPOSIT, 2, 70_000)
    ON_TOP = (Purpose.ADDITIONAL, 3, 12_345)  # of the card that was kept: the renter is away
    THE_REST = (Purpose.ADDITIONAL, 4, 6_789)  # the renter pays it in person

    def __init__(self, purpose: Purpose, sequence: int, minor: int) -> None:
        self.purpose, self.sequence, self.minor = purpose, sequence, minor

    @property
    def money(self) -> Money:
        return Money(amount=self.minor, currency="BRL")


class Till(Desk):
    """``runner``: the loop that everything runs in; ``url``: of an administrator."""

    def __init__(self, url: str, runner: asyncio.Runner, seen: Counter[str]) -> None:
        super().__init__(url, vendor=FakeVendor(network_seconds=0), now=BEGINNING)
        self.runner, self.seen = runner, seen
        self.connection = psycopg.connect(url, autocommit=True, row_factory=dict_row)
        self.query(RESET)
        self.undelivered: list[Message] = []
        self.refunds_asked: dict[tuple[Due, int], int] = {}
        self.deposit_ends: str | None = None  # RentProcess asks for one end, and for no other

    def query(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        cursor = self.connection.execute(statement.encode(), values or None)
        return cursor.fetchall() if cursor.description else []

    def rows(self) -> list[dict[str, Any]]:
        return self.query("SELECT * FROM payment.payment ORDER BY sequence, renewal")

    def together(self, doings: list[Awaitable[object]]) -> None:
        async def all_of_them() -> None:
            await asyncio.gather(*doings)

        self.runner.run(all_of_them())

    async def deliver_or_keep(self, message: Message) -> None:
        """A message that was not taken comes again."""
        try:
            await message()
        except LATER:
            self.undelivered.append(message)

    # --- the bank -------------------------------------------------------------------------------

    def intents(self, due: Due, *statuses: IntentStatus) -> list[Intent]:
        """Of one payment and its renewals, the newest last."""
        return [
            intent
            for intent_id, intent in self.vendor.intents.items()
            if self.vendor.owners[intent_id].sequence == due.sequence
            and (not statuses or intent.status in statuses)
        ]

    # --- what comes from RentProcess --------------------------------------------------------------

    async def ask(self, due: Due, method: str, attempt: int) -> None:
        away = due is Due.ON_TOP
        message = self.request(
            None if away else method,
            1 if away else attempt,
            purpose=due.purpose,
            sequence=due.sequence,
            amount=due.money,
            off_session=away,
            save_method=True,
        )
        await self.deliver_or_keep(lambda: self.deliver(message))

    async def give_up(self, due: Due) -> None:
        if due is Due.DEPOSIT:
            await self.end_deposit("release")
        else:
            await self.deliver_or_keep(lambda: self._cancel(due))

    async def _cancel(self, due: Due) -> object:
        message = PaymentCancelRequestedV1(
            rental_id=self.rental_id, purpose=due.purpose, sequence=due.sequence, reason="released"
        )
        return await paying.cancel_payment(message, self.vendor, self.clock)

    async def end_deposit(self, how: str) -> None:
        if how == "capture" and (Due.DEPOSIT.sequence, "authorized") not in self.told_of():
            return  # RentProcess captures what it knows to stand
        self.deposit_ends = self.deposit_ends or how
        if self.deposit_ends == "capture":
            await self.deliver_or_keep(lambda: self.capture(TAKEN))
        else:
            await self.deliver_or_keep(lambda: self._cancel(Due.DEPOSIT))

    async def refund(self, due: Due, number: int, share: int) -> None:
        """Only what is known to have come is given back; the number makes it happen once."""
        taken = sum(each.received_minor for each in self.intents(due))
        amount = self.refunds_asked.get((due, number), taken // share)
        if not amount or (due.sequence, "captured") not in self.told_of():
            return
        self.refunds_asked[due, number] = amount
        message = RefundRequestedV1(
            rental_id=self.rental_id,
            purpose=due.purpose,
            sequence=due.sequence,
            refund_number=number,
            amount=Money(amount=amount, currency="BRL"),
            reason="goodwill",
        )
        await self.deliver_or_keep(lambda: refunding.refund_payment(message, self.vendor))

    def told_of(self) -> list[tuple[Any, ...]]:
        """Sequence and outcome of everything that RentProcess was told."""
        return self.sent("payment-results", "sequence", "outcome")

    async def bring_again(self) -> None:
        """The queue brings what was not taken."""
        waiting, self.undelivered = self.undelivered, []
        for message in waiting:
            await self.deliver_or_keep(message)

    # --- what comes from the bank -----------------------------------------------------------------

    async def quarrel(self, due: Due, status: DisputeStatus, event: str) -> None:
        taken = [each for each in self.intents(due) if each.received_minor]
        if not taken:
            return
        name = f"du_{due.sequence}"
        known = self.vendor.disputes.get(name)
        if known is None or COURSE.index(known.status) < min(COURSE.index(status), ENDS_AT):
            self.vendor.disputes[name] = Dispute(
                name, taken[0].intent_id, status, "fraudulent", taken[0].received_minor, "BRL",
                self.now,
            )  # fmt: skip
        await self.deliver_or_keep(
            lambda: disputing.receive_event((event, "charge.dispute.updated"), name, self.vendor)
        )

    async def hear_of_refund(self, key: tuple[str, int], event: str) -> None:
        await self.deliver_or_keep(
            lambda: refunding.receive_event((event, "refund.updated"), *key, self.vendor)
        )

    async def hear_of_intent(self, intent_id: str, event: str) -> None:
        await self.deliver_or_keep(
            lambda: paying.receive_event(event, "payment_intent.any", intent_id, self.vendor)
        )

    # --- the timer --------------------------------------------------------------------------------

    async def tick_all(self, seconds: float) -> None:
        """Time passes, then the timers run."""
        self.rest()
        self.vendor_lets_go(seconds)
        steps: tuple[Message, ...] = (
            lambda: paying.resolve_unsettled(self.vendor, self.clock),
            lambda: deposits.resolve(self.vendor, self.clock),
            lambda: refunding.resolve_unsettled(self.vendor),
            lambda: disputing.look_around(self.vendor, self.now),
        )
        for step in steps:
            try:
                await step()
            except LATER:
                continue

    def rest(self) -> None:
        """Longer than the timer leaves anything alone; ``updated_at`` is the database's clock."""
        self.query(
            "UPDATE payment.refund SET updated_at = updated_at - interval '7 hours';"
            "UPDATE payment.payment SET updated_at = updated_at - interval '7 hours',"
            " version = version + 1, cause = 'test'"
        )

    def vendor_lets_go(self, seconds: float) -> None:
        """An authorisation lapses at its hour, whoever looks."""
        self.now += timedelta(seconds=seconds)
        for intent in self.intents(Due.DEPOSIT, IntentStatus.REQUIRES_CAPTURE):
            if intent.capture_before is not None and intent.capture_before <= self.now:
                self.vendor.lapse(intent.intent_id)
