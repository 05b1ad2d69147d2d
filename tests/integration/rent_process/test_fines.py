"""Fines and tolls, through the operator's call."""

from typing import Any

import httpx
import pytest

from tests.plugins.charges import ADDITIONAL, FINE, TOTAL, O, Story, brl, line
from tests.plugins.market import Renter
from tests.plugins.operator import Operator


async def charge(
    operator: Operator, story: Story, *lines: dict[str, Any], key: str = "one"
) -> httpx.Response:
    path = f"/rentals/{story.accepted['reference']}/charges"
    return await operator.send("POST", path, {"lines": list(lines)}, key)


def toll(amount: int = 1_250, **changes: Any) -> dict[str, Any]:
    body = {"purpose": "Toll", "description": "BR-116 km 40", "quantity": 2}
    return body | {"unit_amount": brl(amount)} | changes


async def test_fines_after_return_are_asked_of_the_card_once_shown_and_audited(
    story: Story, operator: Operator
) -> None:
    await story.returns()
    answers = [await charge(operator, story, toll()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202], answers[0].text
    assert answers[0].json()["asked"] == answers[0].json()["amount"] == brl(2_500)
    assert story.asked("payment_requested.v1", "purpose", "amount") == [("ADDITIONAL", brl(2_500))]
    [shown] = (await story.rental())["charges"]
    assert (shown["purpose"], shown["amount"]) == ("Toll", brl(2_500))
    [entry] = await operator.audit(rental=story.accepted["reference"])
    assert (entry["action"], entry["after"]["amount_minor"]) == ("charges_added", 2_500)
    other = await charge(operator, story, toll(1))
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_fine_that_comes_while_the_card_is_asked_follows_its_answer(
    story: Story, operator: Operator
) -> None:
    await story.returns(line())
    assert (await charge(operator, story, toll())).json()["asked"] == brl(0)
    await story.hears(ADDITIONAL, 2, O.CAPTURED, FINE)
    assert story.asked("payment_requested.v1", "sequence", "amount")[1:] == [(3, brl(2_500))]


async def test_fine_of_a_rental_paid_at_the_counter_is_due_there(
    renter: Renter, operator: Operator, market: str
) -> None:
    booked = await renter.book(await renter.offer(), payment={"method": "counter"})
    story = Story(market, renter, booked.json())
    await story.returns()
    answer = await charge(operator, story, toll())
    assert (answer.json()["asked"], answer.json()["due"]) == (brl(0), brl(TOTAL + 2_500))
    body = {"amount": brl(TOTAL + 2_500), "method": "terminal"}
    path = f"/rentals/{story.accepted['reference']}/payments"
    paid = await operator.send("POST", path, body, "till")
    assert (paid.status_code, paid.json()["due"]) == (201, brl(0))


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": "BaseRate"},
        {"quantity": 0},
        {"unit_amount": brl(0)},
        {"unit_amount": {"amount": 100, "currency": "USD"}},
        {"description": ""},
        {"extra": 1},
    ],
)
async def test_bad_lines_are_refused_and_nothing_is_owed(
    changes: dict[str, Any], story: Story, operator: Operator
) -> None:
    await story.returns()
    answer = await charge(operator, story, toll(**changes))
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert await story.due() == 0


async def test_nothing_comes_on_top_of_what_has_not_begun_and_only_operators_add_it(
    story: Story, operator: Operator, operator_of_gig: Operator
) -> None:
    early = await charge(operator, story, toll())
    assert (early.status_code, early.json()["code"]) == (409, "illegal_transition")
    await story.returns()
    assert (await charge(operator_of_gig, story, toll())).status_code == 404
    body = {"lines": [toll()]}
    path = f"/api/operator/rentals/{story.accepted['reference']}/charges"
    assert (await story.renter.client.post(path, json=body)).status_code == 401
