"""Record what the vendor says about a dispute, whoever heard of it first.

A webhook is a hint to look, as everywhere; once an hour the vendor's newest disputes and those that
are open here are looked at without one.
"""

from datetime import datetime, timedelta
from typing import Protocol

from payment_process import repository as payments
from payment_process.changes import Cause
from payment_process.disputing import domain, repository
from payment_process.disputing.domain import Dispute
from payment_process.domain import CHARGED, Payment
from payment_process.refunding import repository as refunds
from shared import telemetry
from shared.database import Connection, connect, transaction
from shared.errors import Unavailable
from shared.sweeping import for_each

HOURLY_AT_MINUTE = 7  # not with everybody else's
LOOK_BACK = timedelta(days=4)  # the vendor tries a webhook for three days
OPEN_LIMIT = 50


class DisputeVendor(Protocol):
    """What the service needs of the vendor. Both raise ``Unavailable``."""

    async def retrieve_dispute(self, dispute_id: str) -> Dispute | None: ...
    async def list_disputes(self, opened_after: datetime) -> list[str]: ...


async def receive_event(event: tuple[str, str], dispute_id: str, vendor: DisputeVendor) -> None:
    """Take a vendor's event about a dispute as a hint to look, once.

    Raises:
        Unavailable: database or vendor is down, or the payment is not seen as charged yet.
    """
    async with connect("payment") as connection:
        if await repository.had_its_effect(connection, event[0]):
            return
    dispute = await vendor.retrieve_dispute(dispute_id)
    if dispute is not None:
        await record(dispute, "webhook", event=event)


async def look_around(vendor: DisputeVendor, now: datetime) -> int:
    """Find what no webhook told; returns how many disputes it saw.

    Raises:
        Unavailable: database or vendor is down.
    """
    newest = await vendor.list_disputes(now - LOOK_BACK)
    async with connect("payment") as connection:
        unfinished = await repository.take_open(connection, OPEN_LIMIT)

    async def look(dispute_id: str) -> None:
        dispute = await vendor.retrieve_dispute(dispute_id)
        if dispute is not None:
            await record(dispute, "timer")

    found = {*newest, *unfinished}
    await for_each(found, look)
    return len(found)


async def record(dispute: Dispute, cause: Cause, *, event: tuple[str, str] | None = None) -> None:
    """Commit the dispute, its payment's status and the event together; tell the operators."""
    if dispute.intent_id is None:
        return  # a charge that no intent of ours made
    async with transaction("payment") as connection:
        payment = await repository.lock_payment_of_intent(connection, dispute.intent_id)
        if payment is None:
            return
        if payment.status not in CHARGED:
            raise Unavailable("the payment is disputed before it is known to be charged")
        news = domain.is_news(await repository.find_status(connection, dispute.dispute_id), dispute)
        if news:
            await repository.save(connection, payment.payment_id, dispute)
            await _weigh(connection, payment, cause)
        if event is not None:
            await payments.insert_event(connection, *event)
    if news:
        _tell(payment, dispute)


async def _weigh(connection: Connection, payment: Payment, cause: Cause) -> None:
    statuses = await repository.list_statuses(connection, payment.payment_id)
    settled = await refunds.sum_settled(connection, payment.payment_id)
    after = domain.weigh(payment, statuses, settled)
    if after != payment:
        await payments.save(connection, after, cause)


def _tell(payment: Payment, dispute: Dispute) -> None:
    due = dispute.evidence_due_at
    telemetry.event(
        "payment_disputed",
        {
            "rental_id": str(payment.rental_id),
            "payment_id": str(payment.payment_id),
            "reference": payment.reference or "",
            "purpose": payment.purpose.value,
            "status": dispute.status.value,
            "reason": dispute.reason,
            "amount_minor": dispute.amount_minor,
            "currency": dispute.currency,
            "evidence_due_at": "" if due is None else due.isoformat(),
        },
    )
