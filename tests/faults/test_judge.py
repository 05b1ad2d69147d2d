"""The judge itself: it must see what a drill is there to find."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg
import pytest

from infra.local.drills.judge import Judge
from infra.local.load.renters import Trip
from tests.plugins.market import SUPPLY, Renter, at_local


@pytest.fixture
def judge(market: str) -> Iterator[Judge]:
    with Judge(market) as opened:
        yield opened


async def sell_out(renter: Renter) -> None:
    offer = await renter.offer()
    for _ in range(SUPPLY):
        assert (await renter.book(offer)).status_code == 202


def copy_a_rental(url: str, *, later: timedelta = timedelta()) -> None:
    """Write what a faulty booking would: a rental that took nothing from the calendar."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "CREATE TEMPORARY TABLE copy AS SELECT * FROM rent.rental LIMIT 1;"
            "UPDATE copy SET rental_id = gen_random_uuid(), reference = '00000000',"
            "                idempotency_key = 'a copy'"
        )
        connection.execute(
            "UPDATE copy SET pickup_at = pickup_at + %(later)s, return_at = return_at + %(later)s,"
            " from_hour = from_hour + %(hours)s, to_hour = to_hour + %(hours)s",
            {"later": later, "hours": int(later.total_seconds()) // 3600},
        )
        connection.execute("INSERT INTO rent.rental SELECT * FROM copy")


def trip(pickup_at: datetime, return_at: datetime) -> Trip:
    return Trip("GRU", "GRU", pickup_at, return_at, "ECMR")


async def test_judge_finds_nothing_wrong_in_what_was_booked_rightly(
    renter: Renter, judge: Judge
) -> None:
    await sell_out(renter)
    assert judge.ask("busiest") == SUPPLY
    assert judge.ask("oversold") == 0
    assert judge.ask("calendar_disagrees") == 0


async def test_judge_sees_a_car_that_was_sold_twice(
    renter: Renter, market: str, judge: Judge
) -> None:
    await sell_out(renter)
    copy_a_rental(market)
    # Three days and the hour of turnaround.
    assert judge.ask("oversold") == 73
    assert judge.ask("busiest") == SUPPLY + 1
    assert judge.ask("calendar_disagrees") == 73


async def test_judge_counts_the_turnaround_as_the_car_being_out(
    renter: Renter, market: str, judge: Judge
) -> None:
    await sell_out(renter)
    copy_a_rental(market, later=timedelta(hours=72))  # begins when the others are returned
    assert judge.ask("oversold") == 1


async def test_judge_sees_hours_that_a_calendar_lost(
    renter: Renter, market: str, judge: Judge
) -> None:
    assert (await renter.book(await renter.offer())).status_code == 202
    with psycopg.connect(market) as connection:
        connection.execute("DELETE FROM rent.outbox; DELETE FROM rent.rental_event")
        connection.execute("DELETE FROM rent.rental")
    assert judge.ask("calendar_disagrees") == 73


async def test_judge_tells_a_refusal_in_vain_from_a_rightful_one(
    renter: Renter, judge: Judge
) -> None:
    await sell_out(renter)
    overlapping = trip(at_local(12), at_local(14))
    touching = trip(at_local(13, 11), at_local(14))
    assert judge.refused_though_free([overlapping]) == 0
    assert judge.refused_though_free([overlapping, touching]) == 1
