"""Once a night: forget old renters, keep the calendar ahead, look for drift.

A run that was missed is made up for. Every step may run twice without harm, so the row is written
when they are done: a process that dies on the way leaves the night to the next minute.
"""

import logging
from datetime import datetime

from rent_process.account import service as account
from rent_process.fleet import service as fleet
from rent_process.nightly import repository
from shared.database import connect

logger = logging.getLogger(__name__)


async def work(now: datetime) -> bool:
    """Do this night's work unless it is done; returns whether it was done now.

    Raises:
        Unavailable: the database is down.
    """
    day = now.date()
    async with connect("rent") as connection:
        if await repository.is_done(connection, day):
            return False
    await account.forget_past(now)
    added = await fleet.extend_calendar(now)
    drift = await fleet.check_drift(now)
    if drift:
        # The alert reads the metric that check_drift emits (docs/operations/alerts).
        logger.error("calendar and rentals disagree in %d hours", drift)
    async with connect("rent") as connection:
        await repository.write_night(connection, day, added, drift)
    return True
