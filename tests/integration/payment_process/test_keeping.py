"""A rental's card is kept under a customer that knows nobody, and forgotten when asked."""

from typing import Any

import pytest

from payment_process.keeping import service as keeping
from shared.contracts.messages import PaymentMethodForgetRequestedV1, Purpose
from shared.contracts.money import Money
from shared.errors import Unavailable
from tests.integration.payment_process.conftest import Desk
from tests.integration.payment_process.fake_vendor import Crash

FINE: dict[str, Any] = {"purpose": Purpose.ADDITIONAL, "off_session": True}


async def forget(desk: Desk) -> None:
    message = PaymentMethodForgetRequestedV1(rental_id=desk.rental_id)
    await keeping.forget(message, desk.vendor)


def kept(desk: Desk) -> list[tuple[str | None, str | None]]:
    rows = desk.query(
        "SELECT customer_id, payment_method_id FROM payment.payment ORDER BY sequence"
    )
    return [(row["customer_id"], row["payment_method_id"]) for row in rows]


async def test_retries_and_later_payments_share_one_customer(desk: Desk) -> None:
    await desk.pay("pm_declined", save_method=True)
    await desk.pay("pm_good", attempt=2, save_method=True)
    await desk.pay("pm_good", sequence=2, save_method=True)
    [customer] = desk.vendor.customers.values()
    assert kept(desk) == [(customer, "pm_good")] * 2
    assert desk.vendor.calls["create_customer"] == 1


async def test_card_is_not_kept_unless_it_is_asked_for(desk: Desk) -> None:
    await desk.pay()
    assert desk.vendor.calls["create_customer"] == 0
    assert kept(desk) == [(None, "pm_good")]


async def test_customer_whose_answer_was_lost_is_not_made_twice(desk: Desk) -> None:
    desk.vendor.fail("create_customer", "crash_after", "lost_answer")
    await desk.deliver_until_taken(desk.request(save_method=True))
    assert len(desk.vendor.customers) == 1
    assert desk.row()["status"] == "CAPTURED"


async def test_forgotten_card_is_deleted_at_the_vendor_and_pays_no_more(desk: Desk) -> None:
    await desk.pay(save_method=True)
    desk.vendor.fail("delete_customer", "crash_after")
    with pytest.raises(Crash):
        await forget(desk)
    for _ in range(2):
        await forget(desk)
    assert (desk.vendor.customers, kept(desk)) == ({}, [(None, None)])
    fine = await desk.pay(None, sequence=2, amount=Money(amount=100, currency="BRL"), **FINE)
    assert (fine.status, fine.decline_code) == ("DECLINED", "no_saved_payment_method")


async def test_card_is_not_forgotten_under_a_payment_that_is_on_its_way(desk: Desk) -> None:
    await desk.pay(save_method=True)
    desk.vendor.fail("confirm", "crash_after")
    with pytest.raises(Crash):
        await desk.pay(None, sequence=2, **FINE)
    with pytest.raises(Unavailable):
        await forget(desk)
    await desk.tick(31)
    await forget(desk)
    assert desk.vendor.customers == {}
