"""What comes on top of the price: asked of the card, of the deposit, of the renter."""

from typing import Any

import httpx

from tests.plugins.charges import ADDITIONAL, CARD, DEPOSIT, FINE, TOTAL, O, Story, brl, line
from tests.plugins.saga import call


async def test_card_pays_what_came_on_top_and_the_deposit_is_released(story: Story) -> None:
    await story.hold()
    await story.returns(line())
    assert story.asked("payment_cancel_requested.v1") == [], "it waits for the card's answer"
    await story.hears(ADDITIONAL, 3, O.CAPTURED, FINE)
    assert story.asked("payment_cancel_requested.v1", "purpose", "sequence") == [("DEPOSIT", 2)]
    assert await story.due() == 0


async def test_what_the_card_refuses_is_taken_of_the_deposit_and_the_rest_is_due(
    story: Story,
) -> None:
    await story.hold()
    await story.returns(line(story.deposit + 5_000))
    await story.hears(ADDITIONAL, 3, O.DECLINED)
    assert story.asked("payment_capture_requested.v1") == [], "the card may still land"
    await story.hears(ADDITIONAL, 3, O.VOIDED)
    assert story.asked("payment_capture_requested.v1", "amount") == [(brl(story.deposit),)]
    await story.hears(DEPOSIT, 2, O.CAPTURED, story.deposit)
    assert await story.due() == 5_000
    assert story.charges() == [
        (1, "PREPAY", "RECEIVED", TOTAL),
        (2, "DEPOSIT", "RECEIVED", story.deposit),
        (3, "ADDITIONAL", "CLOSED", 0),
    ]


async def pay_due(story: Story, key: str = "pay", **changes: Any) -> httpx.Response:
    return await call(
        story.renter, "POST", story.accepted, "payment",
        json=CARD | changes, headers={"Idempotency-Key": key},
    )  # fmt: skip


async def test_renter_pays_what_is_due_by_the_ordinary_payment_call(story: Story) -> None:
    await story.returns(line())
    assert (await pay_due(story)).json()["code"] == "payment_in_progress"
    await story.hears(ADDITIONAL, 2, O.DECLINED)
    await story.hears(ADDITIONAL, 2, O.VOIDED)
    answers = [await pay_due(story) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    other = await pay_due(story, payment_method_id="pm_third")
    assert other.json()["code"] == "idempotency_key_reused"
    fields = ("sequence", "amount", "off_session", "payment_method_id")
    asked = story.asked("payment_requested.v1", *fields)
    assert asked[1:] == [(3, brl(FINE), False, "pm_another")]
    await story.hears(ADDITIONAL, 3, O.CAPTURED, FINE)
    assert (await pay_due(story, "again")).json()["code"] == "not_payable"
    assert await story.due() == 0


async def test_late_success_of_what_was_given_up_is_given_back(story: Story) -> None:
    await story.returns(line())
    await story.hears(ADDITIONAL, 2, O.DECLINED)
    await story.hears(ADDITIONAL, 2, O.VOIDED)
    await pay_due(story)
    await story.hears(ADDITIONAL, 3, O.CAPTURED, FINE)
    await story.hears(ADDITIONAL, 2, O.CAPTURED, FINE)
    fields = ("purpose", "sequence", "amount", "refund_number")
    assert story.asked("refund_requested.v1", *fields) == [("ADDITIONAL", 3, brl(FINE), 1)]


async def test_capture_that_is_heard_before_its_release_is_kept(story: Story) -> None:
    await story.hold()
    await story.returns(line(), captured=FINE)
    await story.hears(DEPOSIT, 2, O.VOIDED)
    await story.hears(DEPOSIT, 2, O.CAPTURED, FINE)
    assert (await story.due(), (await story.rental())["deposit_status"]) == (0, "RECEIVED")
