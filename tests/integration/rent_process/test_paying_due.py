"""What a renter sees of what is due, and pays of it: one payment at a time, whatever they do."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg
import pytest

from rent_process.settlement import service as settlement
from shared.contracts.messages import PaymentOutcome, PaymentSettledV1, Purpose
from shared.contracts.money import Money
from tests.plugins.market import Renter
from tests.plugins.operator import Operator
from tests.plugins.saga import book_and_pay, call, messages, query

FINE = 19_500
CARD = {"method": "card", "payment_method_id": "pm_another"}
PIX = {"method": "pix"}
ADDRESS = {"line1": "Rua 1", "city": "Recife", "state": "PE", "postal_code": "50030-230"}
BOLETO = {"method": "boleto", "billing_address": ADDRESS}
BANK = {"type": "redirect_to_url", "redirect_to_url": {"url": "https://bank.example/3ds"}}
# What PaymentProcess does to its row; RentProcess reads it through the view.
PAYMENT = """
INSERT INTO payment.payment (payment_id, rental_id, purpose, sequence, reference, status, attempt,
    amount_minor, captured_minor, currency, method, decline_code, next_action, client_secret,
    intent_id, expires_at, cause)
SELECT gen_random_uuid(), rental_id, 'ADDITIONAL', %(sequence)s, reference, %(status)s, %(attempt)s,
    19500, CASE %(status)s WHEN 'CAPTURED' THEN 19500 ELSE 0 END, 'BRL', 'card', %(why)s,
    %(action)s::jsonb, 'secret', 'pi_' || %(sequence)s, now(), 'queue'
FROM rent.rental
ON CONFLICT (rental_id, purpose, sequence, renewal) DO UPDATE
SET status = excluded.status, attempt = excluded.attempt, decline_code = excluded.decline_code,
    captured_minor = excluded.captured_minor, next_action = excluded.next_action,
    version = payment.version + 1"""


def brl(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "BRL"}


class Owing:
    """A rental that is back, with a fine that the kept card was asked for."""

    def __init__(self, url: str, renter: Renter, accepted: dict[str, Any]) -> None:
        self.url, self.renter, self.accepted = url, renter, accepted
        [(self.rental_id,)] = query(url, "SELECT rental_id FROM rent.rental")

    def stands(self, sequence: int, status: str, attempt: int = 1, why: str | None = None) -> None:
        """What PaymentProcess has on record."""
        values = {"sequence": sequence, "status": status, "attempt": attempt, "why": why}
        action = json.dumps(BANK) if status == "REQUIRES_ACTION" else None
        with psycopg.connect(self.url) as connection:
            connection.execute(PAYMENT, values | {"action": action})

    async def hears(self, sequence: int, outcome: PaymentOutcome, attempt: int = 1) -> None:
        """What PaymentProcess says, twice as queues do."""
        captured = outcome is PaymentOutcome.CAPTURED
        message = PaymentSettledV1(
            rental_id=self.rental_id,
            purpose=Purpose.ADDITIONAL,
            sequence=sequence,
            attempt=attempt,
            outcome=outcome,
            amount=Money(amount=FINE if captured else 0, currency="BRL"),
        )
        for _ in range(2):
            await settlement.handle_result(message, datetime.now(UTC))

    async def refused(self, sequence: int = 2) -> None:
        """The card says no, and the payment is given up."""
        await self.hears(sequence, PaymentOutcome.DECLINED)
        self.stands(sequence, "VOIDED", why="insufficient_funds")
        await self.hears(sequence, PaymentOutcome.VOIDED)

    async def pay(self, key: str, choice: dict[str, Any]) -> httpx.Response:
        headers = {"Idempotency-Key": key}
        return await call(
            self.renter, "POST", self.accepted, "payment", json=choice, headers=headers
        )

    async def read(self) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.accepted['manage_token']}"}
        path = f"/api/rentals/{self.accepted['reference']}"
        return await self.renter.client.get(path, headers=headers)

    async def shown(self) -> tuple[int, int | None, dict[str, Any]]:
        """Due, payable, and the payment of it."""
        found = (await self.read()).json()
        payable = found.get("payable")
        return found["due"]["amount"], payable and payable["amount"], found["due_payment"]

    def asked(self) -> list[tuple[Any, ...]]:
        """What the renter asked for: sequence, attempt, amount, method."""
        found = messages(self.url, "payment_requested.v1")
        return [
            (m["sequence"], m["attempt"], m["amount"]["amount"], m["method"])
            for m in found
            if m["purpose"] == "ADDITIONAL" and not m["off_session"]
        ]


@pytest.fixture
async def owing(renter: Renter, operator: Operator, market: str) -> Owing:
    found = Owing(market, renter, await book_and_pay(renter, market))
    query(market, "UPDATE rent.rental SET status = 'COMPLETED' RETURNING 1")
    line = {"purpose": "Fine", "description": "BR-116", "quantity": 1, "unit_amount": brl(FINE)}
    path = f"/rentals/{found.accepted['reference']}/charges"
    answer = await operator.send("POST", path, {"lines": [line]}, "fine")
    assert answer.json()["asked"] == brl(FINE)
    return found


async def test_page_is_told_to_wait_while_the_kept_card_is_asked(owing: Owing) -> None:
    answer = await owing.read()
    assert answer.headers["Retry-After"], "the page follows by itself"
    due, payable, payment = await owing.shown()
    assert (due, payable) == (0, None)
    told = {"sequence": 2, "attempt": 1, "amount": brl(FINE), "status": "CREATED", "open": True}
    assert payment == told
    owing.stands(2, "PROCESSING")
    assert (await owing.shown())[2]["status"] == "PROCESSING"


async def test_refused_card_is_payable_once_it_is_given_up_and_its_reason_stays(
    owing: Owing,
) -> None:
    owing.stands(2, "DECLINED", why="insufficient_funds")
    await owing.hears(2, PaymentOutcome.DECLINED)
    due, payable, payment = await owing.shown()
    assert (due, payable, payment["open"]) == (FINE, None, True)
    assert (await owing.pay("early", CARD)).json()["code"] == "payment_in_progress"
    await owing.refused()
    due, payable, payment = await owing.shown()
    assert (due, payable, payment["open"]) == (FINE, FINE, False)
    assert payment["decline_code"] == "insufficient_funds"
    assert "Retry-After" not in (await owing.read()).headers, "nothing moves by itself"


async def test_bank_check_of_a_rental_that_is_back_is_shown_and_its_end_too(owing: Owing) -> None:
    await owing.refused()
    assert (await owing.pay("a", CARD)).status_code == 202
    due, payable, payment = await owing.shown()
    assert (due, payable, payment["status"]) == (0, None, "CREATED"), "the old answer is not it"
    owing.stands(3, "REQUIRES_ACTION")
    _, _, payment = await owing.shown()
    assert (payment["next_action"], payment["client_secret"]) == (BANK, "secret")
    owing.stands(3, "CAPTURED")
    await owing.hears(3, PaymentOutcome.CAPTURED)
    due, payable, payment = await owing.shown()
    assert (due, payable, payment["open"], payment["status"]) == (0, None, False, "CAPTURED")
    assert (await owing.pay("b", CARD)).json()["code"] == "not_payable"


async def test_payment_that_waits_for_its_renter_gives_way_to_another_attempt_of_itself(
    owing: Owing,
) -> None:
    await owing.refused()
    await owing.pay("pix", PIX)
    owing.stands(3, "REQUIRES_ACTION")
    assert (await owing.shown())[1] == FINE
    answers = [await owing.pay("card", CARD) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["attempt"] == 2
    assert owing.asked() == [(3, 1, FINE, "pix"), (3, 2, FINE, "card")]
    due, payable, payment = await owing.shown()
    assert (due, payable, payment["status"], payment["attempt"]) == (0, None, "CREATED", 2)
    assert "next_action" not in payment, "the Pix code is not the way any more"
    assert (await owing.pay("other tab", PIX)).json()["code"] == "payment_in_progress"
    owing.stands(3, "REQUIRES_ACTION", attempt=2)
    assert (await owing.shown())[1] == FINE
    charges = query(owing.url, "SELECT sequence, asked_minor FROM rent.rental_charge OFFSET 1")
    assert charges == [(2, FINE), (3, FINE)], "one payment, whatever it is paid with"


async def test_answer_to_an_attempt_that_was_left_does_not_end_the_next(owing: Owing) -> None:
    """The bank's check fails while the renter chooses Pix instead."""
    await owing.refused()
    await owing.pay("card", CARD)
    owing.stands(3, "REQUIRES_ACTION")
    await owing.pay("pix", PIX)
    given_up = len(messages(owing.url, "payment_cancel_requested.v1"))
    await owing.hears(3, PaymentOutcome.DECLINED)
    assert len(messages(owing.url, "payment_cancel_requested.v1")) == given_up
    assert (await owing.shown())[2]["open"]
    await owing.hears(3, PaymentOutcome.DECLINED, attempt=2)
    assert len(messages(owing.url, "payment_cancel_requested.v1")) == given_up + 1


@pytest.mark.parametrize("status", ["CREATED", "PROCESSING", "UNKNOWN"])
async def test_payment_that_may_move_money_gives_way_to_nothing(owing: Owing, status: str) -> None:
    await owing.refused()
    await owing.pay("a", CARD)
    owing.stands(3, status)
    assert (await owing.shown())[1] is None
    assert (await owing.pay("b", PIX)).json()["code"] == "payment_in_progress"
    assert len(owing.asked()) == 1


async def test_boleto_for_what_is_due_keeps_its_payer_and_needs_no_days(owing: Owing) -> None:
    await owing.refused()
    answer = await owing.pay("boleto", BOLETO)
    assert answer.status_code == 202, answer.text
    payer = "SELECT address ->> 'city' FROM rent.payer_view"
    assert query(owing.url, payer) == [("Recife",)]
    assert owing.asked() == [(3, 1, FINE, "boleto")]


async def test_what_a_method_does_not_take_is_refused_before_anything_is_asked(
    owing: Owing, operator: Operator
) -> None:
    await owing.refused()
    till = f"/rentals/{owing.accepted['reference']}/payments"
    await operator.send("POST", till, {"amount": brl(FINE - 400), "method": "cash"}, "till")
    answer = await owing.pay("boleto", BOLETO)
    assert answer.json()["code"] == "payment_method_unavailable"
    assert (await owing.shown())[:2] == (400, 400)
    assert owing.asked() == []


async def test_trifle_is_due_at_the_branch_and_not_payable_online(
    owing: Owing, operator: Operator
) -> None:
    await owing.refused()
    till = f"/rentals/{owing.accepted['reference']}/payments"
    await operator.send("POST", till, {"amount": brl(FINE - 49), "method": "cash"}, "till")
    assert (await owing.shown())[:2] == (49, None)
    assert (await owing.pay("a", CARD)).json()["code"] == "not_payable"


async def test_rental_to_be_paid_at_pick_up_is_not_payable_online_before(
    renter: Renter, market: str
) -> None:
    booked = await renter.book(await renter.offer(), payment={"method": "counter"})
    found = (await renter.read(booked.json())).copy()
    assert (found["status"], found["due"]["amount"]) == (
        "CONFIRMED",
        found["price"]["total"]["amount"],
    )
    assert found.get("payable") is None
    query(market, "UPDATE rent.rental SET status = 'CHECKED_OUT' RETURNING 1")
    assert (await renter.read(booked.json()))["payable"] == found["due"]
