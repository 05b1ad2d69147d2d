"""What a rental can become: the search before a modification, on a real database."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.plugins.market import SUPPLY, Renter, at_local, born
from tests.plugins.saga import book_and_pay, call, pay

ECONOMY, COMPACT = 33_600, 50_400
CARD = {"method": "card", "payment_method_id": "pm_card_visa"}


async def search(renter: Renter, accepted: dict[str, Any], **changes: Any) -> httpx.Response:
    query: dict[str, Any] = {
        "pickup_branch": "GRU",
        "return_branch": "GRU",
        "pickup_at": at_local(10).isoformat(),
        "return_at": at_local(13).isoformat(),
    }
    return await call(renter, "GET", accepted, "modification", params=query | changes)


async def found(renter: Renter, accepted: dict[str, Any], **changes: Any) -> dict[str, Any]:
    answer = await search(renter, accepted, **changes)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def of_class(body: dict[str, Any], code: str = "ECMR") -> dict[str, Any]:
    offer: dict[str, Any] = next(each for each in body["offers"] if each["class"] == code)
    return offer


async def refused(renter: Renter, accepted: dict[str, Any], **changes: Any) -> tuple[int, str]:
    answer = await search(renter, accepted, **changes)
    return answer.status_code, answer.json()["code"]


def run(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


async def test_offers_stand_beside_what_was_paid_and_what_was_chosen(
    renter: Renter, market: str
) -> None:
    seat = [{"code": "CHILD_SEAT", "quantity": 1}]
    booked = await renter.book(await renter.offer(), extras=seat, coverages=["CDW"])
    accepted = booked.json()
    total = ECONOMY + 7_500 + 11_970
    await pay(market, accepted["reference"])
    body = await found(renter, accepted)
    assert body["kept"] == {"amount": total, "currency": "BRL"}
    assert (body["extras"], body["coverages"]) == (seat, ["CDW"])
    dearer = of_class(body, "CDAR")
    shown = dearer["price"]["total"]["amount"] - ECONOMY
    answer = await call(
        renter,
        "POST",
        accepted,
        "modification",
        json={"offer": dearer["offer"], "payment": CARD},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert answer.json()["to_pay"]["amount"] == shown == COMPACT - ECONOMY


async def test_renter_of_the_last_car_is_offered_to_keep_it_longer(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    three_days = await renter.offer()
    for _ in range(SUPPLY - 1):
        await renter.book(three_days)
    longer = {"return_at": at_local(15).isoformat()}
    public = (await renter.search(**longer)).json()
    assert of_class(public)["available"] == 0
    body = await found(renter, accepted, **longer)
    assert of_class(body)["available"] == 1
    assert "alternatives" not in body or not body["alternatives"]
    answer = await call(
        renter,
        "POST",
        accepted,
        "modification",
        json={"offer": of_class(body)["offer"], "payment": CARD},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert answer.status_code == 202, answer.text


async def test_own_car_counts_over_its_own_hours_alone(renter: Renter, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    after = {"pickup_at": at_local(14).isoformat(), "return_at": at_local(16).isoformat()}
    later = await renter.offer(**after)
    for _ in range(SUPPLY):
        await renter.book(later)
    longer = {"return_at": at_local(15).isoformat()}
    assert of_class(await found(renter, accepted, **longer))["available"] == 0
    assert of_class(await found(renter, accepted))["available"] == SUPPLY
    assert of_class(await found(renter, accepted), "CDAR")["available"] == SUPPLY
    elsewhere = {"pickup_branch": "SAOC", "return_branch": "SAOC"}
    assert of_class(await found(renter, accepted, **elsewhere))["available"] == SUPPLY


async def test_period_beyond_the_calendar_regains_nothing(renter: Renter, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    run(market, "DELETE FROM rent.class_calendar WHERE class_code = 'ECMR'")
    assert of_class(await found(renter, accepted))["available"] == 0


async def test_driver_of_the_rental_is_priced_by_the_birth_date(
    renter: Renter, market: str
) -> None:
    booked = await renter.book(
        await renter.offer(driver_age=22),
        driver=renter.request("")["driver"] | {"birth_date": born(22).isoformat()},
    )
    accepted = booked.json()
    await pay(market, accepted["reference"])
    body = await found(renter, accepted)
    purposes = [line["purpose"] for line in of_class(body)["price"]["lines"]]
    assert "YoungDriver" in purposes
    assert "SFAR" not in [each["class"] for each in body["offers"]]  # from 25 on


async def test_promo_code_is_kept_although_the_rental_was_its_last_use(
    renter: Renter, market: str
) -> None:
    run(
        market,
        "INSERT INTO rent.promo_code (promo_code, basis_points, valid_from, valid_until,"
        " usage_limit) VALUES ('TEN', 1000, now() - interval '1 day', now() + interval '1 day', 1)",
    )
    accepted = await book_and_pay(renter, market, promo_code="TEN")
    public = (await renter.search(promo_code="TEN")).json()
    assert public["promo"]["reason"] == "used_up"
    body = await found(renter, accepted)
    assert body["promo"] == {"code": "TEN", "applied": True}
    other = await found(renter, accepted, promo_code="NONE")
    assert other["promo"]["reason"] == "unknown"


async def test_lost_free_cancellation_is_not_shown_as_won_back(renter: Renter, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    offered = of_class(await found(renter, accepted))["cancellation_policy"]
    assert offered["free_until"] > (at_local(10) - timedelta(hours=25)).isoformat()[:10]
    run(
        market,
        "UPDATE rent.rental SET cancellation_policy = jsonb_set(cancellation_policy,"
        " '{free_until}', to_jsonb('2026-01-01T00:00:00Z'::text))",
    )
    body = await found(renter, accepted)
    assert {each["cancellation_policy"]["free_until"] for each in body["offers"]} == {
        "2026-01-01T00:00:00Z"
    }


async def test_rental_that_cannot_be_changed_is_offered_nothing(
    renter: Renter, market: str
) -> None:
    pending = (await renter.book(await renter.offer())).json()
    assert await refused(renter, pending) == (409, "illegal_transition")
    await pay(market, pending["reference"])
    body = await found(renter, pending)
    await call(
        renter,
        "POST",
        pending,
        "modification",
        json={"offer": of_class(body, "CDAR")["offer"], "payment": CARD},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert await refused(renter, pending) == (409, "payment_in_progress")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"return_at": at_local(9).isoformat()}, "period_invalid"),
        ({"pickup_branch": "NOWHERE"}, "validation_failed"),
        ({"return_branch": "SAOC"}, "one_way_not_offered"),
        ({"pickup_at": "soon"}, "validation_failed"),
        ({"driver_age": 30}, "validation_failed"),  # the driver is known
        ({"pickup_at": at_local(10, 3).isoformat()}, "branch_closed"),
    ],
)
async def test_bad_searches_are_refused_as_documented(
    renter: Renter, market: str, changes: dict[str, Any], code: str
) -> None:
    accepted = await book_and_pay(renter, market)
    assert await refused(renter, accepted, **changes) == (422, code)


async def test_branch_of_another_currency_is_refused(renter: Renter, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    run(market, "UPDATE rent.rental SET currency = 'EUR'")
    assert await refused(renter, accepted) == (422, "offer_mismatch")


async def test_stranger_learns_nothing(renter: Renter, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    stranger = accepted | {"manage_token": "wrong"}
    assert await refused(renter, stranger) == (401, "unauthenticated")
