"""The judge itself: it must see what a drill is there to find."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg
import pytest

from infra.local.drills.judge import Judge
from infra.local.load.renters import Trip
from tests.plugins.counter import check_in, check_out, confirmed, park
from tests.plugins.market import SUPPLY, Renter, at_local
from tests.plugins.saga import book_and_pay, call


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


def due(judge: Judge) -> list[int]:
    """Cost, price, what came on top, cash and goodwill of the only rental."""
    [(_, _, _, *amounts)] = judge.rows("due")
    return amounts


async def test_judge_adds_up_the_lines_of_price_and_charges_and_what_operators_typed_in(
    renter: Renter, market: str, judge: Judge
) -> None:
    await book_and_pay(renter, market)
    assert due(judge) == [33_600, 33_600, 0, 0, 0]
    with psycopg.connect(market) as connection:
        connection.execute(
            "INSERT INTO rent.additional_charge (rental_id, idempotency_key, request_hash, lines,"
            " amount_minor, due_minor, actor) SELECT rental_id, 'k', 'h', %s, 1, 1, 'op'"
            " FROM rent.rental",
            # The sum that the code under test stored beside the lines is not believed.
            ['[{"amount": {"amount": 19500}}, {"amount": {"amount": 500}}]'],
        )
        for key, kind, amount in (
            ("a", "cash", 9_000), ("b", "terminal", 2_000), ("c", "cash_returned", 1_000),
            ("d", "goodwill", 700),
        ):  # fmt: skip
            connection.execute(
                "INSERT INTO rent.counter_entry (rental_id, idempotency_key, request_hash, kind,"
                " amount_minor, due_minor, actor) SELECT rental_id, %s, 'h', %s, %s, 0, 'op'"
                " FROM rent.rental",
                [key, kind, amount],
            )
    assert due(judge) == [53_600, 33_600, 20_000, 10_000, 700]


async def test_judge_keeps_the_policys_fee_of_a_rental_that_was_cancelled_too_late(
    renter: Renter, market: str, judge: Judge
) -> None:
    accepted = await book_and_pay(renter, market)
    await call(renter, "POST", accepted, "cancellation", json={})
    assert due(judge)[0] == 0
    with psycopg.connect(market) as connection:
        connection.execute(
            "UPDATE rent.rental SET cancellation_policy = cancellation_policy"
            """ || '{"free_until": "2020-01-01T00:00:00Z", "fee_percent": 25}'"""
        )
    assert due(judge)[0] == 8_400


async def test_judge_counts_a_car_as_out_from_its_leaving_to_its_coming_back(
    renter: Renter, market: str, judge: Judge
) -> None:
    [plate, *_] = park(market)
    reference, left_at = await confirmed(renter, market), at_local(9, 8)
    await check_out(reference, plate, now=left_at)
    assert judge.ask("calendar_disagrees") == 0
    await check_in(reference, now=at_local(12))
    assert judge.ask("calendar_disagrees") == 0
    assert judge.ask("busiest") == 1


async def test_judge_sees_a_deposit_that_stands_although_the_rental_has_ended(
    renter: Renter, market: str, judge: Judge
) -> None:
    await book_and_pay(renter, market)
    with psycopg.connect(market) as connection:
        connection.execute(
            "INSERT INTO payment.payment (payment_id, rental_id, purpose, sequence, reference,"
            " status, attempt, amount_minor, currency, method, off_session, intent_id, expires_at,"
            " cause) SELECT gen_random_uuid(), rental_id, 'DEPOSIT', 2, reference, 'AUTHORIZED',"
            " 1, 70000, 'BRL', 'card', true, 'pi_1', now(), 'test' FROM rent.rental"
        )
        connection.commit()
        assert judge.ask("payable_after_the_end") == 0
        connection.execute("UPDATE rent.rental SET status = 'COMPLETED'")
    assert judge.ask("payable_after_the_end") == 1
