"""Deposits and what comes on top of the price: asked for, answered, settled; each once."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from rent_process.charging import service as charging
from rent_process.settlement import service as settlement
from shared import outbox
from shared.contracts.charging import ChargeLine
from shared.contracts.messages import PaymentOutcome, PaymentSettledV1, Purpose
from shared.contracts.money import Money
from shared.database import transaction
from shared.errors import Rejected
from tests.plugins.market import Renter
from tests.plugins.operator import Operator
from tests.plugins.saga import book_and_pay, call, messages, query

TOTAL = 33_600
FINE = 19_500
DEPOSIT = Purpose.DEPOSIT
ADDITIONAL = Purpose.ADDITIONAL
CARD = {"method": "card", "payment_method_id": "pm_another"}
O = PaymentOutcome  # noqa: E741 -- as short as the stories it is used in


def brl(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "BRL"}


class Story:
    """One rental's money, from the counter's and PaymentProcess' side."""

    def __init__(self, url: str, renter: Renter, accepted: dict[str, Any]) -> None:
        self.url, self.renter, self.accepted = url, renter, accepted
        [(self.rental_id, self.deposit)] = query(
            url,
            "SELECT rental_id, deposit_minor FROM rent.rental WHERE reference = %s",
            accepted["reference"],
        )

    def becomes(self, status: str) -> None:
        query(self.url, "UPDATE rent.rental SET status = %s RETURNING 1", status)

    async def hold(self) -> None:
        await self.authorise()
        await self.hears(DEPOSIT, 2, O.AUTHORIZED, self.deposit)

    async def authorise(self, **how: Any) -> None:
        await self._do(charging.authorize_deposit, datetime.now(UTC), **how)

    async def settle(self, captured: int) -> None:
        await self._do(charging.settle_deposit, captured)

    async def returns(self, *lines: ChargeLine, captured: int | None = None) -> None:
        """Check-in, as far as money goes."""
        self.becomes("COMPLETED")
        async with transaction("rent") as connection:
            now, envelopes = datetime.now(UTC), []
            if lines:
                added = await charging.add_charges(
                    connection, self.rental_id, lines, now, key="in", actor="op", ask=False
                )
                envelopes += added.envelopes
            if captured is not None:
                envelopes += await charging.settle_deposit(connection, self.rental_id, captured)
            envelopes += await charging.settle_return(connection, self.rental_id, now)
            await outbox.write(connection, envelopes)

    async def _do(self, what: Any, *arguments: Any, **named: Any) -> None:
        async with transaction("rent") as connection:
            found = await what(connection, self.rental_id, *arguments, **named)
            await outbox.write(connection, found)

    async def hears(
        self, purpose: Purpose, sequence: int, outcome: PaymentOutcome, amount: int = 0
    ) -> None:
        """PaymentProcess answers, twice as queues do."""
        message = PaymentSettledV1(
            rental_id=self.rental_id,
            purpose=purpose,
            sequence=sequence,
            attempt=1,
            outcome=outcome,
            amount=Money(amount=amount, currency="BRL"),
        )
        for _ in range(2):
            await settlement.handle_result(message, datetime.now(UTC))

    def asked(self, kind: str, *fields: str) -> list[tuple[Any, ...]]:
        """What was asked of PaymentProcess about anything but the price."""
        found = [m for m in messages(self.url, kind) if m["purpose"] != "PREPAY"]
        return [tuple(message.get(name) for name in fields) for message in found]

    def charges(self) -> list[tuple[Any, ...]]:
        return query(
            self.url,
            "SELECT sequence, purpose, status, received_minor FROM rent.rental_charge"
            " ORDER BY sequence",
        )

    async def due(self) -> int:
        amount: int = (await self.rental())["due"]["amount"]
        return amount

    async def rental(self) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.accepted['manage_token']}"}
        answer = await self.renter.client.get(
            f"/api/rentals/{self.accepted['reference']}", headers=headers
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def events(self) -> list[str]:
        return [step["event"] for step in (await self.rental())["timeline"]]


def line(amount: int = FINE, purpose: str = "Damage", **more: Any) -> ChargeLine:
    body = {"purpose": purpose, "description": "left door", "unit_amount": brl(amount)} | more
    return ChargeLine.model_validate(body)


@pytest.fixture
async def story(renter: Renter, market: str) -> Story:
    """A rental that is paid by card and confirmed."""
    return Story(market, renter, await book_and_pay(renter, market))


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


async def test_cancelled_rental_gives_its_deposit_up(story: Story) -> None:
    await story.hold()
    await call(story.renter, "POST", story.accepted, "cancellation", json={})
    assert story.asked("payment_cancel_requested.v1", "purpose", "sequence", "reason") == [
        ("DEPOSIT", 2, "cancelled")
    ]


# --- fines and tolls, through the operator's call -----------------------------------------------


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
