"""Charge a payment, so that a crash, a repeat or a lost answer at any step charges once.

::

    row committed -> intent created (moves no money) -> intent and "being confirmed" committed
    -> confirmed -> answer recorded with its announcements in one transaction

Every function may be called again at any time and goes on where the row says. No transaction is
open while the vendor is called.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from payment_process import domain, group_commit, repository
from payment_process.announcements import announce
from payment_process.changes import Cause, ask_under_key, change
from payment_process.domain import Intent, Payment, Status, UnknownOutcome, VendorRefused
from payment_process.group_commit import Write
from payment_process.keeping import service as keeping
from payment_process.limits import service as limits
from payment_process.payer.domain import Payer
from payment_process.payer.service import payer_of
from shared import outbox, telemetry
from shared.contracts.limits import fault_of_amount
from shared.contracts.messages import PaymentCancelRequestedV1, PaymentRequestedV1
from shared.database import ConstraintViolation, connect
from shared.errors import Unavailable
from shared.sweeping import for_each

Clock = Callable[[], datetime]

# After this a confirmation without a trace at the vendor counts as never made. Far longer than the
# vendor works on one; were it to land later all the same, it would be captured, once.
PATIENCE = timedelta(seconds=60)
NO_KEPT_METHOD = "no_saved_payment_method"
REFUSED = "processing_error"  # nothing that the renter's bank has said
QUIET_SECONDS = 30  # the timer leaves payments alone that a worker may be busy with
# The vendor tries an event for three days; a person can have it sent again for thirty.
EVENTS_KEPT = timedelta(days=35)
EVENTS_AT_ONCE = 1_000
RESOLVE_LIMIT = 50  # a run stays well below its minute: about three calls each, eight at a time


class Vendor(Protocol):
    """What the service needs of the vendor.

    All raise ``Unavailable`` when nothing happened or a repeat is harmless, and
    :class:`VendorRefused` when a repeat would be refused again; only ``confirm`` raises
    :class:`UnknownOutcome`, because only it moves money. What is asked under a key raises
    ``SpentKey``: see :func:`changes.ask_under_key`.
    """

    async def card_fingerprint(self, payment: Payment) -> str | None: ...
    async def create_customer(self, payment: Payment) -> str: ...
    async def delete_customer(self, customer_id: str) -> None: ...
    async def create_intent(self, payment: Payment) -> Intent: ...
    async def confirm(self, payment: Payment, payer: Payer | None = None) -> Intent: ...
    async def retrieve(self, intent_id: str) -> Intent: ...
    async def cancel(self, intent_id: str) -> Intent: ...


async def request_payment(message: PaymentRequestedV1, vendor: Vendor, clock: Clock) -> Payment:
    """Take one attempt as far as it goes without the renter."""
    payment = await _take(message)
    if message.attempt < payment.attempt:
        return payment  # an old delivery: a later attempt is under way
    fault = fault_of_amount(message.method, message.amount)
    if fault is not None:
        return await change(payment, lambda p: domain.refuse(p, message.attempt, fault), "queue")
    return await advance(payment, vendor, clock, "queue")


async def refuse_payment(message: PaymentRequestedV1, decline_code: str) -> Payment:
    """Decline one attempt without asking the vendor, unless it is under way already."""
    payment = await _take(message)
    return await change(payment, lambda p: domain.refuse(p, message.attempt, decline_code), "queue")


async def cancel_payment(
    message: PaymentCancelRequestedV1, vendor: Vendor, clock: Clock
) -> Payment:
    """Give a payment up, or leave a tombstone for the request that this message overtook."""
    payment = await _open(domain.open_tombstone(message, clock()), "queue")
    payment = await withdraw(payment, vendor, clock, "queue")
    # A deposit may be in renewal: once the cancel is committed, no further renewal begins.
    async with connect("payment") as connection:
        others = await repository.list_uncancelled(connection, payment)
    for other in others:
        await withdraw(other, vendor, clock, "queue")
    return payment


async def receive_event(event_id: str, event_type: str, intent_id: str, vendor: Vendor) -> None:
    """Take a vendor's event as a hint to look: its order and its content are not relied upon."""
    async with connect("payment") as connection:
        payment = await repository.find_by_intent(connection, intent_id, event_id)
    if payment is None:
        return
    intent = await vendor.retrieve(intent_id)
    await change(
        payment, lambda p: domain.observe(p, intent), "webhook", event=(event_id, event_type)
    )


async def forget_events(now: datetime) -> int:
    """Delete what the vendor will not tell again; were it told, it would only be looked at."""
    async with connect("payment") as connection:
        return await repository.forget_events(connection, now - EVENTS_KEPT, EVENTS_AT_ONCE)


async def resolve_unsettled(vendor: Vendor, clock: Clock) -> int:
    """Settle what a crash, a lost answer or a lost event left open; returns how many it saw."""
    async with connect("payment") as connection:
        payments = await repository.take_unsettled(connection, QUIET_SECONDS, RESOLVE_LIMIT)

    async def settle(payment: Payment) -> None:
        with telemetry.operation(
            "PaymentResolve", traceparent=payment.traceparent, rental_id=str(payment.rental_id)
        ):
            await advance(payment, vendor, clock, "timer")

    await for_each(payments, settle)
    return len(payments)


async def advance(payment: Payment, vendor: Vendor, clock: Clock, cause: Cause) -> Payment:
    """Do whatever comes next for this payment; nothing, if that is somebody else's turn."""
    if payment.status not in domain.UNDECIDED | {Status.AUTHORIZED}:
        return payment
    held = payment.status is Status.AUTHORIZED and payment.cancel_requested_at is None
    if not held and not payment.may_confirm(clock()):
        return await withdraw(payment, vendor, clock, cause)
    if payment.status is Status.CREATED:
        return await _charge(payment, vendor, clock, cause)
    if payment.status in {Status.PROCESSING, Status.UNKNOWN}:
        return await _resolve(payment, vendor, clock, cause)
    if cause == "timer":
        return await _look(payment, vendor, cause)
    return payment


async def _charge(payment: Payment, vendor: Vendor, clock: Clock, cause: Cause) -> Payment:
    attempt = payment.attempt
    chosen = await keeping.choose(payment, vendor, cause)
    if chosen is None:
        return await change(payment, lambda p: domain.refuse(p, attempt, NO_KEPT_METHOD), cause)
    card = await vendor.card_fingerprint(chosen) if limits.counts(chosen) else None
    intent_id = payment.intent_id or await _make_intent(chosen, vendor, cause)
    began_at = clock()

    def begin(current: Payment) -> Payment:
        if current.status is not Status.CREATED or current.attempt != attempt:
            return current  # another delivery of the same message was faster
        if not current.may_confirm(began_at):
            return domain.request_cancel(current, began_at)
        current = replace(
            current,
            customer_id=chosen.customer_id,
            payment_method_id=chosen.payment_method_id,
        )
        return domain.begin_confirmation(current, intent_id, began_at)

    def count(after: Payment) -> Sequence[Write]:
        if card is None or after.confirm_began_at != began_at:
            return []
        return [limits.counting(after, card, began_at)]

    try:
        payment = await change(payment, begin, cause, also=count)
    except ConstraintViolation as violation:
        if not limits.is_too_often(violation):
            raise
        # The intent's key is good for what this attempt asked; another may ask for something else.
        made = {"intent_id": intent_id, "customer_id": chosen.customer_id}
        return await change(
            payment, lambda p: domain.refuse(p, attempt, limits.TOO_OFTEN, **made), cause
        )
    if payment.confirm_began_at != began_at:
        return payment
    return await _confirm(payment, vendor, clock, cause)


async def _make_intent(payment: Payment, vendor: Vendor, cause: Cause) -> str:
    """Make it unconfirmed. What the vendor calls wrong stays so: the renter hears it now.

    Raises:
        VendorRefused: it did; raised on, for somebody must mend it.
    """
    try:
        return (await ask_under_key(payment, vendor.create_intent, cause)).intent_id
    except VendorRefused:
        await change(payment, lambda p: domain.refuse(p, payment.attempt, REFUSED), cause)
        raise


async def _confirm(payment: Payment, vendor: Vendor, clock: Clock, cause: Cause) -> Payment:
    try:
        intent = await _ask(payment, vendor, cause)
    except UnknownOutcome:
        payment = await change(payment, domain.lose_sight, cause)
        return await _resolve(payment, vendor, clock, cause)
    return await _record_answer(payment, intent, cause)


async def _resolve(payment: Payment, vendor: Vendor, clock: Clock, cause: Cause) -> Payment:
    """Look by id. Where no money has moved, repeat the confirmation under its own key.

    Under one key the vendor performs once and replays after that, so a repeat cannot charge
    again; what is found on retrieval decides before it is sent.
    """
    payment = await _look(payment, vendor, cause)
    if payment.confirm_began_at is None:
        return payment
    if not payment.may_confirm(clock()):
        return await withdraw(payment, vendor, clock, cause)
    try:
        intent = await _ask(payment, vendor, cause)
    except UnknownOutcome:
        return await change(payment, lambda p: _lose_patience(p, clock()), cause)
    return await _record_answer(payment, intent, cause)


async def _ask(payment: Payment, vendor: Vendor, cause: Cause) -> Intent:
    """Confirm; what the vendor calls wrong is over, as in :func:`_make_intent`.

    Raises:
        VendorRefused: it did.
    """

    def give_up(current: Payment) -> Payment:
        if current.confirm_began_at != payment.confirm_began_at:
            return current
        return domain.give_up_confirmation(current, REFUSED)

    payer = await payer_of(payment)
    try:
        return await ask_under_key(payment, lambda p: vendor.confirm(p, payer), cause)
    except VendorRefused:
        await change(payment, give_up, cause)
        raise


async def _look(payment: Payment, vendor: Vendor, cause: Cause) -> Payment:
    if payment.intent_id is None:
        return payment
    intent = await vendor.retrieve(payment.intent_id)
    return await change(payment, lambda p: domain.observe(p, intent), cause)


async def _record_answer(payment: Payment, intent: Intent, cause: Cause) -> Payment:
    attempt = payment.attempt
    return await change(
        payment, lambda p: domain.observe(p, intent, answered_attempt=attempt), cause
    )


def _lose_patience(payment: Payment, now: datetime) -> Payment:
    if payment.confirm_began_at is None or now - payment.confirm_began_at < PATIENCE:
        return domain.lose_sight(payment)
    return domain.give_up_confirmation(payment, REFUSED)


async def withdraw(payment: Payment, vendor: Vendor, clock: Clock, cause: Cause) -> Payment:
    """Cancel at the vendor. What turns out to be charged is recorded as charged: late success."""
    payment = await change(payment, lambda p: domain.request_cancel(p, clock()), cause)
    if payment.intent_id is None or payment.status not in domain.UNDECIDED | {Status.AUTHORIZED}:
        return payment
    if payment.cancel_requested_at is None:
        return payment  # it is being captured: that was asked for first
    intent = await vendor.cancel(payment.intent_id)
    return await change(payment, lambda p: domain.observe(p, intent), cause)


async def _take(message: PaymentRequestedV1) -> Payment:
    payment = await _open(domain.open_payment(message), "queue")
    return await change(payment, lambda p: domain.begin_attempt(p, message), "queue")


async def _open(fresh: Payment, cause: Cause) -> Payment:
    """Insert the row, or find the one that is there.

    Raises:
        Unavailable: another payment of the same purpose is open, and should settle first.
    """
    envelopes = announce(None, fresh)
    if await group_commit.commit(repository.inserting(fresh, cause, envelopes)):
        outbox.relay("payment", envelopes)
        return fresh
    async with connect("payment") as connection:
        found = await repository.find(connection, fresh.rental_id, fresh.purpose, fresh.sequence)
    if found is None:
        raise Unavailable("another payment of this purpose is still open")
    return found
