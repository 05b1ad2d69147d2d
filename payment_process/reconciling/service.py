"""Compare the payments of the last days with the vendor, a few a minute.

What the vendor knows better is taken through the same transition as a webhook's or a worker's:
that repair is safe. Whatever still disagrees is recorded and left to a person.
"""

import logging
from typing import Protocol

from payment_process import domain as payment_domain
from payment_process.changes import change
from payment_process.domain import IllegalTransition, Payment
from payment_process.reconciling import domain, repository
from payment_process.reconciling.domain import Drift, Seen
from shared.database import connect
from shared.sweeping import for_each
from shared.telemetry import metric

logger = logging.getLogger(__name__)

DAYS = 7
QUIET_SECONDS = 60
AGAIN_SECONDS = 6 * 3600
LIMIT = 100  # a minute's run: as many calls, eight at a time


class ReconcilingVendor(Protocol):
    """What the service needs of the vendor. None: it has no such intent."""

    async def look_up(self, intent_id: str) -> Seen | None: ...


async def compare_with_vendor(
    vendor: ReconcilingVendor, *, quiet_seconds: int = QUIET_SECONDS
) -> int:
    """Compare what is due; returns how many payments disagree after what could be repaired.

    Raises:
        Unavailable: the database or the vendor is down.
    """
    async with connect("payment") as connection:
        due = await repository.take_unchecked(
            connection,
            days=DAYS,
            quiet_seconds=quiet_seconds,
            again_seconds=AGAIN_SECONDS,
            limit=LIMIT,
        )
    found: list[Drift | None] = []

    async def compare(payment: Payment) -> None:
        found.append(await _compare(payment, vendor))

    try:
        await for_each(due, compare)
    finally:
        drifting = sum(drift is not None for drift in found)
        metric("vendor_drift", drifting, {})
    return drifting


async def _compare(payment: Payment, vendor: ReconcilingVendor) -> Drift | None:
    seen = await vendor.look_up(payment.intent_id or "")
    drift = domain.compare(payment, seen)
    if drift is not None and seen is not None:
        payment = await _repair(payment, seen)
        drift = domain.compare(payment, seen)
    async with connect("payment") as connection:
        await repository.record_check(connection, payment, drift)
    if drift is not None:
        logger.error("payment %s disagrees with the vendor: %s", payment.payment_id, drift)
    return drift


async def _repair(payment: Payment, seen: Seen) -> Payment:
    try:
        return await change(payment, lambda p: payment_domain.observe(p, seen.intent), "timer")
    except IllegalTransition:
        return payment
