"""Capture a deposit once, and renew it before its bank lets it go.

::

    amount to capture committed -> vendor asked under the authorisation's own key
    -> answer recorded with its announcements in one transaction

A capture moves money: after a lost answer the intent is retrieved, and asked again only where it
still waits for its capture. A renewal stands beside what it renews until it is authorised; only
then the old one is given up, so the deposit is never without both and never taken from two.
"""

from typing import Protocol

from payment_process import domain as payment_domain
from payment_process import repository as payments
from payment_process import service
from payment_process.changes import Cause, ask_under_key, change
from payment_process.deposits import domain, repository
from payment_process.domain import Intent, Payment, Status, UnknownOutcome
from payment_process.service import Clock
from shared.contracts.messages import PaymentCaptureRequestedV1
from shared.database import connect, transaction
from shared.errors import Unavailable
from shared.sweeping import for_each

LIMIT = 50  # a run stays well below its minute: about four calls each, eight at a time


class DepositVendor(service.Vendor, Protocol):
    """What the service needs of the vendor. ``capture`` moves money, so it may stay unknown."""

    async def capture(self, payment: Payment) -> Intent: ...


async def capture_payment(
    message: PaymentCaptureRequestedV1, vendor: DepositVendor, clock: Clock
) -> Payment | None:
    """Take ``message.amount`` of the deposit; None: it has lapsed, as the rental was told.

    Raises:
        LookupError: there is no such deposit (yet): the queue brings the message back.
        ValueError: another amount or currency was asked for, or more than the deposit.
        Unavailable: nothing is known yet, or the database or the vendor is down.
    """
    amount = message.amount.amount
    async with connect("payment") as connection:
        found = await repository.list_of_deposit(
            connection, message.rental_id, message.purpose, message.sequence
        )
    if not found:
        raise LookupError(f"rental {message.rental_id} has no such deposit")
    chosen = domain.choose_captured(found, amount)
    if chosen is None:
        if any(domain.is_undecided(each) for each in found):
            raise Unavailable("the deposit is not authorised yet")
        return None
    if chosen.currency != message.amount.currency:
        raise ValueError(f"payment {chosen.payment_id}: not in the deposit's currency")
    chosen = await change(chosen, lambda p: domain.begin_capture(p, amount), "queue")
    if chosen.capture_minor is None:
        raise Unavailable("the deposit has changed meanwhile")
    captured = await _capture(chosen, vendor, "queue")
    await _give_up_others(captured, vendor, clock, "queue")
    return captured


async def resolve(vendor: DepositVendor, clock: Clock) -> int:
    """Finish captures that nobody finished, renew what lapses; returns how many it saw."""
    async with connect("payment") as connection:
        begun = await repository.take_uncaptured(connection, service.QUIET_SECONDS, LIMIT)
        before = clock() + domain.RENEW_BEFORE
        lapsing = await repository.take_lapsing(connection, before, LIMIT)
    await for_each(begun + lapsing, lambda payment: _tend(payment, vendor, clock))
    return len(begun) + len(lapsing)


async def _tend(payment: Payment, vendor: DepositVendor, clock: Clock) -> None:
    if payment.capture_minor is None:
        await _keep_up(payment, vendor, clock)
        return
    captured = await _capture(payment, vendor, "timer")
    await _give_up_others(captured, vendor, clock, "timer")


async def _capture(payment: Payment, vendor: DepositVendor, cause: Cause) -> Payment:
    if payment.status is not Status.AUTHORIZED:
        return payment
    try:
        intent = await ask_under_key(payment, vendor.capture, cause)
    except UnknownOutcome:
        intent = await vendor.retrieve(payment.intent_id or "")
    captured = await change(payment, lambda p: payment_domain.observe(p, intent), cause)
    if captured.status is Status.AUTHORIZED:
        raise Unavailable("the capture's answer was lost, and it was not made")
    return captured


async def _give_up_others(
    payment: Payment, vendor: DepositVendor, clock: Clock, cause: Cause
) -> None:
    """Of the authorisations of one deposit, at most one may hold the renter's money."""
    async with connect("payment") as connection:
        others = await payments.list_uncancelled(connection, payment)
    for other in others:
        silent = await change(other, lambda p: domain.replace_by(p, payment.payment_id), cause)
        await service.withdraw(silent, vendor, clock, cause)


async def _keep_up(payment: Payment, vendor: DepositVendor, clock: Clock) -> None:
    """Renew an authorisation, or bring a renewal that was opened to its end."""
    if payment.replaced_by is not None:
        await _finish_renewal(payment, vendor, clock)
    elif payment.capture_before is None or payment.capture_before <= clock():
        await _look(payment, vendor)
    elif domain.may_renew(payment):
        opened = await _open_renewal(payment)
        if opened is not None:
            await service.advance(opened[1], vendor, clock, "timer")
            await _finish_renewal(opened[0], vendor, clock)


async def _open_renewal(payment: Payment) -> tuple[Payment, Payment] | None:
    """None: somebody has captured, released or renewed it meanwhile."""
    renewed, renewal = domain.open_renewal(payment)
    async with transaction("payment") as connection:
        if not await payments.save(connection, renewed, "timer"):
            return None
        if not await payments.insert(connection, renewal, "timer"):
            raise Unavailable("another deposit of this rental is open")
        return await payments.get(connection, payment.payment_id), renewal


async def _finish_renewal(payment: Payment, vendor: DepositVendor, clock: Clock) -> None:
    if payment.replaced_by is None:
        return
    async with connect("payment") as connection:
        renewal = await payments.get(connection, payment.replaced_by)
        pause = domain.RENEWAL_PAUSE.total_seconds()
        rested = await repository.is_rested(connection, renewal.payment_id, pause)
    if domain.is_superseded(payment, renewal):
        await service.withdraw(payment, vendor, clock, "timer")
    elif payment.capture_before is None or payment.capture_before <= clock():
        await _look(payment, vendor)
    elif rested:
        again = await change(renewal, lambda p: domain.try_again(p, clock()), "timer")
        renewal = await service.advance(again, vendor, clock, "timer")
        if domain.is_superseded(payment, renewal):
            await service.withdraw(payment, vendor, clock, "timer")


async def _look(payment: Payment, vendor: DepositVendor) -> None:
    intent = await vendor.retrieve(payment.intent_id or "")
    await change(payment, lambda p: payment_domain.observe(p, intent), "timer")
