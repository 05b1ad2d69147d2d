"""A vendor in memory that keeps Stripe's promises: one effect per key, final states final.

It can lose requests and answers, refuse, and let the process die around any call.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeVar
from uuid import uuid4

from payment_process.disputing.domain import Dispute
from payment_process.domain import Intent, IntentStatus, Payment, SpentKey, UnknownOutcome
from payment_process.payer.domain import Payer
from payment_process.refunding.domain import Refund, RefundStatus, VendorRefund
from shared.contracts.messages import Purpose
from shared.errors import Unavailable

I = IntentStatus  # noqa: E741 -- as short as the table it is used in
Answer = TypeVar("Answer")
Call = Literal[
    "create_customer", "delete_customer", "create_intent", "confirm", "capture", "retrieve",
    "cancel", "refund",
]  # fmt: skip
Fault = Literal[
    "unavailable", "lost_request", "lost_answer", "spent_key", "crash_before", "crash_after"
]  # fmt: skip
UNDER_KEY = {"create_customer", "create_intent", "confirm", "capture", "refund"}
DECLINED = {"pm_declined": "insufficient_funds"}
NEEDS_HOLDER = "pm_needs_holder"  # pays while its holder is there, and not when they are away
HOLDS_FOR = timedelta(days=7)
NETWORK_SECONDS = 0.002  # enough for other deliveries to come in between
FINAL = {I.SUCCEEDED, I.CANCELED}


class Crash(BaseException):
    """The process is gone: nothing after this line ran."""


@dataclass
class FakeVendor:
    intents: dict[str, Intent] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)
    keys: dict[str, Intent] = field(default_factory=dict)
    faults: dict[Call, deque[Fault | None]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    charges: Counter[str] = field(default_factory=Counter)
    refunds: dict[tuple[str, int], int] = field(default_factory=dict)  # by intent and number
    # How each stands, where it is not given back at once; and how the next one begins.
    refunding: dict[tuple[str, int], RefundStatus] = field(default_factory=dict)
    next_refund: RefundStatus = RefundStatus.SUCCEEDED
    owners: dict[str, Payment] = field(default_factory=dict)  # what each intent was made for
    disputes: dict[str, Dispute] = field(default_factory=dict)
    payers: list[Payer | None] = field(default_factory=list)
    customers: dict[str, str] = field(default_factory=dict)  # by rental
    manual: set[str] = field(default_factory=set)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    network_seconds: float = NETWORK_SECONDS

    def fail(self, call: Call, *faults: Fault | None) -> "FakeVendor":
        """What happens to the next calls of this kind; None lets one through.

        A call without a key has none that could be spent.
        """
        unmet = set() if call in UNDER_KEY else {"spent_key"}
        self.faults[call] = deque(None if fault in unmet else fault for fault in faults)
        return self

    async def card_fingerprint(self, payment: Payment) -> str | None:
        """One card stands behind every payment method whose name begins alike."""
        return (payment.payment_method_id or "").partition("#")[0] or None

    async def create_intent(self, payment: Payment) -> Intent:
        fault = await self._begin("create_intent")
        key = f"{payment.payment_id}:create"
        if key not in self.keys:
            intent = Intent(f"pi_{uuid4().hex}", I.REQUIRES_PAYMENT_METHOD, client_secret="secret")
            self.intents[intent.intent_id] = self.keys[key] = intent
            self.amounts[intent.intent_id] = payment.amount_minor
            self.owners[intent.intent_id] = payment
            if payment.purpose is Purpose.DEPOSIT:
                self.manual.add(intent.intent_id)
            if payment.customer_id is not None:
                assert payment.customer_id in self.customers.values(), "there is no such customer"
        return self._end(fault, self.keys[key])

    async def confirm(self, payment: Payment, payer: Payer | None = None) -> Intent:
        self.payers.append(payer)
        fault = await self._begin("confirm", moves_money=True)
        key = f"{payment.payment_id}:{payment.attempt}"
        assert payment.intent_id is not None
        intent = self.intents[payment.intent_id]
        if key not in self.keys:
            if intent.status in FINAL:
                return self._end(fault, intent, moves_money=True)  # refused as unexpected state
            self.keys[key] = self._pay(intent, payment.payment_method_id or "", payment)
        return self._end(fault, self.keys[key], moves_money=True)

    async def capture(self, payment: Payment) -> Intent:
        fault = await self._begin("capture", moves_money=True)
        assert payment.intent_id is not None
        assert payment.capture_minor is not None
        key = f"{payment.payment_id}:capture"
        intent = self.intents[payment.intent_id]
        if key not in self.keys and intent.status is I.REQUIRES_CAPTURE:
            assert payment.capture_minor <= self.amounts[payment.intent_id]
            self._take(payment.intent_id, payment.capture_minor)
            self.keys[key] = self.intents[payment.intent_id]
        return self._end(fault, self.intents[payment.intent_id], moves_money=True)

    async def create_customer(self, payment: Payment) -> str:
        fault = await self._begin("create_customer")
        made = f"cus_{uuid4().hex}"
        return self._end(fault, self.customers.setdefault(str(payment.rental_id), made))

    async def delete_customer(self, customer_id: str) -> None:
        fault = await self._begin("delete_customer")
        self.customers = {r: c for r, c in self.customers.items() if c != customer_id}
        self._end(fault, None)

    def lapse(self, intent_id: str) -> None:
        """The bank lets the authorisation go."""
        assert self.intents[intent_id].status is I.REQUIRES_CAPTURE
        self._set(intent_id, I.CANCELED)

    async def retrieve(self, intent_id: str) -> Intent:
        return self._end(await self._begin("retrieve"), self.intents[intent_id])

    async def cancel(self, intent_id: str) -> Intent:
        fault = await self._begin("cancel")
        if self.intents[intent_id].status not in FINAL:
            self._set(intent_id, I.CANCELED)
            assert self.charges[intent_id] == 0
        return self._end(fault, self.intents[intent_id])

    async def refund(self, payment: Payment, refund: Refund) -> VendorRefund:
        """Once per number; never more than was taken."""
        fault = await self._begin("refund")
        intent_id = payment.intent_id or ""
        key = (intent_id, refund.refund_number)
        if key not in self.refunds:
            if self.returned(intent_id) + refund.amount_minor > self.received(intent_id):
                refused = VendorRefund(None, RefundStatus.FAILED, "charge_already_refunded")
                return self._end(fault, refused)
            self.refunds[key], self.refunding[key] = refund.amount_minor, self.next_refund
        return self._end(fault, self._refund_of(key))

    async def find_refund(self, payment: Payment, refund: Refund) -> VendorRefund | None:
        await asyncio.sleep(self.network_seconds)
        key = (payment.intent_id or "", refund.refund_number)
        return self._refund_of(key) if key in self.refunds else None

    def finish_refund(self, key: tuple[str, int], *, succeeds: bool) -> None:
        """What waited goes out; what bounced, even after that, is the account's again."""
        if self.refunding[key] is not RefundStatus.FAILED:
            self.refunding[key] = RefundStatus.SUCCEEDED if succeeds else RefundStatus.FAILED

    def _refund_of(self, key: tuple[str, int]) -> VendorRefund:
        return VendorRefund(f"re_{key[0]}_{key[1]}", self.refunding[key])

    def received(self, intent_id: str) -> int:
        return self.intents[intent_id].received_minor

    def returned(self, intent_id: str) -> int:
        """What was given back of it, or is about to be."""
        return sum(
            amount
            for key, amount in self.refunds.items()
            if key[0] == intent_id and self.refunding[key] is not RefundStatus.FAILED
        )

    async def retrieve_dispute(self, dispute_id: str) -> Dispute:
        await asyncio.sleep(self.network_seconds)
        return self.disputes[dispute_id]

    async def list_disputes(self, opened_after: datetime) -> list[str]:
        found = self.disputes.values()
        return [each.dispute_id for each in found if each.opened_at > opened_after]

    def complete_action(self, intent_id: str, *, succeeds: bool = True) -> None:
        """The renter passes or fails 3-D Secure, or pays the Pix code."""
        if succeeds:
            self._capture(intent_id)
        else:
            failed = Intent(
                intent_id,
                I.REQUIRES_PAYMENT_METHOD,
                decline_code="payment_intent_authentication_failure",
            )
            self.intents[intent_id] = failed

    @property
    def charged(self) -> int:
        """How often money was taken, over all intents."""
        return self.charges.total()

    def _pay(self, intent: Intent, method: str, payment: Payment) -> Intent:
        codes = dict(DECLINED)
        if payment.off_session:
            codes[NEEDS_HOLDER] = "authentication_required"
        if method in codes:
            declined = replace(
                intent,
                status=I.REQUIRES_PAYMENT_METHOD,
                decline_code=codes[method],
                next_action=None,
            )
            self.intents[intent.intent_id] = declined
            return declined
        if method == "pm_3ds" and not payment.off_session:  # its holder agreed to that once
            action = {"type": "redirect_to_url", "redirect_to_url": {"url": "http://bank"}}
            self._set(intent.intent_id, I.REQUIRES_ACTION)
            asked = replace(self.intents[intent.intent_id], next_action=action)
            self.intents[intent.intent_id] = asked
            return asked
        self._capture(intent.intent_id)
        return self.intents[intent.intent_id]

    def _capture(self, intent_id: str) -> None:
        if intent_id not in self.manual:
            self._take(intent_id, self.amounts[intent_id])
            return
        self._set(intent_id, I.REQUIRES_CAPTURE)
        self.intents[intent_id] = replace(
            self.intents[intent_id], capture_before=self.clock() + HOLDS_FOR
        )

    def _take(self, intent_id: str, amount: int) -> None:
        self._set(intent_id, I.SUCCEEDED)
        self.charges[intent_id] += 1
        self.intents[intent_id] = replace(self.intents[intent_id], received_minor=amount)

    def _set(self, intent_id: str, status: IntentStatus) -> None:
        intent = self.intents[intent_id]
        self.intents[intent_id] = replace(
            intent, status=status, next_action=None, decline_code=None
        )

    async def _begin(self, call: Call, *, moves_money: bool = False) -> Fault | None:
        self.calls[call] += 1
        await asyncio.sleep(self.network_seconds)
        waiting = self.faults.get(call)
        fault = waiting.popleft() if waiting else None
        if fault == "crash_before":
            raise Crash
        if fault == "unavailable" or (fault == "lost_request" and not moves_money):
            raise Unavailable("down")
        if fault == "lost_request":
            raise UnknownOutcome
        return fault

    @staticmethod
    def _end(fault: Fault | None, answer: Answer, *, moves_money: bool = False) -> Answer:
        if fault == "crash_after":
            raise Crash
        if fault == "spent_key":
            raise SpentKey
        if fault == "lost_answer":
            raise UnknownOutcome if moves_money else Unavailable("no answer")
        return answer
