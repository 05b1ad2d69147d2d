"""Reminders: at the branch's own clock, once, for the rental's newest times, or not at all."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from rent_process.reminders import service as reminders
from tests.plugins.market import Renter, at_local
from tests.plugins.saga import book_and_pay, call, messages

OURS = {"pickup_reminder", "return_reminder", "return_overdue", "review_request"}


def asked(url: str) -> list[tuple[str, str]]:
    """Rental and template of every reminder that was asked for, oldest first."""
    bodies = messages(url, "email_requested.v1")
    return [(b["rental_id"], b["template"]) for b in bodies if b["template"] in OURS]


def templates(url: str) -> list[str]:
    return [template for _, template in asked(url)]


def change(url: str, assignment: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(f"UPDATE rent.rental SET {assignment}".encode())  # noqa: S608 -- ours


async def remind_at(*moments: datetime) -> list[int]:
    return [await reminders.remind(moment.astimezone(UTC)) for moment in moments]


async def test_pickup_is_reminded_of_the_morning_before_and_once(
    renter: Renter, market: str
) -> None:
    await book_and_pay(renter, market)  # the tenth day, ten o'clock
    moments = [at_local(8, 12), at_local(9, 8), at_local(9, 9), at_local(9, 20), at_local(10, 9)]
    assert await remind_at(*moments) == [0, 0, 1, 0, 0]
    assert templates(market) == ["pickup_reminder"]


async def test_nobody_is_woken_at_night(renter: Renter, market: str) -> None:
    await book_and_pay(renter, market)
    assert (
        await remind_at(at_local(9, 0), at_local(9, 6), at_local(9, 21), at_local(9, 23)) == [0] * 4
    )
    assert await remind_at(at_local(9, 20)) == [1]


async def test_hour_is_that_of_the_branch(renter: Renter, market: str) -> None:
    await book_and_pay(renter, market)
    with psycopg.connect(market) as connection:
        connection.execute("UPDATE rent.branch SET timezone = 'Asia/Tokyo'")
    # Ten in São Paulo is ten at night in Tokyo: the day before begins there twelve hours earlier.
    assert await remind_at(at_local(8, 20), at_local(8, 21), at_local(9, 9)) == [0, 1, 0]


async def test_sweeps_at_once_ask_once(renter: Renter, market: str) -> None:
    for _ in range(3):
        await book_and_pay(renter, market)
    moment = at_local(9, 12).astimezone(UTC)
    counts = await asyncio.gather(*(reminders.remind(moment) for _ in range(5)))
    assert sum(counts) + await reminders.remind(moment) == 3
    assert len(asked(market)) == len(set(asked(market))) == 3


async def test_more_than_one_batch_is_asked_in_one_run(
    renter: Renter, market: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "BATCH", 2)
    for _ in range(5):
        await book_and_pay(renter, market)
    assert await remind_at(at_local(9, 12)) == [5]


async def test_cancelled_and_unpaid_rentals_are_left_in_peace(renter: Renter, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    assert (await call(renter, "POST", accepted, "cancellation", json={})).status_code == 202
    held = await renter.book(await renter.offer())
    assert held.status_code == 202
    assert await remind_at(at_local(9, 12)) == [0]


async def move(renter: Renter, accepted: dict[str, Any], days: int, key: str) -> None:
    offer = await renter.offer(
        pickup_at=at_local(days).isoformat(), return_at=at_local(days + 3).isoformat()
    )
    answer = await call(
        renter, "POST", accepted, "modification",
        json={"offer": offer}, headers={"Idempotency-Key": key},
    )  # fmt: skip
    assert answer.status_code == 202, answer.text


async def test_reminder_moves_with_the_rental(renter: Renter, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    await move(renter, accepted, 15, "later")
    assert await remind_at(at_local(9, 12), at_local(14, 12), at_local(14, 13)) == [0, 1, 0]


async def test_rental_that_moves_after_its_reminder_has_one_for_its_new_day(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    assert await remind_at(at_local(9, 12)) == [1]
    await move(renter, accepted, 15, "later")
    assert await remind_at(at_local(9, 13), at_local(14, 12), at_local(14, 13)) == [0, 1, 0]


async def test_return_is_reminded_of_on_its_morning_and_once_when_overdue(
    renter: Renter, market: str
) -> None:
    await book_and_pay(renter, market)  # until the thirteenth day, ten o'clock
    assert await remind_at(at_local(13, 7)) == [0], "the car has not left"
    change(market, "status = 'CHECKED_OUT'")
    moments = [at_local(12, 12), at_local(13, 6), at_local(13, 7), at_local(13, 10)]
    assert await remind_at(*moments) == [0, 0, 1, 0]
    late = at_local(13, 11)
    assert await remind_at(late - timedelta(minutes=1), late, late, at_local(14, 11)) == [
        0,
        1,
        0,
        0,
    ]
    assert templates(market) == ["return_reminder", "return_overdue"]


async def test_car_that_is_back_or_extended_is_not_overdue(renter: Renter, market: str) -> None:
    await book_and_pay(renter, market)
    change(market, "status = 'CHECKED_OUT', return_at = return_at + interval '1 day',"
                   " to_hour = to_hour + 24")  # fmt: skip
    assert await remind_at(at_local(13, 12), at_local(14, 8)) == [0, 1]
    change(market, "status = 'COMPLETED'")
    assert await remind_at(at_local(14, 12)) == [0]
    assert templates(market) == ["return_reminder"]


async def test_reminder_and_its_row_commit_together(
    renter: Renter, market: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await book_and_pay(renter, market)

    async def fail(*_: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr("rent_process.reminders.service.outbox.write", fail)
        with pytest.raises(ConnectionError):
            await remind_at(at_local(9, 12))
    assert asked(market) == []
    assert await remind_at(at_local(9, 12)) == [1]


async def test_database_refuses_a_second_reminder(renter: Renter, market: str) -> None:
    await book_and_pay(renter, market)
    await remind_at(at_local(9, 12))
    with psycopg.connect(market) as connection, pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute("INSERT INTO rent.reminder SELECT * FROM rent.reminder")


async def test_cancellation_at_the_same_moment_comes_wholly_before_or_after(
    renter: Renter, market: str
) -> None:
    rentals = [await book_and_pay(renter, market) for _ in range(6)]
    moment = at_local(9, 12).astimezone(UTC)
    answers, _ = await asyncio.gather(
        asyncio.gather(*(call(renter, "POST", r, "cancellation", json={}) for r in rentals)),
        asyncio.gather(*(reminders.remind(moment) for _ in range(4))),
    )
    await reminders.remind(moment)
    assert {answer.status_code for answer in answers} == {202}
    order: dict[str, list[str]] = {}
    for body in messages(market, "email_requested.v1"):
        order.setdefault(body["rental_id"], []).append(body["template"])
    assert len(order) == 6
    for templates_ in order.values():
        assert templates_[-1] == "rental_cancelled", templates_
        assert templates_.count("pickup_reminder") <= 1
