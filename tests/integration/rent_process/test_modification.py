"""Modification over the public API on a real database."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from rent_process.changes import service as changes
from rent_process.pricing import service as pricing
from rent_process.settlement import service as settlement
from shared.contracts.caller import GUEST
from shared.contracts.changes import ModificationRequest
from shared.contracts.messages import PaymentOutcome, PaymentSettledV1
from shared.contracts.money import Money
from shared.contracts.renter import OffersQuery
from shared.errors import Rejected
from tests.plugins.market import SUPPLY, Renter, at_local
from tests.plugins.saga import available, book_and_pay, call, messages, query

# What 3 days cost with the 12 % service fee: ECMR 100.00, CDAR 150.00 a day.
ECONOMY, COMPACT = 33_600, 50_400
CARD = {"method": "card", "payment_method_id": "pm_card_visa"}


async def modify(
    renter: Renter, accepted: dict[str, Any], offer: str, key: str | None = None, **body: Any
) -> httpx.Response:
    headers = {"Idempotency-Key": key or str(uuid4())}
    return await call(
        renter, "POST", accepted, "modification", json={"offer": offer, **body}, headers=headers
    )


async def settle(url: str, outcome: PaymentOutcome, amount: int, sequence: int = 2) -> None:
    [(rental_id,)] = query(url, "SELECT rental_id FROM rent.rental")
    message = PaymentSettledV1(
        rental_id=rental_id,
        sequence=sequence,
        attempt=1,
        outcome=outcome,
        amount=Money(amount=amount, currency="BRL"),
    )
    await settlement.handle_result(message, datetime.now(UTC))


async def test_dearer_class_moves_the_rental_and_asks_for_the_difference(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    answer = await modify(renter, accepted, await renter.offer("CDAR"), payment=CARD)
    assert answer.status_code == 202, answer.text
    changed = answer.json()
    assert (changed["status"], changed["revision"]) == ("CONFIRMED", 1)
    assert changed["price"]["total"]["amount"] == COMPACT
    assert (changed["to_pay"]["amount"], changed["refund"]["amount"]) == (COMPACT - ECONOMY, 0)
    assert await available(renter, "ECMR") == SUPPLY
    assert await available(renter, "CDAR") == SUPPLY - 1
    asked = messages(market, "payment_requested.v1")[-1]
    assert (asked["purpose"], asked["sequence"], asked["attempt"]) == ("PREPAY", 2, 1)
    assert asked["amount"]["amount"] == COMPACT - ECONOMY
    assert messages(market, "email_requested.v1")[-1]["template"] == "rental_modified"
    rental = await renter.read(accepted)
    assert (rental["class"], rental["price"]["total"]["amount"]) == ("CDAR", COMPACT)
    events = [step["event"] for step in rental["timeline"]]
    assert events[-2:] == ["MODIFIED", "PAYMENT_REQUESTED"]


async def test_cheaper_class_gives_the_difference_back(renter: Renter, market: str) -> None:
    offer = await renter.offer("CDAR")
    accepted = (await renter.book(offer)).json()
    await settle(market, PaymentOutcome.CAPTURED, COMPACT, sequence=1)
    answer = await modify(renter, accepted, await renter.offer("ECMR"))
    assert answer.json()["refund"]["amount"] == COMPACT - ECONOMY
    [refund] = messages(market, "refund_requested.v1")
    assert (refund["reason"], refund["amount"]["amount"]) == ("modified", COMPACT - ECONOMY)
    cancelled = (await call(renter, "POST", accepted, "cancellation")).json()
    assert cancelled["refund"]["amount"] == ECONOMY
    numbers = [each["refund_number"] for each in messages(market, "refund_requested.v1")]
    assert numbers == [1, 2]


async def test_cancellation_after_a_difference_refunds_both_payments(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    await modify(renter, accepted, await renter.offer("CDAR"), payment=CARD)
    for _ in range(2):
        await settle(market, PaymentOutcome.CAPTURED, COMPACT - ECONOMY)
    cancelled = (await call(renter, "POST", accepted, "cancellation")).json()
    assert cancelled["refund"]["amount"] == COMPACT
    refunds = messages(market, "refund_requested.v1")
    assert [(each["sequence"], each["amount"]["amount"]) for each in refunds] == [
        (2, COMPACT - ECONOMY),
        (1, ECONOMY),
    ]


async def test_difference_that_lands_after_cancellation_is_refunded(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    await modify(renter, accepted, await renter.offer("CDAR"), payment=CARD)
    cancelled = (await call(renter, "POST", accepted, "cancellation")).json()
    assert cancelled["refund"]["amount"] == ECONOMY
    [given_up] = messages(market, "payment_cancel_requested.v1")
    assert given_up["sequence"] == 2
    for _ in range(2):
        await settle(market, PaymentOutcome.CAPTURED, COMPACT - ECONOMY)
    late = messages(market, "refund_requested.v1")[1:]
    assert [(each["sequence"], each["amount"]["amount"]) for each in late] == [
        (2, COMPACT - ECONOMY)
    ]


async def test_declined_difference_is_given_up_and_may_be_asked_anew(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    await modify(renter, accepted, await renter.offer("CDAR"), payment=CARD)
    early = await modify(renter, accepted, await renter.offer("CDAR"), payment=CARD)
    assert (early.status_code, early.json()["code"]) == (409, "payment_in_progress")
    for _ in range(2):
        await settle(market, PaymentOutcome.DECLINED, 0)
    [given_up] = messages(market, "payment_cancel_requested.v1")
    assert (given_up["sequence"], given_up["reason"]) == (2, "released")
    await settle(market, PaymentOutcome.VOIDED, 0)
    again = await modify(renter, accepted, await renter.offer("CDAR"), payment=CARD)
    assert again.json()["to_pay"]["amount"] == COMPACT - ECONOMY
    assert messages(market, "payment_requested.v1")[-1]["sequence"] == 3


async def test_own_car_can_be_kept_longer_when_the_class_is_sold_out_before_and_after(
    renter: Renter, market: str
) -> None:
    longer = await renter.offer(return_at=at_local(14).isoformat())
    accepted = await book_and_pay(renter, market)
    full = await renter.offer(return_at=at_local(13).isoformat())
    for _ in range(SUPPLY - 1):
        await renter.book(full)
    answer = await modify(renter, accepted, longer, payment=CARD)
    assert answer.status_code == 202, answer.text
    assert await available(renter) == 0
    fourth = {"pickup_at": at_local(13, 12).isoformat(), "return_at": at_local(14).isoformat()}
    assert await available(renter, **fourth) == SUPPLY - 1


async def test_sold_out_class_leaves_the_rental_as_it_was(renter: Renter, market: str) -> None:
    offer = await renter.offer("CDAR")
    accepted = await book_and_pay(renter, market)
    for _ in range(SUPPLY):
        await renter.book(offer)
    answer = await modify(renter, accepted, offer, payment=CARD)
    assert (answer.status_code, answer.json()["code"]) == (409, "car_unavailable")
    rental = await renter.read(accepted)
    assert (rental["class"], rental["price"]["total"]["amount"]) == ("ECMR", ECONOMY)
    assert await available(renter, "ECMR") == SUPPLY - 1
    assert query(market, "SELECT count(*) FROM rent.rental_revision") == [(0,)]
    assert query(market, "SELECT count(*) FROM rent.rental_charge") == [(1,)]


async def test_one_way_and_other_branch_move_the_whole_slice(renter: Renter, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    city = {"pickup_branch": "SAOC", "return_branch": "SAOC"}
    answer = await modify(renter, accepted, await renter.offer("ECMR", **city))
    assert answer.status_code == 202, answer.text
    assert await available(renter) == SUPPLY
    assert await available(renter, **city) == SUPPLY - 1
    one_way = await renter.offer("ECMR", return_branch="GIG")
    assert (await modify(renter, accepted, one_way, payment=CARD)).status_code == 202
    assert await available(renter, **city) == SUPPLY
    assert query(market, "SELECT number FROM rent.rental_revision ORDER BY 1") == [(0,), (1,), (2,)]


async def test_same_key_gives_the_same_answer_and_another_body_is_refused(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    offer = await renter.offer("CDAR")
    answers = await asyncio.gather(
        *(modify(renter, accepted, offer, "one", payment=CARD) for _ in range(6))
    )
    assert {each.status_code for each in answers} == {202}, [each.text for each in answers]
    assert len({each.text for each in answers}) == 1
    assert sum("idempotent-replayed" in each.headers for each in answers) == 5
    other = await modify(renter, accepted, offer, "one")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(messages(market, "payment_requested.v1")) == 2


async def test_extras_stay_unless_they_are_named(renter: Renter, market: str) -> None:
    seat = [{"code": "CHILD_SEAT", "quantity": 1}]
    booked = await renter.book(await renter.offer(), extras=seat, coverages=["CDW"])
    accepted, total = booked.json(), ECONOMY + 7_500 + 11_970
    assert accepted["total"]["amount"] == total
    await settle(market, PaymentOutcome.CAPTURED, total, sequence=1)
    kept = await modify(renter, accepted, await renter.offer(), "a")
    assert kept.json()["price"]["total"]["amount"] == total
    without = await modify(renter, accepted, await renter.offer(), "b", extras=[])
    assert without.json()["refund"]["amount"] == 7_500


async def test_counter_rental_is_changed_without_money(renter: Renter, market: str) -> None:
    accepted = (await renter.book(await renter.offer(), payment={"method": "counter"})).json()
    card = await modify(renter, accepted, await renter.offer("CDAR"), payment=CARD)
    assert (card.status_code, card.json()["errors"][0]["pointer"]) == (422, "/payment")
    answer = await modify(renter, accepted, await renter.offer("CDAR"))
    assert (answer.status_code, answer.json()["to_pay"]["amount"]) == (202, COMPACT)
    assert not messages(market, "payment_requested.v1")


async def test_moving_a_rental_does_not_win_back_free_cancellation(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    later = await renter.offer(
        pickup_at=at_local(30).isoformat(), return_at=at_local(33).isoformat()
    )
    inside = at_local(10) - timedelta(hours=20)
    with psycopg.connect(market) as connection:  # the offer is fresh, the clock is not
        connection.execute(
            "UPDATE rent.rental SET cancellation_policy = jsonb_set(cancellation_policy,"
            " '{free_until}', to_jsonb(now() - interval '1 hour'))"
        )
    assert (await modify(renter, accepted, later)).status_code == 202
    preview = await changes.preview_cancellation(accepted["reference"], inside)
    assert preview.fee.amount == 8_400


@pytest.mark.parametrize("status", ["PENDING", "CHECKED_OUT", "CANCELLED", "EXPIRED"])
async def test_only_a_confirmed_rental_can_be_changed(
    renter: Renter, market: str, status: str
) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    if status != "PENDING":
        query_ = "UPDATE rent.rental SET status = %s, expires_at = NULL"
        with psycopg.connect(market) as connection:
            connection.execute(query_, [status])
    answer = await modify(renter, accepted, await renter.offer("CDAR"), payment=CARD)
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert await available(renter, "CDAR") == SUPPLY


async def test_rental_that_has_begun_cannot_be_changed(renter: Renter, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    under_way = at_local(10, 11)
    query_ = OffersQuery(
        pickup_branch="GRU",
        return_branch="GRU",
        pickup_at=at_local(12),
        return_at=at_local(14),
        driver_age=30,
    )
    offers = (await pricing.search_offers(query_, "en", under_way)).offers
    request = ModificationRequest.model_validate({"offer": offers[1].offer, "payment": CARD})
    with pytest.raises(Rejected, match="illegal_transition"):
        await changes.modify(accepted["reference"], request, "k", GUEST, under_way)


async def test_bad_modifications_are_answered_as_documented(renter: Renter, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    offer = await renter.offer("CDAR")

    async def post(**arguments: Any) -> tuple[int, str]:
        answer = await call(renter, "POST", accepted, "modification", **arguments)
        return answer.status_code, answer.json()["code"]

    key = {"Idempotency-Key": "k"}
    assert await post(json={"offer": offer}) == (400, "idempotency_key_required")
    assert await post(content=b"{", headers=key) == (400, "malformed_json")
    assert await post(json={}, headers=key) == (422, "validation_failed")
    assert await post(json={"offer": offer, "price": 1}, headers=key) == (422, "validation_failed")
    assert await post(json={"offer": "a.b.c"}, headers=key) == (422, "offer_invalid")
    assert await post(json={"offer": offer}, headers=key) == (422, "validation_failed")  # how?
    unknown = {"offer": offer, "payment": CARD, "coverages": ["NONE"]}
    assert await post(json=unknown, headers=key) == (422, "validation_failed")
    young = await renter.offer("CDAR", driver_age=22)
    assert await post(json={"offer": young, "payment": CARD}, headers=key) == (
        422,
        "offer_mismatch",
    )
    assert await post(content=b" " * 200_000, headers=key) == (413, "payload_too_large")
    path = f"/api/rentals/{accepted['reference']}/modification"
    anonymous = await renter.client.post(path, json={"offer": offer}, headers=key)
    assert (anonymous.status_code, anonymous.json()["code"]) == (401, "unauthenticated")
    assert query(market, "SELECT count(*) FROM rent.rental_revision") == [(0,)]
