"""Give money back, so that a repeat or a crash at any step gives it back once.

::

    amount set aside and refund committed -> vendor asked under the refund's own key
    -> answer recorded with its announcement in one transaction

A key is good for a day; after a failed try the vendor's own list is read before it is asked
again, so a repeat is safe at any age.
"""

from typing import Protocol

from payment_process import repository as payments
from payment_process.changes import SPENT_AT_ONCE
from payment_process.domain import Payment, SpentKey
from payment_process.refunding import domain, repository
from payment_process.refunding.domain import Refund, RefundStatus, VendorRefund
from shared import outbox
from shared.contracts.messages import (
    EMAIL_REQUESTS,
    PAYMENT_RESULTS,
    EmailRequestedV1,
    EmailTemplate,
    RefundRequestedV1,
    RefundSettledV1,
)
from shared.contracts.money import Money
from shared.database import Connection, connect, transaction
from shared.errors import Unavailable
from shared.outbox import Envelope
from shared.sweeping import for_each

QUIET_SECONDS = 30  # the timer leaves refunds alone that a worker may be busy with
RESOLVE_LIMIT = 50


class RefundVendor(Protocol):
    """What the service needs of the vendor. Both raise ``Unavailable``; a repeat is harmless.

    ``refund`` raises ``SpentKey`` too.
    """

    async def refund(self, payment: Payment, refund: Refund) -> VendorRefund: ...
    async def find_refund(self, payment: Payment, refund: Refund) -> VendorRefund | None: ...


async def refund_payment(message: RefundRequestedV1, vendor: RefundVendor) -> Refund:
    """Give ``message.amount`` back.

    Raises:
        LookupError: there is no such payment (yet): the queue brings the message back.
        ValueError: the refund's number was used for another amount, or the currency is another.
        Unavailable: the database or the vendor is down.
    """
    refund, known = await _open(message)
    if refund.status in domain.SETTLED:
        return refund
    return await _advance(refund, vendor, known=known)


async def receive_event(
    event: tuple[str, str], intent_id: str, refund_number: int, vendor: RefundVendor
) -> None:
    """Take a vendor's event about a refund as a hint to look."""
    async with connect("payment") as connection:
        refund = await repository.find_of_event(connection, intent_id, refund_number, event[0])
        if refund is None:
            return
        payment = await payments.get(connection, refund.payment_id)
    seen = await vendor.find_refund(payment, refund)
    if seen is not None:
        await _record(refund, seen, "webhook", event=event)


async def resolve_unsettled(vendor: RefundVendor) -> int:
    """Settle what a crash or a lost answer left open; returns how many it saw."""
    async with connect("payment") as connection:
        refunds = await repository.take_unsettled(connection, QUIET_SECONDS, RESOLVE_LIMIT)
    await for_each(refunds, lambda refund: _advance(refund, vendor, known=True))
    return len(refunds)


async def _open(message: RefundRequestedV1) -> tuple[Refund, bool]:
    """The refund's row, and whether it was there before."""
    async with transaction("payment") as connection:
        payment = await repository.lock_payment(
            connection, message.rental_id, message.purpose, message.sequence
        )
        if payment is None:
            raise LookupError(f"rental {message.rental_id} has no such payment")
        known = await repository.find(connection, payment.payment_id, message.refund_number)
        _check(message, payment, known)
        if known is not None:
            return known, True
        refund, envelopes = await _insert(connection, payment, _requested(message, payment))
    outbox.relay("payment", envelopes)
    return refund, False


async def _insert(
    connection: Connection, payment: Payment, refund: Refund
) -> tuple[Refund, list[Envelope]]:
    reserved = domain.reserve(payment, refund)
    if reserved is None:
        seen = VendorRefund(None, RefundStatus.FAILED, "exceeds_charge")
        refund = domain.observe(refund, seen)
    else:
        await payments.save(connection, reserved, "queue")
    await repository.insert(connection, refund)
    envelopes = _announce(payment, refund)
    await outbox.write(connection, envelopes)
    return refund, envelopes


def _requested(message: RefundRequestedV1, payment: Payment) -> Refund:
    return Refund(
        payment_id=payment.payment_id,
        refund_number=message.refund_number,
        amount_minor=message.amount.amount,
        reason=message.reason,
        status=RefundStatus.REQUESTED,
        traceparent=message.traceparent or payment.traceparent,
    )


def _check(message: RefundRequestedV1, payment: Payment, known: Refund | None) -> None:
    if known is not None and known.amount_minor != message.amount.amount:
        raise ValueError(f"refund {message.refund_number} was asked for with another amount")
    if message.amount.currency != payment.currency or message.amount.amount <= 0:
        raise ValueError(f"refund {message.refund_number} is not in the payment's currency")


async def _advance(refund: Refund, vendor: RefundVendor, *, known: bool) -> Refund:
    async with connect("payment") as connection:
        payment = await payments.get(connection, refund.payment_id)
    seen = await vendor.find_refund(payment, refund) if known else None
    if seen is None:
        seen = await _ask(payment, refund, vendor)
    return await _record(refund, seen, "timer" if known else "queue")


async def _ask(payment: Payment, refund: Refund, vendor: RefundVendor) -> VendorRefund:
    """As :func:`changes.ask_under_key`, with a look before each further key.

    No state of the vendor's keeps a second refund from being made, as an intent's does: a key is
    left only when its request has ended, and what it may have done all the same is looked for
    after that.

    Raises:
        Unavailable: many keys in a row are spent, or the vendor or the database is down.
    """
    for _ in range(SPENT_AT_ONCE):
        try:
            return await vendor.refund(payment, refund)
        except SpentKey:
            async with transaction("payment") as connection:
                refund = await repository.spend_key(connection, refund)
        if refund.status in domain.SETTLED:
            raise Unavailable("the refund was settled meanwhile")
        seen = await vendor.find_refund(payment, refund)
        if seen is not None:
            return seen
    raise Unavailable("the payment provider repeats its failures", retry_after_seconds=5)


async def _record(
    refund: Refund, seen: VendorRefund, cause: str, *, event: tuple[str, str] | None = None
) -> Refund:
    """Commit what was seen with its announcements."""
    envelopes: list[Envelope] = []
    async with transaction("payment") as connection:
        payment = await repository.lock_payment_by_id(connection, refund.payment_id)
        current = await repository.find(connection, refund.payment_id, refund.refund_number)
        after = domain.observe(current or refund, seen)
        if after != current:
            await repository.save(connection, after)
            envelopes = await _settle(connection, payment, after, cause)
        if event is not None:
            await payments.insert_event(connection, *event)
    outbox.relay("payment", envelopes)
    return after


async def _settle(
    connection: Connection, payment: Payment, refund: Refund, cause: str
) -> list[Envelope]:
    if refund.status not in domain.SETTLED:
        return []
    settled = await repository.sum_settled(connection, payment.payment_id)
    await payments.save(connection, domain.settle(payment, refund, settled), cause)
    envelopes = _announce(payment, refund)
    await outbox.write(connection, envelopes)
    return envelopes


def _announce(payment: Payment, refund: Refund) -> list[Envelope]:
    if refund.status not in domain.SETTLED:
        return []
    refunded = refund.status is RefundStatus.SUCCEEDED
    amount = Money(amount=refund.amount_minor, currency=payment.currency)
    result = RefundSettledV1(
        traceparent=refund.traceparent,
        rental_id=payment.rental_id,
        purpose=payment.purpose,
        sequence=payment.sequence,
        refund_number=refund.refund_number,
        outcome="refunded" if refunded else "failed",
        amount=amount,
    )
    envelopes = [Envelope.of(PAYMENT_RESULTS, result)]
    if refunded:
        email = EmailRequestedV1(
            traceparent=refund.traceparent,
            rental_id=payment.rental_id,
            template=EmailTemplate.PAYMENT_REFUNDED,
            amount=amount,
        )
        envelopes.append(Envelope.of(EMAIL_REQUESTS, email))
    return envelopes
