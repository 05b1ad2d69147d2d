"""A deposit is authorised, captured once, renewed before it lapses, and released."""

import asyncio
from contextlib import suppress
from typing import Any

import psycopg
import pytest

from payment_process.deposits import service as deposits
from payment_process.domain import IntentStatus
from shared.contracts.messages import Purpose
from shared.contracts.money import Money
from shared.errors import Unavailable
from tests.integration.payment_process.conftest import DEPOSIT, TOTAL, Desk
from tests.integration.payment_process.fake_vendor import NEEDS_HOLDER, Crash, Fault

DAY = 86_400
AUTHORISED = ("authorized", DEPOSIT)


def held_at_vendor(desk: Desk) -> int:
    """How many authorisations the renter's bank has open."""
    return sum(
        intent.status is IntentStatus.REQUIRES_CAPTURE for intent in desk.vendor.intents.values()
    )


async def test_deposit_is_authorised_by_the_card_that_was_kept_and_nothing_is_taken(
    desk: Desk,
) -> None:
    held = await desk.hold()
    assert (held.status, held.customer_id) == ("AUTHORIZED", desk.vendor.customers[_rental(desk)])
    assert held.capture_before is not None
    assert desk.told() == [AUTHORISED]
    assert desk.vendor.charged == 1, "the price, and not the deposit"
    assert desk.vendor.calls["create_customer"] == 1


def _rental(desk: Desk) -> str:
    return str(desk.rental_id)


@pytest.mark.parametrize("amount", [1, 25_000, DEPOSIT])
async def test_part_or_all_of_a_deposit_is_captured_once_and_the_rest_released(
    desk: Desk, amount: int
) -> None:
    await desk.hold()
    for _ in range(3):
        await desk.capture(amount)
    assert desk.deposits() == [("CAPTURED", amount)]
    assert desk.told() == [AUTHORISED, ("captured", amount)]
    assert desk.emails() == [("payment_receipt",)]
    assert held_at_vendor(desk) == 0
    assert desk.vendor.charged == 2


@pytest.mark.parametrize("fault", ["unavailable", "lost_request", "lost_answer"])
async def test_capture_whose_answer_is_lost_is_settled_by_looking(desk: Desk, fault: Fault) -> None:
    await desk.hold()
    desk.vendor.fail("capture", fault)
    with suppress(Unavailable):
        await desk.capture(25_000)
    await desk.tend()
    assert desk.deposits() == [("CAPTURED", 25_000)]
    assert desk.told() == [AUTHORISED, ("captured", 25_000)]
    assert desk.vendor.charged == 2


@pytest.mark.parametrize("fault", ["crash_before", "crash_after"])
async def test_process_that_dies_while_capturing_captures_once(desk: Desk, fault: Fault) -> None:
    await desk.hold()
    desk.vendor.fail("capture", fault)
    with pytest.raises(Crash):
        await desk.capture(25_000)
    await desk.capture(25_000)
    assert desk.told() == [AUTHORISED, ("captured", 25_000)]
    assert desk.vendor.charged == 2


async def test_many_deliveries_of_a_capture_at_once_capture_once(desk: Desk) -> None:
    await desk.hold()
    await asyncio.gather(*(desk.capture(25_000) for _ in range(6)), return_exceptions=True)
    await desk.tend()
    assert desk.deposits() == [("CAPTURED", 25_000)]
    assert desk.told() == [AUTHORISED, ("captured", 25_000)]


async def test_capture_never_takes_another_amount_nor_more_than_the_deposit(desk: Desk) -> None:
    await desk.hold()
    with pytest.raises(ValueError, match="not within"):
        await desk.capture(DEPOSIT + 1)
    await desk.capture(25_000)
    with pytest.raises(ValueError, match="another amount"):
        await desk.capture(25_001)
    assert desk.deposits() == [("CAPTURED", 25_000)]


async def test_capture_in_another_currency_is_nobodys(desk: Desk) -> None:
    await desk.hold()
    wanted = desk.capture_request().model_copy(
        update={"amount": Money(amount=DEPOSIT, currency="USD")}
    )
    with pytest.raises(ValueError, match="currency"):
        await deposits.capture_payment(wanted, desk.vendor, desk.clock)
    assert desk.deposits() == [("AUTHORIZED", 0)]


async def test_capture_that_overtakes_its_deposit_comes_again(desk: Desk) -> None:
    with pytest.raises(LookupError):
        await desk.capture(1)
    await desk.pay("pm_3ds", save_method=True, purpose=Purpose.DEPOSIT, sequence=2)
    with pytest.raises(Unavailable):
        await desk.capture(1)


async def test_released_deposit_is_told_and_not_captured_any_more(desk: Desk) -> None:
    await desk.hold()
    for _ in range(2):
        await desk.release()
    assert await desk.capture(1) is None
    assert desk.told() == [AUTHORISED, ("voided", 0)]
    assert (desk.deposits(), held_at_vendor(desk)) == ([("VOIDED", 0)], 0)


async def test_release_does_not_undo_a_capture_that_was_begun(desk: Desk) -> None:
    await desk.hold()
    desk.vendor.fail("capture", "crash_before")
    with pytest.raises(Crash):
        await desk.capture(25_000)
    await desk.release()
    await desk.tend()
    assert desk.deposits() == [("CAPTURED", 25_000)]


async def test_release_that_overtakes_its_deposit_leaves_nothing_held(desk: Desk) -> None:
    await desk.pay(save_method=True)
    await desk.release()
    await desk.authorise()
    assert (desk.deposits(), held_at_vendor(desk)) == ([("VOIDED", 0)], 0)


async def test_deposit_that_is_authorised_while_it_is_given_up_is_not_told_to_stand(
    desk: Desk,
) -> None:
    """Its holder passes the bank's page when the hold is over, and before the vendor has heard."""
    asked = await desk.pay("pm_3ds", save_method=True, purpose=Purpose.DEPOSIT, sequence=2)
    desk.vendor.fail("cancel", "unavailable")
    with suppress(Unavailable):
        await desk.tick(901)
    desk.vendor.complete_action(asked.intent_id or "")
    await desk.see(asked)
    assert (desk.deposits(), held_at_vendor(desk)) == ([("AUTHORIZED", 0)], 1)
    assert desk.told() == []
    await desk.tick(31)
    assert (desk.deposits(), held_at_vendor(desk)) == ([("VOIDED", 0)], 0)
    assert desk.told() == [("voided", 0)]


async def test_deposit_is_renewed_before_it_lapses_and_the_rental_hears_of_one(desk: Desk) -> None:
    await desk.hold()
    await desk.tend(5 * DAY)
    assert desk.deposits() == [("AUTHORIZED", 0)], "it holds for two days more"
    await desk.tend(1.5 * DAY)
    assert desk.deposits() == [("VOIDED", 0), ("AUTHORIZED", 0)]
    assert desk.told() == [AUTHORISED, AUTHORISED]
    assert held_at_vendor(desk) == 1
    await desk.capture(25_000)
    assert desk.deposits() == [("VOIDED", 0), ("CAPTURED", 25_000)]
    assert desk.told()[2:] == [("captured", 25_000)]


@pytest.mark.parametrize("call", ["create_intent", "confirm", "cancel"])
@pytest.mark.parametrize("fault", ["crash_before", "crash_after", "lost_answer", "unavailable"])
async def test_renewal_that_is_interrupted_goes_on_and_one_authorisation_is_left(
    desk: Desk, call: Any, fault: Fault
) -> None:
    await desk.hold()
    desk.vendor.fail(call, fault)
    with suppress(Crash, Unavailable):
        await desk.tend(6.5 * DAY)
    for _ in range(3):
        await desk.tick(31)
        await desk.tend()
    assert desk.deposits() == [("VOIDED", 0), ("AUTHORIZED", 0)]
    assert held_at_vendor(desk) == 1
    assert {outcome for outcome, _ in desk.told()} == {"authorized"}


@pytest.mark.parametrize("what", ["capture", "release"])
async def test_what_ends_a_deposit_in_renewal_ends_both(desk: Desk, what: str) -> None:
    await desk.hold()
    desk.vendor.fail("confirm", "crash_before")
    with pytest.raises(Crash):
        await desk.tend(6.5 * DAY)
    assert desk.deposits() == [("AUTHORIZED", 0), ("PROCESSING", 0)]
    await (desk.capture(25_000) if what == "capture" else desk.release())
    for _ in range(2):
        await desk.tick(31)
        await desk.tend()
    taken = ("CAPTURED", 25_000) if what == "capture" else ("VOIDED", 0)
    assert desk.deposits() == [taken, ("VOIDED", 0)]
    assert desk.told()[1:] == [("captured", 25_000) if what == "capture" else ("voided", 0)]
    assert held_at_vendor(desk) == 0


async def test_declined_renewal_is_tried_again_and_its_end_is_told(desk: Desk) -> None:
    await desk.hold()
    desk.query(
        "UPDATE payment.payment SET payment_method_id = 'pm_declined', version = version + 1"
        " WHERE sequence = 2"
    )
    await desk.tend(6.1 * DAY)
    assert desk.deposits() == [("AUTHORIZED", 0), ("DECLINED", 0)]
    await desk.tend(60)
    assert desk.vendor.calls["confirm"] == 3, "not again so soon"
    await desk.tend(DAY / 3)
    assert desk.vendor.calls["confirm"] == 4
    await _lapse(desk)
    assert desk.deposits() == [("AUTH_EXPIRED", 0), ("VOIDED", 0)]
    assert [outcome for outcome, _ in desk.told()] == [
        "authorized", "declined", "declined", "voided",
    ]  # fmt: skip


async def _lapse(desk: Desk) -> None:
    for intent in list(desk.vendor.intents.values()):
        if intent.status is IntentStatus.REQUIRES_CAPTURE:
            desk.vendor.lapse(intent.intent_id)
    await desk.tend(DAY)
    desk.query(
        "UPDATE payment.payment SET expires_at = now(), version = version + 1 WHERE renewal = 1"
    )
    await desk.tick(31)


async def test_deposit_that_its_bank_lets_go_is_told(desk: Desk) -> None:
    held = await desk.hold()
    desk.vendor.lapse(held.intent_id or "")
    await desk.see(held)
    assert desk.deposits() == [("AUTH_EXPIRED", 0)]
    assert desk.told() == [AUTHORISED, ("voided", 0)]
    assert await desk.capture(1) is None


async def test_bank_that_was_faster_than_the_capture_is_found_out(desk: Desk) -> None:
    held = await desk.hold()
    desk.vendor.lapse(held.intent_id or "")
    await desk.capture(25_000)
    assert desk.told() == [AUTHORISED, ("voided", 0)]
    assert desk.vendor.charged == 1


async def test_database_lets_one_of_two_authorisations_be_captured(desk: Desk) -> None:
    await desk.hold()
    await desk.tend(6.5 * DAY)
    statement = "UPDATE payment.payment SET capture_minor = 1, cause = 'x', version = version + 1"
    with pytest.raises(psycopg.errors.UniqueViolation, match="deposit_captured_once"):
        desk.query(f"{statement} WHERE purpose = 'DEPOSIT'")


async def test_additional_payment_takes_the_kept_card_without_its_holder(desk: Desk) -> None:
    await desk.pay(save_method=True)
    fine: dict[str, Any] = {"purpose": Purpose.ADDITIONAL, "sequence": 2, "off_session": True}
    paid = await desk.pay(None, amount=Money(amount=19_500, currency="BRL"), **fine)
    assert (paid.status, paid.captured_minor) == ("CAPTURED", 19_500)
    assert desk.emails() == [("payment_receipt",)]


async def test_card_that_wants_its_holder_is_declined_then_paid_by_them(desk: Desk) -> None:
    await desk.pay(NEEDS_HOLDER, save_method=True)
    fine: dict[str, Any] = {
        "purpose": Purpose.ADDITIONAL,
        "amount": Money(amount=19_500, currency="BRL"),
    }
    declined = await desk.pay(None, sequence=2, off_session=True, **fine)
    assert declined.decline_code == "authentication_required"
    assert desk.emails() == [("payment_failed",)]
    await desk.pay(NEEDS_HOLDER, attempt=2, sequence=2, **fine)
    assert desk.vendor.charged == 2


async def test_rental_without_a_kept_card_is_told_so_and_no_vendor_is_asked(desk: Desk) -> None:
    await desk.pay()
    before = desk.vendor.calls.total()
    declined = await desk.authorise()
    assert (declined.status, declined.decline_code) == ("DECLINED", "no_saved_payment_method")
    assert desk.vendor.calls.total() == before
    assert desk.query("SELECT captured_minor FROM payment.payment WHERE sequence = 1") == [
        {"captured_minor": TOTAL}
    ]
