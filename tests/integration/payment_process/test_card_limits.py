"""A card that is tried too often is declined before the vendor is asked to charge it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from payment_process.limits import service as limits
from shared.contracts.money import Money
from shared.settings import get_settings
from tests.integration.payment_process.conftest import Desk

MOST = 2
TOO_OFTEN = ("payment_settled.v1", 1, "declined", "card_velocity_exceeded")


@pytest.fixture(autouse=True)
def _limit(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("LIMIT_CARD_PER_HOUR", str(MOST))
    get_settings.cache_clear()


async def pay_with(desk: Desk, method: str) -> str:
    return str((await desk.pay(method)).status)


async def test_a_card_pays_so_many_rentals_in_an_hour_and_not_one_more(
    another_desk: Callable[[], Desk],
) -> None:
    desks = [another_desk() for _ in range(MOST + 1)]
    statuses = [await pay_with(desk, f"pm_good#{n}") for n, desk in enumerate(desks)]
    assert statuses == ["CAPTURED"] * MOST + ["DECLINED"]
    assert desks[-1].vendor.charged == desks[-1].vendor.calls["confirm"] == 0
    assert desks[-1].outcomes()[-1] == TOO_OFTEN
    assert await pay_with(another_desk(), "pm_other") == "CAPTURED"


async def test_of_many_at_once_exactly_the_allowed_are_charged(
    another_desk: Callable[[], Desk],
) -> None:
    desks = [another_desk() for _ in range(4 * MOST)]
    statuses = await asyncio.gather(*(pay_with(desk, "pm_good") for desk in desks))
    assert sorted(statuses) == ["CAPTURED"] * MOST + ["DECLINED"] * 3 * MOST
    assert sum(desk.vendor.charged for desk in desks) == MOST


async def test_a_second_delivery_is_not_a_second_try(desk: Desk) -> None:
    message = desk.request()
    for _ in range(MOST + 2):
        await desk.deliver(message)
    assert desk.query("SELECT tries FROM payment.recent_try") == [{"tries": 1}]


async def test_another_card_pays_after_the_refusal(
    desk: Desk, another_desk: Callable[[], Desk]
) -> None:
    for _ in range(MOST):
        await another_desk().pay("pm_good")
    await desk.pay("pm_good")
    assert (await desk.pay("pm_other", attempt=2)).status == "CAPTURED"
    assert desk.vendor.charged == 1


async def test_what_the_company_charges_by_itself_is_not_counted(desk: Desk) -> None:
    await desk.pay(off_session=True)
    assert desk.query("SELECT tries FROM payment.recent_try") == []


async def test_counts_are_forgotten_with_their_hour(desk: Desk) -> None:
    await desk.pay()
    assert await limits.forget_tries(desk.now) == 0
    assert await limits.forget_tries(desk.now + timedelta(hours=1)) == 1


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        (49, "BRL", "amount_too_small"),
        (5_000_001, "BRL", "amount_too_large"),
        (5_000, "XAU", "currency_not_supported"),
    ],
)
async def test_an_amount_outside_the_table_is_declined_and_the_vendor_not_asked(
    desk: Desk, amount: int, currency: str, code: str
) -> None:
    payment = await desk.pay(amount=Money(amount=amount, currency=currency))
    assert (payment.status, payment.decline_code) == ("DECLINED", code)
    assert not desk.vendor.calls
