"""Changes that share a commit stay each other's strangers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from payment_process import domain, group_commit, repository
from payment_process.domain import Payment
from payment_process.group_commit import Write
from payment_process.limits import service as limits
from shared.database import ConstraintViolation, connect
from shared.errors import Unavailable
from shared.settings import get_settings
from tests.integration.payment_process.conftest import Desk

NOW = datetime.now(UTC)


def fresh(desk: Desk) -> Payment:
    """A payment of another rental each time."""
    return domain.open_payment(Desk(desk.database).request())


def inserting(payment: Payment) -> Write:
    return repository.inserting(payment, "queue")


def saving(payment: Payment) -> Write:
    return repository.saving(payment, "queue")


def confirming(payment: Payment) -> Payment:
    return domain.begin_confirmation(payment, f"pi_{payment.payment_id.hex}", NOW)


def impossible(payment: Payment) -> Payment:
    """Captured without money: the table's own check refuses it."""
    return replace(confirming(payment), status=domain.Status.CAPTURED, confirm_began_at=None)


async def together(*changes: list[Write]) -> list[Any]:
    commits = (group_commit.commit(*writes) for writes in changes)
    return await asyncio.gather(*commits, return_exceptions=True)


@pytest.fixture
def lent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Connections that were lent: each is one transaction."""
    seen: list[str] = []

    @asynccontextmanager
    async def counted(schema: Any) -> AsyncIterator[Any]:
        seen.append(schema)
        async with connect(schema) as connection:
            yield connection

    monkeypatch.setattr(group_commit, "connect", counted)
    return seen


def statuses(desk: Desk, payments: list[Payment]) -> list[str]:
    rows = desk.query("SELECT payment_id, status FROM payment.payment")
    found = {row["payment_id"]: row["status"] for row in rows}
    return [found[payment.payment_id] for payment in payments]


async def test_what_comes_at_once_is_one_transaction(desk: Desk, lent: list[str]) -> None:
    payments = [fresh(desk) for _ in range(5)]
    assert await together(*([inserting(each)] for each in payments)) == [True] * 5
    assert len(lent) == 1
    assert statuses(desk, payments) == ["CREATED"] * 5


async def test_who_is_refused_is_refused_alone(desk: Desk, lent: list[str]) -> None:
    payments = [fresh(desk) for _ in range(3)]
    await together(*([inserting(each)] for each in payments))
    first, second, third = payments
    outcomes = await together(
        [saving(confirming(first))], [saving(impossible(second))], [saving(confirming(third))]
    )
    assert [outcomes[0], outcomes[2]] == [True, True]
    assert isinstance(outcomes[1], ConstraintViolation)
    assert statuses(desk, payments) == ["PROCESSING", "CREATED", "PROCESSING"]
    assert len(lent) == 1 + 1 + 3  # the rows; the group that failed; each alone


async def test_of_two_changes_of_one_row_the_second_finds_it_changed(desk: Desk) -> None:
    payment = fresh(desk)
    assert await together([inserting(payment)], [inserting(payment)]) == [True, False]
    changes = [[saving(confirming(payment))], [saving(confirming(payment))]]
    assert await together(*changes) == [True, False]
    assert await together([saving(confirming(payment))], [inserting(fresh(desk))]) == [False, True]
    for stale in (saving(confirming(payment)), inserting(payment)):
        assert not await group_commit.commit(stale), "also when it comes alone"
    [row] = desk.query("SELECT version FROM payment.payment WHERE intent_id IS NOT NULL")
    assert row["version"] == 2


async def test_who_loses_the_race_tries_no_card(
    desk: Desk, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("LIMIT_CARD_PER_HOUR", "10")
    get_settings.cache_clear()
    payment = fresh(desk)
    await together([inserting(payment)])
    winner = confirming(payment)
    loser = replace(winner, confirm_began_at=datetime.now(UTC))
    assert loser.confirm_began_at is not None
    outcomes = await together(
        [saving(winner), limits.counting(winner, "card", NOW)],
        [saving(loser), limits.counting(loser, "card", loser.confirm_began_at)],
    )
    assert outcomes == [True, False]
    assert desk.query("SELECT tries FROM payment.recent_try") == [{"tries": 1}]


async def test_a_lost_database_is_waited_for_once_by_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = []

    @asynccontextmanager
    async def lost(schema: Any) -> AsyncIterator[Any]:
        waits.append(schema)
        raise Unavailable("the database cannot be reached")
        yield

    payments = [fresh(desk) for _ in range(3)]
    with monkeypatch.context() as patched:
        patched.setattr(group_commit, "connect", lost)
        outcomes = await together(*([inserting(each)] for each in payments))
    assert [type(each) for each in outcomes] == [Unavailable] * 3
    assert len(waits) == 1
    assert await together([inserting(payments[0])]) == [True]


async def test_a_message_that_is_cancelled_holds_up_nobody(desk: Desk) -> None:
    payments = [fresh(desk) for _ in range(3)]
    tasks = [asyncio.create_task(group_commit.commit(inserting(each))) for each in payments]
    await asyncio.sleep(0)
    tasks[1].cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [outcomes[0], outcomes[2]] == [True, True]
    assert isinstance(outcomes[1], asyncio.CancelledError)
    assert await together([inserting(fresh(desk))]) == [True]


async def test_groups_of_two_instances_never_wait_for_each_other(desk: Desk) -> None:
    """Both change the same two rows, asked in opposite order, again and again."""
    payments = [fresh(desk) for _ in range(2)]
    await together(*([inserting(each)] for each in payments))
    for _ in range(20):
        payments = [
            replace(each, version=version)
            for each, version in zip(payments, versions(desk, payments), strict=True)
        ]
        there = [group_commit._Change([saving(each)], future()) for each in payments]
        back = [group_commit._Change([saving(each)], future()) for each in reversed(payments)]
        outcomes = await asyncio.gather(group_commit._commit(there), group_commit._commit(back))
        assert sorted(outcomes) == [[False, False], [True, True]]


def future() -> "asyncio.Future[bool]":
    return asyncio.get_running_loop().create_future()


def versions(desk: Desk, payments: list[Payment]) -> list[int]:
    rows = desk.query("SELECT payment_id, version FROM payment.payment")
    found = {row["payment_id"]: row["version"] for row in rows}
    return [found[payment.payment_id] for payment in payments]


@pytest.mark.parametrize("which", [1, 2, 3])
async def test_a_commit_whose_answer_is_lost_is_found_by_the_next_delivery(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, environment: pytest.MonkeyPatch, which: int
) -> None:
    """The row; intent and "being confirmed" with the card's count; the answer."""
    environment.setenv("LIMIT_CARD_PER_HOUR", "10")
    get_settings.cache_clear()
    commits = []

    @asynccontextmanager
    async def deaf(schema: Any) -> AsyncIterator[Any]:
        async with connect(schema) as connection:
            yield connection
        commits.append(schema)
        if len(commits) == which:
            raise Unavailable("the connection died at COMMIT")

    monkeypatch.setattr(group_commit, "connect", deaf)
    message = desk.request()
    with pytest.raises(Unavailable):
        await desk.deliver(message)
    await desk.deliver(message)
    assert desk.outcomes() == [("payment_settled.v1", 1, "captured", None)]
    assert desk.vendor.charged == 1
    assert desk.query("SELECT tries FROM payment.recent_try") == [{"tries": 1}]
