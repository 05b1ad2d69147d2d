"""Carries messages between RentProcess and PaymentProcess as the queues do: late, twice, anyhow."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, LiteralString

from payment_process import service as paying
from payment_process.deposits import service as deposits
from payment_process.domain import IllegalTransition
from payment_process.refunding import service as refunding
from rent_process.settlement import service as settlement
from shared.contracts.messages import (
    PAYMENT_REQUEST,
    PAYMENT_REQUESTS,
    PAYMENT_RESULT,
    PAYMENT_RESULTS,
    PaymentCancelRequestedV1,
    PaymentCaptureRequestedV1,
    PaymentRequestedV1,
    RefundRequestedV1,
)
from shared.errors import Unavailable
from tests.integration.payment_process.fake_vendor import Crash

if TYPE_CHECKING:
    from tests.integration.whole_life.world import World

# What the host does with a failed delivery: nothing now, another delivery later.
LATER = (Crash, Unavailable, LookupError, IllegalTransition)
MOST_DELIVERIES = 200
OUTBOXES: LiteralString = """
SELECT 'rent', position, queue, body FROM rent.outbox
WHERE position > %(rent)s AND queue = 'payment-requests'
UNION ALL
SELECT 'payment', position, queue, body FROM payment.outbox
WHERE position > %(payment)s AND queue = 'payment-results'
ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Letter:
    queue: str
    body: str

    @property
    def told(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content


class Post:
    def __init__(self, world: "World") -> None:
        self.world = world
        self.waiting: list[Letter] = []
        self.read_to = {"rent": 0, "payment": 0}

    def collect(self) -> None:
        """Take what was committed to the outboxes since."""
        for schema, position, queue, body in self.world.ask(OUTBOXES, **self.read_to):
            self.read_to[schema] = position
            self.waiting.append(Letter(queue, body))

    def deliver(self, which: int, *, again: bool = False) -> bool:
        """Deliver one; it stays when it fails, or to come ``again``. Returns whether it worked."""
        self.collect()
        if not self.waiting:
            return False
        letter = self.waiting.pop(which % len(self.waiting))
        try:
            self.world.run(self._handle(letter))
        except LATER:
            self.waiting.append(letter)
            return False
        finally:
            self.collect()
        if again:
            self.waiting.append(letter)
        return True

    def deliver_all(self) -> None:
        """In order, until nothing moves any more."""
        self.collect()
        failed = 0
        for _ in range(MOST_DELIVERIES):
            if failed >= len(self.waiting):
                return
            failed = 0 if self.deliver(0) else failed + 1
        raise AssertionError(f"the messages go round in circles: {self.waiting[:3]}")

    async def _handle(self, letter: Letter) -> None:
        world = self.world
        if letter.queue == PAYMENT_RESULTS:
            heard = world.foresee(letter.told)
            await settlement.handle_result(PAYMENT_RESULT.validate_json(letter.body), world.now)
            heard()
            return
        assert letter.queue == PAYMENT_REQUESTS
        vendor, clock = world.vendor, world.clock
        match PAYMENT_REQUEST.validate_json(letter.body):
            case PaymentRequestedV1() as message:
                await paying.request_payment(message, vendor, clock)
            case PaymentCancelRequestedV1() as message:
                await paying.cancel_payment(message, vendor, clock)
            case PaymentCaptureRequestedV1() as message:
                await deposits.capture_payment(message, vendor, clock)
            case RefundRequestedV1() as message:
                await refunding.refund_payment(message, vendor)
            case other:
                raise AssertionError(f"nobody takes {other.type}")
