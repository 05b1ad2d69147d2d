"""What a payment costs the database, counted by PostgreSQL itself."""

import asyncio

import psycopg
import pytest

from shared.database import close_pools
from shared.settings import get_settings
from tests.integration.payment_process.conftest import Desk

COMMITS = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
# The row, "it is being confirmed", the answer with its announcements: each has to be durable before
# the next step, and none can be left out. Whoever adds one says here why.
PER_PAYMENT = 3
PAYMENTS = 30
AT_ONCE = 24  # as many as the host runs at a time (host.json)


async def commits(desk: Desk) -> int:
    """Sessions report what they did when they end; reading it is a commit too, made later."""
    await close_pools()
    await asyncio.sleep(0.1)
    with psycopg.connect(desk.database, autocommit=True) as connection:
        row = connection.execute(COMMITS).fetchone()
    assert row is not None
    return int(row[0])


async def cost_of(desk: Desk, payments: int) -> int:
    """Commits of so many payments, and of asking for them."""
    before = await commits(desk)
    for _ in range(payments):
        other = Desk(desk.database, vendor=desk.vendor)
        assert (await other.pay()).status == "CAPTURED"
    return await commits(desk) - before


@pytest.mark.parametrize("limit", ["0", "1000"])
async def test_a_payment_takes_three_transactions_also_when_its_card_is_counted(
    desk: Desk, environment: pytest.MonkeyPatch, limit: str
) -> None:
    environment.setenv("LIMIT_CARD_PER_HOUR", limit)
    get_settings.cache_clear()
    taken = await cost_of(desk, PAYMENTS) - await cost_of(desk, 0)
    # A pool that grows greets the server now and then: fewer times than there are payments.
    assert taken // PAYMENTS == PER_PAYMENT, f"{taken} for {PAYMENTS} payments"


async def test_payments_at_once_share_their_transactions(desk: Desk) -> None:
    before = await commits(desk)
    desks = [Desk(desk.database, vendor=desk.vendor) for _ in range(AT_ONCE)]
    payments = await asyncio.gather(*(each.pay() for each in desks))
    assert {each.status for each in payments} == {"CAPTURED"}
    taken = await commits(desk) - before
    assert taken <= AT_ONCE, f"{taken} for {AT_ONCE} payments, of which each takes {PER_PAYMENT}"
