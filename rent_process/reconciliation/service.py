"""Look for drift, say where, and emit it. It repairs nothing: the timers that should have done.

Expired holds, unsent messages and unsettled payments are finished by the timers of their folders,
safely and at any age; what still stands here after the grace needs a person.
"""

from datetime import datetime
from typing import Any

from rent_process.fleet import repository as fleet
from rent_process.reconciliation import repository
from rent_process.settlement.repository import hour_of
from shared.contracts.operator import Check, Reconciliation
from shared.database import Connection, connect
from shared.telemetry import metric

GRACE_SECONDS = 300  # five runs of the timers
HORIZON_DAYS = 35


async def reconcile(now: datetime, grace_seconds: int = GRACE_SECONDS) -> Reconciliation:
    """Run every check.

    Raises:
        Unavailable: the database is down.
    """
    parameters: dict[str, Any] = {"grace_seconds": grace_seconds, "horizon_days": HORIZON_DAYS}
    async with connect("rent") as connection:
        checks = [
            Check(name=name, **await repository.run_check(connection, name, parameters))
            for name in repository.CHECKS
        ]
        checks.append(await _check_calendar(connection, now))
    for check in checks:
        metric("reconciliation_drift", check.drift, {"check": check.name})
    return Reconciliation(
        drift=sum(check.drift for check in checks),
        checks=checks,
        checked_at=now,
        grace_seconds=grace_seconds,
    )


async def _check_calendar(connection: Connection, now: datetime) -> Check:
    """Hours, from this one on, in which calendar and rentals disagree."""
    drift = await fleet.find_drift(connection, hour_of(now))
    return Check(name="calendar", drift=drift, examples=[])
