"""Who drove is forgotten in time, without anybody asking for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from rent_process.account import service as account
from rent_process.nightly import service as nightly
from tests.integration.rent_process.test_account import PERSONAL, ana, book, dump
from tests.plugins.market import Renter
from tests.plugins.saga import book_and_pay, call, query

__all__ = ["ana"]


def end_of_keeping(url: str) -> datetime:
    """By the law: five years, counted from the first day of the year after it."""
    [(year,)] = query(url, "SELECT DISTINCT extract(year FROM return_at)::integer FROM rent.rental")
    return datetime(year + 6, 1, 1, tzinfo=UTC)


async def cancelled(renter: Renter) -> dict[str, Any]:
    accepted = await book(renter)
    assert (await call(renter, "POST", accepted, "cancellation")).status_code == 202
    return accepted


async def test_guest_and_signed_in_renter_are_forgotten_when_the_books_may_be_closed(
    renter: Renter, ana: Renter, market: str
) -> None:
    await cancelled(renter)
    await cancelled(ana)
    over = end_of_keeping(market)
    assert await account.forget_past(over - timedelta(seconds=1)) == 0
    assert all(word in dump(market) for word in PERSONAL)
    assert [await account.forget_past(over), await account.forget_past(over)] == [2, 0]
    held = dump(market)
    assert not [word for word in PERSONAL if word in held]
    rows = query(market, "SELECT status, total_minor, driver FROM rent.rental")
    assert rows == [("CANCELLED", 33_600, {"erased": True})] * 2


async def test_rental_that_still_runs_keeps_its_driver(renter: Renter, market: str) -> None:
    await book_and_pay(renter, market)
    assert await account.forget_past(end_of_keeping(market)) == 0


async def test_car_that_came_back_after_new_year_is_remembered_a_year_longer(
    renter: Renter, market: str
) -> None:
    await cancelled(renter)
    over = end_of_keeping(market)
    late = over.replace(year=over.year - 5, day=2)
    with psycopg.connect(market) as owner:
        owner.execute(
            "INSERT INTO rent.rental_return"
            " (rental_id, request_hash, returned_at, lines, total_minor)"
            " SELECT rental_id, '', %s, '[]', 0 FROM rent.rental",
            (late,),
        )
    assert await account.forget_past(over) == 0
    assert await account.forget_past(over.replace(year=over.year + 1)) == 1


async def test_the_nights_work_forgets_all_that_is_due(
    renter: Renter, market: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "PAST_AT_ONCE", 1)
    for _ in range(3):
        await cancelled(renter)
    await nightly.work(end_of_keeping(market))
    assert query(market, "SELECT DISTINCT driver FROM rent.rental") == [({"erased": True},)]
