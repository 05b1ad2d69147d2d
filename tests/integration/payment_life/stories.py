"""Payments told on purpose: every usual way of the drawn states is gone once."""

from collections.abc import AsyncIterator, Callable

from payment_process import service as paying
from payment_process.disputing.domain import DisputeStatus
from tests.integration.payment_life.steps import DAY, renter_acts
from tests.integration.payment_life.till import Due, Till

# A story yields after each step; the judges look then.
Story = Callable[[Till], AsyncIterator[None]]
PRICE, DEPOSIT, ON_TOP, THE_REST = Due


async def answer_is_lost_and_the_money_had_come(till: Till) -> AsyncIterator[None]:
    till.vendor.fail("confirm", "lost_answer").fail("retrieve", "unavailable")
    await till.ask(PRICE, "pm_good", 1)
    yield
    assert [row["status"] for row in till.rows()] == ["UNKNOWN"]
    await till.bring_again()
    yield
    for number in (1, 2):
        await till.refund(PRICE, number, 2)
        yield
    till.vendor.finish_refund(next(iter(till.vendor.refunds)), succeeds=False)
    await till.hear_of_refund(next(iter(till.vendor.refunds)), "bounced")


async def answer_is_lost_and_the_card_was_declined(till: Till) -> AsyncIterator[None]:
    till.vendor.fail("confirm", "lost_answer").fail("retrieve", "unavailable")
    await till.ask(PRICE, "pm_declined", 1)
    yield
    await till.bring_again()
    yield
    await till.ask(PRICE, "pm_good", 2)
    await till.quarrel(PRICE, DisputeStatus.NEEDS_RESPONSE, "opened")
    yield
    await till.quarrel(PRICE, DisputeStatus.WON, "won")


async def declined_card_is_given_up(till: Till) -> AsyncIterator[None]:
    await till.ask(PRICE, "pm_declined", 1)
    yield
    await till.give_up(PRICE)


async def vendor_is_away_until_the_payment_is_given_up(till: Till) -> AsyncIterator[None]:
    till.vendor.fail("create_customer", "unavailable")
    await till.ask(PRICE, "pm_good", 1)
    yield
    await till.give_up(PRICE)


async def renter_acts_for_one_and_not_for_the_other(till: Till) -> AsyncIterator[None]:
    await till.ask(PRICE, "pm_3ds", 1)
    await till.ask(THE_REST, "pm_3ds", 1)
    yield
    await renter_acts(till, PRICE, succeeds=True)
    await till.give_up(THE_REST)
    yield
    await till.tick_all(31)
    yield
    await till.refund(PRICE, 1, 1)


async def card_pays_without_its_holder(till: Till) -> AsyncIterator[None]:
    await till.ask(PRICE, "pm_good", 1)
    await till.ask(ON_TOP, "pm_good", 1)
    yield
    assert [row["status"] for row in till.rows()] == ["CAPTURED", "CAPTURED"]
    await till.quarrel(ON_TOP, DisputeStatus.LOST, "lost")


async def deposit_is_renewed_and_taken_in_part(till: Till) -> AsyncIterator[None]:
    await till.ask(DEPOSIT, "pm_good", 1)
    yield
    await till.tick_all(6.5 * DAY)
    yield
    assert [row["status"] for row in till.rows()] == ["VOIDED", "AUTHORIZED"]
    till.vendor.fail("capture", "lost_answer")
    await till.end_deposit("capture")
    yield
    await till.end_deposit("capture")
    yield
    await till.quarrel(DEPOSIT, DisputeStatus.NEEDS_RESPONSE, "opened")


async def capture_is_interrupted_while_the_deposit_is_renewed(till: Till) -> AsyncIterator[None]:
    await till.ask(DEPOSIT, "pm_good", 1)
    till.vendor.fail("confirm", "crash_before")
    await till.tick_all(6.5 * DAY)
    yield
    till.vendor.fail("capture", "crash_before")
    await till.end_deposit("capture")
    yield
    till.rest()
    await paying.resolve_unsettled(till.vendor, till.clock)
    yield
    assert [row["status"] for row in till.rows()] == ["AUTHORIZED", "AUTHORIZED"]
    await till.bring_again()
    yield
    await till.tick_all(31)


async def deposit_lapses_at_its_bank(till: Till) -> AsyncIterator[None]:
    await till.ask(DEPOSIT, "pm_good", 1)
    yield
    await till.tick_all(8 * DAY)


async def deposit_is_released(till: Till) -> AsyncIterator[None]:
    await till.ask(DEPOSIT, "pm_good", 1)
    yield
    await till.end_deposit("release")


STORIES: tuple[Story, ...] = (
    answer_is_lost_and_the_money_had_come,
    answer_is_lost_and_the_card_was_declined,
    declined_card_is_given_up,
    vendor_is_away_until_the_payment_is_given_up,
    renter_acts_for_one_and_not_for_the_other,
    card_pays_without_its_holder,
    deposit_is_renewed_and_taken_in_part,
    capture_is_interrupted_while_the_deposit_is_renewed,
    deposit_lapses_at_its_bank,
    deposit_is_released,
)
