"""A class is short before its renters come: who gets a better one, and that it costs nothing."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.plugins.counter import (
    PICKUP,
    RETURN,
    check_in,
    check_out,
    confirmed,
    events_of,
    judge,
    park,
)
from tests.plugins.market import Renter, at_local
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import available, book_and_pay, call, messages, query

ASKED = {"class": "CDAR", "reason": "two of ours are in the workshop"}
SHORTS = "SELECT coalesce(sum(s), 0) FROM rent.class_calendar, unnest(short) AS s"


def path_of(reference: str) -> str:
    return f"/rentals/{reference}/upgrade"


async def upgrade(operator: Operator, reference: str, **changes: Any) -> httpx.Response:
    return await operator.send("POST", path_of(reference), ASKED | changes)


def put_short(url: str) -> None:
    """One car fewer than are sold, in every hour that is sold: somebody took them all away."""
    query(url, "UPDATE rent.class_supply SET supply = 0 WHERE class_code = 'ECMR' RETURNING 1")
    query(
        url,
        "UPDATE rent.class_calendar c SET free = array_fill(0::smallint, ARRAY[384]),"
        " short = ARRAY(SELECT count(r.rental_id)::smallint FROM generate_series(0, 383) AS h"
        " LEFT JOIN rent.rental r ON r.class_code = c.class_code"
        " AND r.pickup_branch = c.branch_code AND c.block * 384 + h >= r.from_hour"
        " AND c.block * 384 + h < r.to_hour GROUP BY h ORDER BY h)"
        " WHERE class_code = 'ECMR' RETURNING 1",
    )


async def test_upgrade_pays_the_deficit_and_leaves_the_price(
    renter: Renter, operator: Operator, market: str
) -> None:
    reference = await confirmed(renter, market)
    put_short(market)
    judge(market)
    before = rows(market, "SELECT total_minor, price FROM rent.rental")
    asked = len(messages(market, "payment_requested.v1"))
    choice = (await operator.get(path_of(reference))).json()
    assert (choice["class"], choice["hours_short"]) == ("ECMR", 73)
    assert choice["classes"][0] == {"class": "CDAR", "available": 10}
    answer = await upgrade(operator, reference)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["class"], answer.json()["sold_class"]) == ("CDAR", "ECMR")
    assert rows(market, SHORTS) == [(0,)]
    judge(market)
    assert rows(market, "SELECT total_minor, price FROM rent.rental") == before
    assert len(messages(market, "payment_requested.v1")) == asked
    assert await available(renter, "CDAR") == 9
    assert events_of(market, reference).count("UPGRADED") == 1
    [entry] = await operator.audit(rental=reference)
    assert (entry["action"], entry["reason"]) == ("rental_upgraded", ASKED["reason"])
    assert entry["before"] == {"class": "ECMR"}
    assert entry["after"] == {"class": "CDAR", "sold_class": "ECMR"}
    again = await upgrade(operator, reference)
    assert (again.status_code, again.json()) == (200, answer.json())
    assert len(await operator.audit()) == 1
    told = [each["template"] for each in messages(market, "email_requested.v1")]
    assert told.count("rental_upgraded") == 1, "the renter is told, once"


async def test_upgraded_rental_leaves_with_the_better_car_and_pays_by_what_was_sold(
    renter: Renter, operator: Operator, market: str
) -> None:
    [better, _] = park(market, car_class="CDAR")
    reference = await confirmed(renter, market)
    await upgrade(operator, reference)
    suggested = (await operator.get(f"/rentals/{reference}/check-out")).json()["suggested"]
    assert suggested["plate"] == better
    await check_out(reference, better)
    late = RETURN.replace(hour=RETURN.hour + 3)
    back = await check_in(reference, now=late)
    # Three hours of the class that was sold.
    late_hours = back.charges[0]
    assert (late_hours.purpose, late_hours.unit_amount.amount) == ("AdditionalHour", 2_000)
    judge(market, late)


async def test_renter_who_changes_the_rental_pays_for_what_he_takes(
    renter: Renter, operator: Operator, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    await upgrade(operator, accepted["reference"])
    offer = await renter.offer("ECMR", return_at=at_local(14).isoformat())
    changed = await call(
        renter,
        "POST",
        accepted,
        "modification",
        json={"offer": offer, "payment": {"method": "card", "payment_method_id": "pm_card_visa"}},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert changed.status_code == 202, changed.text
    assert rows(market, "SELECT class_code, sold_class FROM rent.rental") == [("ECMR", None)]
    assert rows(market, "SELECT class_code FROM rent.rental_revision ORDER BY number") == [
        ("ECMR",), ("ECMR",),
    ]  # fmt: skip
    assert await available(renter, "CDAR") == 10
    judge(market)


async def test_class_that_is_sold_out_lower_or_not_for_the_driver_is_refused(
    renter: Renter, operator: Operator, market: str
) -> None:
    reference = await confirmed(renter, market, car_class="CDAR")
    for wanted in ("ECMR", "CDAR", "ZZZZ", "x"):
        answer = await upgrade(operator, reference, **{"class": wanted})
        assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed"), wanted
    [(above,)] = query(
        market,
        "SELECT class_code FROM rent.car_class WHERE position > (SELECT position"
        " FROM rent.car_class WHERE class_code = 'CDAR') ORDER BY position LIMIT 1",
    )
    query(market, "UPDATE rent.car_class SET minimum_driver_age = 99 RETURNING 1")
    answer = await upgrade(operator, reference, **{"class": above})
    assert answer.json()["code"] == "validation_failed"
    query(market, "UPDATE rent.car_class SET minimum_driver_age = 18 RETURNING 1")
    query(
        market,
        "UPDATE rent.class_calendar SET free = array_fill(0::smallint, ARRAY[384])"
        " WHERE class_code = %s RETURNING 1",
        above,
    )
    answer = await upgrade(operator, reference, **{"class": above})
    assert (answer.status_code, answer.json()["code"]) == (409, "car_unavailable")
    assert (await upgrade(operator, reference, reason=None)).status_code == 422
    assert rows(market, "SELECT class_code, sold_class FROM rent.rental") == [("CDAR", None)]


@pytest.mark.parametrize("status", ["CHECKED_OUT", "CANCELLED"])
async def test_only_who_has_paid_and_not_left_is_upgraded(
    status: str, renter: Renter, operator: Operator, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    if status == "CHECKED_OUT":
        await check_out(reference, plate)
    else:
        await operator.send("POST", f"/rentals/{reference}/cancellation", {})
    for answer in (await upgrade(operator, reference), await operator.get(path_of(reference))):
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    judge(market, PICKUP)


async def test_operator_of_another_branch_does_not_see_the_rental(
    renter: Renter, operator_of_gig: Operator, market: str
) -> None:
    reference = await confirmed(renter, market)
    assert (await upgrade(operator_of_gig, reference)).status_code == 404
    assert (await operator_of_gig.get(path_of(reference))).status_code == 404


async def test_last_better_car_goes_to_one_of_many(
    renter: Renter, operator: Operator, market: str
) -> None:
    references = [await confirmed(renter, market) for _ in range(5)]
    query(market, "UPDATE rent.class_supply SET supply = 1 WHERE class_code = 'CDAR' RETURNING 1")
    query(
        market,
        "UPDATE rent.class_calendar SET free = array_fill(1::smallint, ARRAY[384])"
        " WHERE class_code = 'CDAR' RETURNING 1",
    )
    answers = await asyncio.gather(*(upgrade(operator, each) for each in references))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 4}
    judge(market, datetime.now(UTC))


async def test_check_out_suggests_better_cars_when_the_class_has_none(
    renter: Renter, operator: Operator, market: str
) -> None:
    better = park(market, car_class="CDAR")
    reference = await confirmed(renter, market)
    path = f"/rentals/{reference}/check-out"
    shown = (await operator.get(path)).json()
    assert "suggested" not in shown
    assert sorted(each["plate"] for each in shown["upgrades"]) == better
    query(
        market,
        "UPDATE rent.class_calendar SET free = array_fill(0::smallint, ARRAY[384])"
        " WHERE class_code = 'CDAR' RETURNING 1",
    )
    assert (await operator.get(path)).json()["upgrades"] == []
    park(market)
    assert (await operator.get(path)).json()["upgrades"] == []
