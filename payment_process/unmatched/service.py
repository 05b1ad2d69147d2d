"""Read the vendor's list as it grows, and look after what no payment here has.

A database that was restored to an earlier moment has lost payments that the vendor knows. Nobody
can ask for them by id; so the list is read, from where this database last read it.
"""

import logging
from datetime import datetime, timedelta
from typing import Protocol

from payment_process.domain import Intent, IntentStatus
from payment_process.reconciling.domain import Seen
from payment_process.unmatched import repository
from payment_process.unmatched.domain import PAYABLE, MarkedIntent, State
from shared.database import connect, transaction
from shared.sweeping import for_each
from shared.telemetry import metric

logger = logging.getLogger(__name__)

GRACE = timedelta(minutes=10)  # an intent is made before its id is committed
WINDOW = timedelta(hours=1)  # a minute's run: after a restore an hour a minute is made up for
LIMIT = 20  # looked up a minute


class ListingVendor(Protocol):
    """What the service needs of the vendor. All raise ``Unavailable``."""

    async def list_marked(self, after: datetime, until: datetime) -> list[MarkedIntent]: ...
    async def look_up(self, intent_id: str) -> Seen | None: ...
    async def cancel(self, intent_id: str) -> Intent: ...


async def look_around(vendor: ListingVendor, now: datetime) -> int:
    """Read on in the vendor's list and look after what is open; returns how many stay so.

    What could still be paid is canceled: that is safe. What was paid, or is held on a card, is left
    to a person, and shown until it was given back or let go.

    Raises:
        Unavailable: database or vendor is down.
    """
    await _read_on(vendor, now)
    async with connect("payment") as connection:
        await repository.forget_matched(connection)
        found = await repository.take_open(connection, LIMIT)
    still_open = set(found)

    async def look_after(intent_id: str) -> None:
        if await _look_after(intent_id, vendor):
            still_open.remove(intent_id)

    try:
        await for_each(found, look_after)
    finally:
        metric("vendor_unmatched", len(still_open), {})
    return len(still_open)


async def _read_on(vendor: ListingVendor, now: datetime) -> None:
    newest = now - GRACE
    async with connect("payment") as connection:
        after = await repository.find_read_until(connection) or newest - WINDOW
    until = min(after + WINDOW, newest)
    if until <= after:
        return
    listed = await vendor.list_marked(after, until)
    async with transaction("payment") as connection:
        await repository.keep_unmatched(connection, listed)
        await repository.set_read_until(connection, until)


async def _look_after(intent_id: str, vendor: ListingVendor) -> bool:
    """Whether it is over; what is not, a person has to end."""
    state = await _state_of(intent_id, vendor)
    async with connect("payment") as connection:
        await repository.record_state(connection, intent_id, state)
    if not state.is_over:
        logger.error("no payment has %s: %s, %d kept", intent_id, state.status, state.held_minor)
    return state.is_over


async def _state_of(intent_id: str, vendor: ListingVendor) -> State:
    seen = await vendor.look_up(intent_id)
    if seen is None:  # the vendor's test data can be deleted
        return State(IntentStatus.CANCELED, 0)
    intent = seen.intent
    if intent.status in PAYABLE:
        intent = await vendor.cancel(intent_id)
    return State(intent.status, intent.received_minor - seen.refunded_minor)
