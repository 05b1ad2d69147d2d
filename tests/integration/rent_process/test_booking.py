"""Booking over the public API on a real database."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock

import jwt
import psycopg
import pytest

from rent_process.settlement import service as settlement
from shared.contracts.messages import PaymentOutcome, PaymentSettledV1
from shared.contracts.money import Money
from tests.plugins.market import SUPPLY, Renter, at_local, born


def query(url: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement.encode()).fetchall()


def settled(url: str, outcome: PaymentOutcome, attempt: int = 1) -> PaymentSettledV1:
    [(rental_id, total)] = query(url, "SELECT rental_id, total_minor FROM rent.rental")
    return PaymentSettledV1(
        rental_id=rental_id,
        attempt=attempt,
        outcome=outcome,
        amount=Money(amount=total, currency="BRL"),
        decline_code="insufficient_funds" if outcome is PaymentOutcome.DECLINED else None,
    )


async def test_search_itemises_and_adds_up(renter: Renter) -> None:
    found = (await renter.search()).json()["offers"]
    assert [each["class"] for each in found] == ["ECMR", "CDAR", "SFAR"]
    economy = found[0]
    amounts = [(line["purpose"], line["amount"]["amount"]) for line in economy["price"]["lines"]]
    # 3 days at 100.00, 12 % service fee.
    assert amounts == [("BaseRate", 30000), ("AirportFee", 3600)]
    assert economy["price"]["total"] == {"amount": 33600, "currency": "BRL"}
    assert economy["available"] == SUPPLY
    assert economy["deposit"] == {"amount": 70000, "currency": "BRL"}


async def test_booking_holds_a_car_and_asks_for_its_payment(renter: Renter, market: str) -> None:
    answer = await renter.book(await renter.offer())
    assert answer.status_code == 202, answer.text
    accepted = answer.json()
    assert accepted["status"] == "PENDING"
    assert answer.headers["location"] == f"/api/rentals/{accepted['reference']}"
    assert [row[0] for row in query(market, "SELECT queue FROM rent.outbox")] == [
        "payment-requests"
    ]
    after = (await renter.search()).json()["offers"][0]
    assert after["available"] == SUPPLY - 1
    rental = await renter.read(accepted)
    assert rental["class"] == "ECMR"
    assert [step["event"] for step in rental["timeline"]] == ["BOOKED", "PAYMENT_REQUESTED"]


async def test_same_key_and_body_sent_fifty_times_makes_one_rental(
    renter: Renter, market: str
) -> None:
    offer = await renter.offer()
    answers = await asyncio.gather(*(renter.book(offer, key="one") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["reference"] for answer in answers}) == 1
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 49
    assert query(market, "SELECT count(*) FROM rent.rental") == [(1,)]


async def test_same_key_with_another_body_is_refused(renter: Renter) -> None:
    offer = await renter.offer()
    await renter.book(offer, key="one")
    answer = await renter.book(offer, key="one", locale="en")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_replay_outlives_the_offer(renter: Renter, monkeypatch: pytest.MonkeyPatch) -> None:
    offer = await renter.offer()
    first = (await renter.book(offer, key="one")).json()

    clock = Mock(wraps=datetime)
    clock.now.side_effect = lambda tz: datetime.now(tz) + timedelta(hours=1)
    monkeypatch.setattr("rent_process.function.datetime", clock)
    again = await renter.book(offer, key="one")
    assert again.status_code == 202
    assert again.json()["reference"] == first["reference"]
    fresh = await renter.book(offer, key="two")
    assert (fresh.status_code, fresh.json()["code"]) == (409, "offer_expired")


async def test_last_car_is_sold_once(renter: Renter, market: str) -> None:
    offer = await renter.offer()
    answers = await asyncio.gather(*(renter.book(offer) for _ in range(SUPPLY + 15)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [202] * SUPPLY + [409] * 15
    assert query(market, "SELECT count(*) FROM rent.rental") == [(SUPPLY,)]
    soldout = (await renter.search()).json()["offers"][0]
    assert soldout["available"] == 0
    assert "offer" not in soldout


async def test_captured_payment_confirms_once_and_mails_once(renter: Renter, market: str) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    message = settled(market, PaymentOutcome.CAPTURED)
    for _ in range(3):
        await settlement.handle_result(message, datetime.now(UTC))
    assert (await renter.read(accepted))["status"] == "CONFIRMED"
    mails = "SELECT count(*) FROM rent.outbox WHERE queue = 'email-requests'"
    assert query(market, mails) == [(1,)]


async def test_late_payment_takes_the_car_again(renter: Renter, market: str) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    await settlement.expire_due(datetime.now(UTC) + timedelta(minutes=16))
    await settlement.handle_result(settled(market, PaymentOutcome.CAPTURED), datetime.now(UTC))
    assert (await renter.read(accepted))["status"] == "CONFIRMED"
    assert (await renter.search()).json()["offers"][0]["available"] == SUPPLY - 1


async def test_late_payment_is_refunded_once_when_the_class_is_sold_out(
    renter: Renter, market: str
) -> None:
    offer = await renter.offer()
    accepted = (await renter.book(offer)).json()
    message = settled(market, PaymentOutcome.CAPTURED)
    await settlement.expire_due(datetime.now(UTC) + timedelta(minutes=16))
    for _ in range(SUPPLY):
        assert (await renter.book(offer)).status_code == 202
    for _ in range(2):
        await settlement.handle_result(message, datetime.now(UTC))
    assert (await renter.read(accepted))["status"] == "EXPIRED"
    refunds = "SELECT count(*) FROM rent.outbox WHERE body LIKE '%refund_requested.v1%'"
    assert query(market, refunds) == [(1,)]


async def test_late_payment_that_is_being_refunded_buys_no_car_that_was_freed_since(
    renter: Renter, market: str
) -> None:
    offer = await renter.offer()
    accepted = (await renter.book(offer)).json()
    message = settled(market, PaymentOutcome.CAPTURED)
    later = datetime.now(UTC) + timedelta(minutes=16)
    await settlement.expire_due(later)
    for _ in range(SUPPLY):
        assert (await renter.book(offer)).status_code == 202
    await settlement.handle_result(message, datetime.now(UTC))
    assert await settlement.expire_due(later) == SUPPLY
    await settlement.handle_result(message, datetime.now(UTC))  # delivered again
    assert (await renter.read(accepted))["status"] == "EXPIRED"


async def test_declined_payment_can_be_tried_again_five_times(renter: Renter, market: str) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    path = f"/api/rentals/{accepted['reference']}/payment"
    headers = {"Authorization": f"Bearer {accepted['manage_token']}"}
    choice = {"method": "card", "payment_method_id": "pm_card_mastercard"}
    early = await renter.client.post(
        path, json=choice, headers=headers | {"Idempotency-Key": "early"}
    )
    assert (early.status_code, early.json()["code"]) == (409, "payment_in_progress")
    for attempt in range(1, 6):
        message = settled(market, PaymentOutcome.DECLINED, attempt)
        for _ in range(2):
            await settlement.handle_result(message, datetime.now(UTC))
        if attempt == 5:
            break
        for sent_before in (False, True):  # sent twice, counted once
            retry = await renter.client.post(
                path, json=choice, headers=headers | {"Idempotency-Key": f"k{attempt}"}
            )
            assert retry.status_code == 202, retry.text
            assert retry.json()["attempt"] == attempt + 1
            assert ("idempotent-replayed" in retry.headers) is sent_before
    assert (await renter.read(accepted))["status"] == "FAILED"
    assert (await renter.search()).json()["offers"][0]["available"] == SUPPLY


async def test_counter_booking_is_confirmed_at_once(renter: Renter, market: str) -> None:
    answer = await renter.book(await renter.offer(), payment={"method": "counter"})
    assert (answer.status_code, answer.json()["status"]) == (202, "CONFIRMED")
    assert [row[0] for row in query(market, "SELECT queue FROM rent.outbox ORDER BY queue")] == [
        "document-requests",
        "email-requests",
    ]


async def test_extras_and_coverages_are_priced_from_the_offer(renter: Renter) -> None:
    answer = await renter.book(
        await renter.offer(),
        extras=[{"code": "CHILD_SEAT", "quantity": 2}, {"code": "FULL_TANK", "quantity": 1}],
        coverages=["CDW"],
    )
    # 336.00 offered + 2 seats x 3 days x 25.00 + tank 299.00 + coverage 3 days x 39.90
    assert answer.json()["total"]["amount"] == 33600 + 15000 + 29900 + 11970


async def test_one_way_keeps_the_car_until_it_could_be_back(renter: Renter, market: str) -> None:
    offer = await renter.offer(return_branch="GIG")
    assert (await renter.book(offer)).status_code == 202
    [(taken, expected)] = query(
        market,
        "SELECT to_hour, ceil(extract(epoch FROM return_at) / 3600)::int + 1 + 30 FROM rent.rental",
    )
    assert taken == expected


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"pickup_at": "2020-01-01T10:00:00-03:00"}, 422, "period_invalid"),
        ({"pickup_at": at_local(-1).isoformat()}, 422, "too_soon"),
        ({"return_at": at_local(9).isoformat()}, 422, "period_invalid"),
        ({"return_at": at_local(10).isoformat()}, 422, "period_invalid"),
        ({"pickup_at": at_local(400).isoformat(), "return_at": at_local(403).isoformat()}, 422,
         "too_far_ahead"),
        ({"pickup_at": at_local(10, 3).isoformat()}, 422, "branch_closed"),
        ({"driver_age": 17}, 422, "driver_too_young"),
        ({"driver_age": "old"}, 422, "validation_failed"),
        ({"return_branch": "SAOC"}, 422, "one_way_not_offered"),
        ({"pickup_branch": "XXX", "return_branch": "XXX"}, 422, "validation_failed"),
        ({"pickup_at": "2027-01-01T10:00:00"}, 422, "validation_failed"),
        ({"colour": "red"}, 422, "validation_failed"),
    ],
)  # fmt: skip
async def test_bad_search_is_refused(
    renter: Renter, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = await renter.search(**changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.headers["x-correlation-id"]) == 32


async def test_tampered_offer_is_refused(renter: Renter) -> None:
    offer = await renter.offer()
    claims = jwt.decode(offer, options={"verify_signature": False})
    claims["terms"]["lines"] = claims["terms"]["lines"][:1]
    forged = jwt.encode(claims, "some other key that is long enough 0123", "HS256")
    answer = await renter.book(forged)
    assert (answer.status_code, answer.json()["code"]) == (422, "offer_invalid")
    unsigned = jwt.encode(claims, "", "none")
    answer = await renter.book(unsigned)
    assert (answer.status_code, answer.json()["code"]) == (422, "offer_invalid")


async def test_driver_of_another_age_group_is_refused(renter: Renter) -> None:
    offer = await renter.offer()
    driver = renter.request(offer)["driver"] | {"birth_date": born(22).isoformat()}
    answer = await renter.book(offer, driver=driver)
    assert (answer.status_code, answer.json()["code"]) == (422, "offer_mismatch")


async def test_bad_bodies_are_answered_as_documented(renter: Renter) -> None:
    offer = await renter.offer()
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    post = renter.client.post
    broken = await post("/api/rentals", content=b"{", headers=headers)
    assert (broken.status_code, broken.json()["code"]) == (400, "malformed_json")
    large = await post("/api/rentals", content=b" " * 200_000, headers=headers)
    assert (large.status_code, large.json()["code"]) == (413, "payload_too_large")
    no_key = await post("/api/rentals", json=renter.request(offer))
    assert (no_key.status_code, no_key.json()["code"]) == (400, "idempotency_key_required")
    unknown = await renter.book(offer, price=1)
    assert unknown.status_code == 422
    assert unknown.json()["errors"][0]["pointer"] == "/price"
    driver = renter.request(offer)["driver"]
    bad_cpf = driver | {"document": {"type": "cpf", "number": "123", "country": "BR"}}
    answer = await renter.book(offer, driver=bad_cpf)
    assert answer.json()["errors"][0]["pointer"] == "/driver/document"
    assert "123" not in answer.text


async def test_rental_is_shown_only_to_its_renter(renter: Renter) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    other = (await renter.book(await renter.offer())).json()
    path = f"/api/rentals/{accepted['reference']}"
    assert (await renter.client.get(path)).status_code == 401
    headers = {"Authorization": f"Bearer {other['manage_token']}"}
    assert (await renter.client.get(path, headers=headers)).status_code == 401
    forged = {"x-rentacar-caller": "eyJyb2xlcyI6WyJvcGVyYXRvciJdfQ=="}
    assert (await renter.client.get(path, headers=forged)).status_code == 401


async def test_unchanged_rental_is_answered_304(renter: Renter) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    path = f"/api/rentals/{accepted['reference']}"
    headers = {"Authorization": f"Bearer {accepted['manage_token']}"}
    first = await renter.client.get(path, headers=headers)
    assert first.headers["retry-after"] == "1"
    again = await renter.client.get(
        path, headers=headers | {"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
