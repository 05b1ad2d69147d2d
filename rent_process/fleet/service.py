"""The catalogue, and the calendar that is kept ahead of it."""

from datetime import datetime, timedelta

from rent_process.fleet import repository
from shared.contracts.catalogue import Branch, Branches, CarClass, CarClasses
from shared.database import connect, transaction
from shared.telemetry import metric

# Farther than any branch sells ahead (450 days and a rental of 60, infra/migrations).
HORIZON = timedelta(days=540)
HOUR_SECONDS = 3600


async def list_branches() -> Branches:
    async with connect("rent") as connection:
        rows = await repository.list_branches(connection)
    return Branches(branches=[Branch.model_validate(row) for row in rows])


async def list_classes(locale: str) -> CarClasses:
    async with connect("rent") as connection:
        rows = await repository.list_classes(connection, locale)
    return CarClasses(classes=[CarClass.model_validate(row) for row in rows])


async def extend_calendar(now: datetime) -> int:
    """Keep ``HORIZON`` on sale; returns how many blocks were added."""
    first, last = (int(at.timestamp()) // HOUR_SECONDS for at in (now, now + HORIZON))
    async with transaction("rent") as connection:
        return await repository.extend_calendar(connection, first, last)


async def check_drift(now: datetime) -> int:
    """Compare calendar and rentals from this hour on and emit the number as a metric."""
    async with connect("rent") as connection:
        drift = await repository.find_drift(connection, int(now.timestamp()) // HOUR_SECONDS)
    metric("calendar_drift", drift, {})
    return drift
