"""Deposits: asked for, answered, captured or released; each once."""

import pytest

from shared.errors import Rejected
from tests.plugins.charges import ADDITIONAL, DEPOSIT, FINE, O, Story, brl, line
from tests.plugins.operator import Operator
from tests.plugins.saga import call, messages


async def test_deposit_is_asked_of_the_kept_card_once_and_shown_when_it_stands(
    story: Story,
) -> None:
    for _ in range(2):
        await story.authorise()
    fields = ("sequence", "amount", "off_session", "payment_method_id")
    assert story.asked("payment_requested.v1", *fields) == [(2, brl(story.deposit), True, None)]
    assert (await story.rental())["deposit_status"] == "OPEN"
    await story.hears(DEPOSIT, 2, O.AUTHORIZED, story.deposit)
    seen = await story.rental()
    assert (seen["deposit_status"], seen["due"]) == ("HELD", brl(0))
    assert (await story.events()).count("DEPOSIT_AUTHORIZED") == 1


async def test_declined_deposit_is_given_up_before_another_card_is_asked(story: Story) -> None:
    await story.authorise()
    await story.hears(DEPOSIT, 2, O.DECLINED)
    assert story.asked("payment_cancel_requested.v1", "purpose", "sequence", "reason") == [
        ("DEPOSIT", 2, "released")
    ]
    with pytest.raises(Rejected, match="given up"):
        await story.authorise()
    await story.hears(DEPOSIT, 2, O.VOIDED)
    await story.authorise(payment_method_id="pm_another")
    fields = ("sequence", "off_session", "payment_method_id", "save_method")
    assert story.asked("payment_requested.v1", *fields)[1:] == [(3, False, "pm_another", True)]
    assert (await story.events()).count("DEPOSIT_DECLINED") == 1


async def test_first_answer_a_renewal_gives_is_not_news(story: Story) -> None:
    await story.hold()
    await story.hears(DEPOSIT, 2, O.AUTHORIZED, story.deposit)
    await story.hears(DEPOSIT, 2, O.DECLINED)
    assert (await story.rental())["deposit_status"] == "HELD"
    assert (await story.events())[-1] == "DEPOSIT_NOT_RENEWED"
    await story.hears(DEPOSIT, 2, O.VOIDED)
    assert (await story.rental())["deposit_status"] == "CLOSED"
    assert (await story.events())[-1] == "DEPOSIT_EXPIRED"


async def test_return_without_more_to_pay_releases_the_deposit(story: Story) -> None:
    await story.hold()
    await story.returns()
    assert story.asked("payment_cancel_requested.v1", "sequence", "reason") == [(2, "released")]
    await story.hears(DEPOSIT, 2, O.VOIDED)
    assert (await story.events())[-1] == "DEPOSIT_RELEASED"
    await story.returns()
    assert len(story.asked("payment_cancel_requested.v1", "sequence")) == 1


async def test_deposit_that_is_released_before_it_stands_is_released_once(story: Story) -> None:
    await story.authorise()
    for _ in range(2):
        await story.settle(0)
    await story.hears(DEPOSIT, 2, O.AUTHORIZED, story.deposit)
    await story.hears(DEPOSIT, 2, O.VOIDED)
    assert len(story.asked("payment_cancel_requested.v1")) == 1
    assert (await story.events())[-1] == "DEPOSIT_RELEASED"


async def test_deposit_that_stands_only_after_the_return_is_released_then(story: Story) -> None:
    await story.authorise()
    await story.returns()
    assert story.asked("payment_cancel_requested.v1") == []
    await story.hears(DEPOSIT, 2, O.AUTHORIZED, story.deposit)
    assert story.asked("payment_cancel_requested.v1", "sequence") == [(2,)]


async def test_operator_takes_a_part_of_the_deposit_and_the_card_is_asked_for_the_rest(
    story: Story,
) -> None:
    await story.hold()
    await story.returns(line(), captured=15_000)
    assert story.asked("payment_capture_requested.v1", "sequence", "amount") == [(2, brl(15_000))]
    asked = story.asked("payment_requested.v1", "purpose", "sequence", "amount", "off_session")
    assert asked[1:] == [("ADDITIONAL", 3, brl(FINE - 15_000), True)]
    await story.hears(ADDITIONAL, 3, O.CAPTURED, FINE - 15_000)
    await story.hears(DEPOSIT, 2, O.CAPTURED, 15_000)
    assert await story.due() == 0
    assert messages(story.url, "refund_requested.v1") == []


@pytest.mark.parametrize(
    ("captured", "code"), [(FINE + 1, "amount_exceeds_due"), (10**9, "amount_exceeds_deposit")]
)
async def test_no_more_is_captured_than_is_owed_and_held(
    story: Story, captured: int, code: str
) -> None:
    await story.hold()
    with pytest.raises(Rejected) as refused:
        await story.returns(line(), captured=captured)
    assert refused.value.code == code
    assert story.asked("payment_capture_requested.v1") == []


async def test_deposit_that_is_not_authorised_cannot_be_captured(story: Story) -> None:
    await story.authorise()
    with pytest.raises(Rejected) as refused:
        await story.returns(line(), captured=1)
    assert refused.value.code == "not_payable"


async def test_cancelled_rental_gives_its_deposit_up(story: Story) -> None:
    await story.hold()
    await call(story.renter, "POST", story.accepted, "cancellation", json={})
    assert story.asked("payment_cancel_requested.v1", "purpose", "sequence", "reason") == [
        ("DEPOSIT", 2, "cancelled")
    ]


async def test_operator_settles_a_deposit_that_waits_and_is_audited(
    story: Story, operator: Operator
) -> None:
    await story.hold()
    await story.returns(line())
    path = f"/rentals/{story.accepted['reference']}/deposit"
    await story.hears(ADDITIONAL, 3, O.DECLINED)
    body = {"captured": brl(FINE), "reason": "the card was refused"}
    answers = [await operator.send("PUT", path, body) for _ in range(2)]
    assert [answer.json()["status"] for answer in answers] == ["SETTLING"] * 2
    [entry] = await operator.audit(rental=story.accepted["reference"])
    assert (entry["action"], entry["reason"]) == ("deposit_settled", "the card was refused")
    other = await operator.send("PUT", path, body | {"captured": brl(1)})
    assert (other.status_code, other.json()["code"]) == (409, "not_payable")
