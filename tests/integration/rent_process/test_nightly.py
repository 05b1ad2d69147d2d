"""The night's work: done once, made up for when missed, and drift is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from rent_process import function
from rent_process.fleet import service as fleet
from rent_process.nightly import service as nightly
from tests.plugins.market import Renter
from tests.plugins.saga import book_and_pay, query

NIGHT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def steps_at(moment: datetime) -> set[str]:
    """The names of what the timer runs at that minute."""
    names = set()
    for step in function._steps_at(moment):
        names.add(step.__qualname__)  # type: ignore[attr-defined] # a coroutine has one
        step.close()  # type: ignore[attr-defined] # and never ran
    return names


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (NIGHT, True),
        (NIGHT + timedelta(minutes=1), True),  # the timer was late: made up for
        (NIGHT + timedelta(hours=9), True),
        (NIGHT - timedelta(minutes=1), False),
    ],
)
def test_timer_asks_for_the_nights_work_from_its_hour_on(moment: datetime, *, due: bool) -> None:
    assert ("work" in steps_at(moment)) is due


def test_timer_reminds_every_few_minutes() -> None:
    hour = [steps_at(NIGHT + timedelta(minutes=minute)) for minute in range(60)]
    assert sum("remind" in names for names in hour) == 12
    assert all({"sweep", "expire_due", "measure"} <= names for names in hour)


async def test_work_is_done_once_a_night(market: str) -> None:
    now = datetime.now(UTC)
    assert [await nightly.work(now), await nightly.work(now)] == [True, False]
    assert await nightly.work(now + timedelta(days=20)) is True
    rows = query(market, "SELECT blocks_added > 0, calendar_drift FROM rent.night ORDER BY day")
    assert rows == [(False, 0), (True, 0)]


async def test_drift_is_counted_told_and_kept(
    renter: Renter, market: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await book_and_pay(renter, market)
    told: list[tuple[str, float]] = []

    def note(name: str, value: float, _attributes: dict[str, Any]) -> None:
        told.append((name, value))

    monkeypatch.setattr(fleet, "metric", note)
    with psycopg.connect(market) as connection:
        connection.execute(
            "UPDATE rent.class_calendar SET free[1] = free[1] - 1, free[2] = free[2] - 1"
            " WHERE branch_code = 'GIG' AND class_code = 'SFAR' AND block ="
            " (SELECT max(block) FROM rent.class_calendar)"
        )
    await nightly.work(datetime.now(UTC))
    assert told == [("calendar_drift", 2)]
    assert "disagree in 2 hours" in caplog.text
    assert query(market, "SELECT calendar_drift FROM rent.night") == [(2,)]
