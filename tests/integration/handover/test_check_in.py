"""The car is back: what it costs on top, what the calendar gets back, where the car is then."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rent_process.handover import service as handover
from rent_process.settlement import service as settlement
from shared.contracts.handover import ExchangeRequest
from shared.contracts.messages import PaymentOutcome, PaymentSettledV1, Purpose
from shared.contracts.money import Money
from tests.plugins.counter import (
    CALLER,
    PICKUP,
    RETURN,
    check_in,
    check_out,
    coming,
    confirmed,
    events_of,
    fleet_of,
    judge,
    leaving,
    park,
)
from tests.plugins.market import Renter, at_local
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import available, messages, query

ONE_WAY = {"return_branch": "GIG"}


def brl(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "BRL"}


def lines_of(checked_in: Any) -> list[tuple[str, int]]:
    return [(line.purpose, line.amount.amount) for line in checked_in.charges]


async def answer(url: str, purpose: Purpose, outcome: PaymentOutcome) -> None:
    """Answer the newest payment that was asked for, as PaymentProcess would."""
    asked = [m for m in messages(url, "payment_requested.v1") if m.get("purpose") == purpose][-1]
    amount = 0 if outcome is PaymentOutcome.DECLINED else asked["amount"]["amount"]
    message = PaymentSettledV1(
        rental_id=asked["rental_id"],
        purpose=purpose,
        sequence=asked["sequence"],
        attempt=asked["attempt"],
        outcome=outcome,
        amount=Money(amount=amount, currency="BRL"),
    )
    await settlement.handle_result(message, datetime.now(UTC))


# --- the whole life ----------------------------------------------------------------------------


async def test_whole_life_over_the_api(renter: Renter, operator: Operator, market: str) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    path = f"/rentals/{reference}"
    left = await operator.send("POST", f"{path}/check-out", leaving(plate, fuel_eighths=7))
    assert left.status_code == 200, left.text
    judge(market)
    body = coming(odometer_km=1_700, fuel_eighths=5)
    body["damages"] = [{"description": "scratch, left door", "amount": brl(30_000)}]
    back = await operator.send("POST", f"{path}/check-in", body)
    assert back.status_code == 200, back.text
    judge(market)
    # 700 km, 600 included in three days; two eighths of a tank.
    expected = [("BaseRate", 100 * 90), ("Fuel", 2 * 4_500), ("Damage", 30_000)]
    charges = back.json()["charges"]
    assert [(each["purpose"], each["amount"]["amount"]) for each in charges] == expected
    assert back.json()["total"] == brl(48_000)
    again = await operator.send("POST", f"{path}/check-in", body)
    assert (again.status_code, again.json()) == (200, back.json())
    seen = (await renter.client.get(f"/api/rentals/{reference}", headers=operator.headers)).json()
    assert seen["status"] == "COMPLETED"
    assert [event for event in events_of(market, reference) if event != "DEPOSIT_REQUESTED"] == [
        "BOOKED", "PAYMENT_REQUESTED", "CONFIRMED", "CHECKED_OUT", "COMPLETED", "CHARGES_ADDED",
        "PAYMENT_REQUESTED",
    ]  # fmt: skip
    [deposit, additional] = messages(market, "payment_requested.v1")[1:]
    assert (deposit["purpose"], deposit["amount"]) == ("DEPOSIT", brl(70_000))
    assert (additional["purpose"], additional["amount"]) == ("ADDITIONAL", brl(48_000))
    actions = [entry["action"] for entry in await operator.audit(rental=reference)]
    assert actions == ["rental_checked_in", "rental_checked_out"]
    driven = query(market, "SELECT odometer_km FROM rent.vehicle WHERE plate = %s", plate)
    assert driven == [(1_700,)]


async def test_return_as_agreed_costs_nothing_and_releases_the_deposit(
    renter: Renter, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, plate)
    await answer(market, Purpose.DEPOSIT, PaymentOutcome.AUTHORIZED)
    assert (await check_in(reference)).charges == []
    [released] = messages(market, "payment_cancel_requested.v1")
    assert (released["purpose"], released["reason"]) == ("DEPOSIT", "released")


async def test_deposit_pays_what_the_card_does_not(renter: Renter, market: str) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, plate)
    await answer(market, Purpose.DEPOSIT, PaymentOutcome.AUTHORIZED)
    await check_in(reference, fuel_eighths=6)
    assert messages(market, "payment_capture_requested.v1") == []
    await answer(market, Purpose.ADDITIONAL, PaymentOutcome.DECLINED)
    await answer(market, Purpose.ADDITIONAL, PaymentOutcome.VOIDED)
    [captured] = messages(market, "payment_capture_requested.v1")
    assert captured["amount"] == brl(9_000)


# --- time, kilometres, fuel, damage ------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (59, []),  # within the grace
        (61, [("AdditionalHour", 4_000), ("AirportFee", 480)]),
        (26 * 60, [("BaseRate", 10_000), ("AdditionalHour", 4_000), ("AirportFee", 1_680)]),
    ],
)
async def test_late_hours_are_charged_after_the_grace_and_settle_the_calendar(
    minutes: int, expected: list[tuple[str, int]], renter: Renter, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, plate)
    now = RETURN + timedelta(minutes=minutes)
    assert lines_of(await check_in(reference, now=now)) == expected
    judge(market, now)


async def test_per_day_items_and_the_young_driver_go_on_when_a_day_begins(
    renter: Renter, market: str
) -> None:
    [plate, _] = park(market)
    offer = await renter.offer(driver_age=22)
    driver = renter.request(offer)["driver"] | {"birth_date": "2004-01-01"}
    accepted = await renter.book(
        offer,
        driver=driver,
        extras=[{"code": "CHILD_SEAT", "quantity": 2}, {"code": "FULL_TANK", "quantity": 1}],
        coverages=["CDW"],
        payment={"method": "counter"},
    )
    reference = accepted.json()["reference"]
    await check_out(reference, plate)
    back = await check_in(
        reference,
        now=RETURN + timedelta(hours=2),
        fuel_eighths=0,  # the tank was bought
        damages=[{"description": "bonnet", "amount": brl(300_000)},
                 {"description": "roof", "amount": brl(100_000)}],
    )  # fmt: skip
    assert lines_of(back) == [
        ("AdditionalHour", 4_000),
        ("Equipment", 5_000),
        ("Coverage", 3_990),
        ("YoungDriver", 2_990),
        ("AirportFee", round(15_980 * 0.12)),
        ("Damage", 300_000),
        ("Damage", 50_000),  # together no more than the excess of 350,000
    ]
    kept = rows(market, "SELECT description, amount_minor FROM rent.rental_damage ORDER BY number")
    assert kept == [("bonnet", 300_000), ("roof", 100_000)]
    assert messages(market, "payment_requested.v1") == []  # nobody's card was kept


async def test_terms_are_those_in_force_when_the_rental_was_sold(
    renter: Renter, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    query(
        market,
        "INSERT INTO rent.return_policy SELECT branch_group, now(), 99999, 1, 9999, 1, 100"
        " FROM rent.return_policy RETURNING 1",
    )
    query(
        market,
        "WITH card AS (INSERT INTO rent.tariff (branch_group, effective_at, young_driver_age,"
        " young_driver_day_minor, licence_day_minor, airport_fee_basis_points, tax_basis_points,"
        " grace_minutes, free_cancellation_hours, cancellation_fee_percent)"
        " SELECT branch_group, now(), 99, 9999, 9999, 5000, 5000, 0, 0, 100 FROM rent.tariff)"
        " INSERT INTO rent.rate (branch_group, class_code, season, hour_minor, day_minor,"
        " week_minor, month_minor) SELECT branch_group, class_code, season, 9999, 9999, 9999, 9999"
        " FROM rent.rate RETURNING 1",
    )
    await check_out(reference, plate)
    back = await check_in(reference, fuel_eighths=7, now=RETURN + timedelta(hours=1))
    assert lines_of(back) == [("AdditionalHour", 2_000), ("AirportFee", 240), ("Fuel", 4_500)]


async def test_both_cars_of_an_exchange_count(renter: Renter, market: str) -> None:
    [first, second] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, first)
    body = leaving(second, returned={"odometer_km": 1_500, "fuel_eighths": 6}, reason="noise")
    at = PICKUP + timedelta(hours=20)
    await handover.exchange(reference, ExchangeRequest.model_validate(body), CALLER, at)
    back = await check_in(reference, odometer_km=1_310, fuel_eighths=7)
    # 500 + 310 km, 600 included; two eighths and one.
    assert lines_of(back) == [("BaseRate", 210 * 90), ("Fuel", 3 * 4_500)]
    judge(market, RETURN)


async def test_moment_of_leaving_is_no_fault_of_another_clock(renter: Renter, market: str) -> None:
    [first, second] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, first)
    body = leaving(second, returned={"odometer_km": 1_000, "fuel_eighths": 8}, reason="noise")
    behind = PICKUP + timedelta(minutes=9)  # another instance's clock
    await handover.exchange(reference, ExchangeRequest.model_validate(body), CALLER, behind)
    await check_in(reference, now=behind)
    judge(market, behind)


# --- where the car is then ---------------------------------------------------------------------


async def test_early_return_gives_back_the_rest_and_frees_the_car(
    renter: Renter, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, plate)
    rest = {"pickup_at": at_local(12).isoformat(), "return_at": at_local(13).isoformat()}
    assert await available(renter, **rest) == 9
    now = at_local(11, 17)
    await check_in(reference, now=now)
    assert await available(renter, **rest) == 10
    judge(market, now)
    other = await confirmed(renter, market, **rest)
    await check_out(other, plate, now=at_local(12), odometer_km=1_300)


async def test_one_way_joins_the_destination_and_leaves_the_origin(
    renter: Renter, operator: Operator, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market, **ONE_WAY)
    await check_out(reference, plate)
    await check_in(reference)
    assert fleet_of(market) == {"GRU": 9, "GIG": 11, "SAOC": 10}
    judge(market, RETURN)
    stands = query(market, "SELECT branch_code FROM rent.vehicle WHERE plate = %s", plate)
    assert stands == [("GIG",)]
    [entry, joined, _] = await operator.audit(rental=reference)
    assert (entry["action"], entry["after"]["hours_short"]) == ("rental_checked_in", 0)
    assert (joined["action"], joined["after"]["branch"]) == ("vehicle_joined_branch", "GIG")


async def test_one_way_that_goes_home_keeps_its_slice_until_it_is_there(
    renter: Renter, market: str
) -> None:
    [plate, other] = park(market)
    reference = await confirmed(renter, market, **ONE_WAY)
    await check_out(reference, plate)
    await check_in(reference, car_goes_home=True)
    assert fleet_of(market)["GRU"] == 10
    judge(market, RETURN)
    following = await confirmed(
        renter, market, pickup_at=at_local(14).isoformat(), return_at=at_local(16).isoformat()
    )
    found = await handover.suggest_vehicle(following, at_local(14))
    assert found.suggested is not None
    assert (found.suggested.plate, found.others) == (other, [])


async def test_one_way_leaves_an_audited_deficit_where_the_origin_has_sold_all(
    renter: Renter, operator: Operator, market: str
) -> None:
    [plate, _] = park(market)
    query(market, "UPDATE rent.class_supply SET supply = 1 RETURNING 1")
    query(
        market,
        "UPDATE rent.class_calendar SET free = array_fill(1::smallint, ARRAY[384]) RETURNING 1",
    )
    reference = await confirmed(renter, market, **ONE_WAY)
    later = {"pickup_at": at_local(20).isoformat(), "return_at": at_local(21, 9).isoformat()}
    await confirmed(renter, market, **later)
    await check_out(reference, plate)
    await check_in(reference)
    judge(market, RETURN)
    [entry, *_] = await operator.audit(rental=reference)
    assert entry["after"]["hours_short"] == 24  # 23 hours and the turnaround


async def test_one_way_joins_a_branch_that_never_had_the_class(renter: Renter, market: str) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market, **ONE_WAY)
    for table in ("class_calendar", "class_supply"):
        query(
            market,
            f"DELETE FROM rent.{table} WHERE branch_code = 'GIG' AND class_code = 'ECMR'"  # noqa: S608 -- ours
            " RETURNING 1",
        )
    await check_out(reference, plate)
    await check_in(reference)
    judge(market, RETURN)
    assert fleet_of(market)["GIG"] == 1
    far = {"pickup_branch": "GIG", "return_branch": "GIG"}
    period = {"pickup_at": at_local(20).isoformat(), "return_at": at_local(21).isoformat()}
    assert await available(renter, **far, **period) == 1


# --- what is refused ---------------------------------------------------------------------------


async def test_check_in_at_once_happens_once(
    renter: Renter, operator: Operator, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await operator.send("POST", f"/rentals/{reference}/check-out", leaving(plate))
    body = coming(fuel_eighths=7)
    answers = await asyncio.gather(
        *(operator.send("POST", f"/rentals/{reference}/check-in", body) for _ in range(6))
    )
    assert {a.status_code for a in answers} == {200}
    assert len({a.text for a in answers}) == 1
    assert rows(market, "SELECT count(*), sum(amount_minor) FROM rent.additional_charge") == [
        (1, 4_500)
    ]
    other = await operator.send("POST", f"/rentals/{reference}/check-in", coming())
    assert (other.status_code, other.json()["code"]) == (409, "illegal_transition")
    judge(market)


BAD = (
        ({"odometer_km": 999}, "/odometer_km"),
        ({"odometer_km": 101_001}, "/odometer_km"),  # a digit too many
        ({"odometer_km": None}, "/odometer_km"),
        ({"fuel_eighths": -1}, "/fuel_eighths"),
        ({"returned_at": "2020-01-01T10:00:00Z"}, "/returned_at"),
        ({"returned_at": "2099-01-01T10:00:00Z"}, "/returned_at"),
        ({"returned_at": "2026-01-01T10:00:00"}, "/returned_at"),
        ({"damages": [{"description": "", "amount": brl(1)}]}, "/damages/0/description"),
        ({"damages": [{"description": "x", "amount": brl(0)}]}, "/damages/0/amount/amount"),
        ({"damages": [{"description": "x", "amount": brl(-1)}]}, "/damages/0/amount/amount"),
        ({"damages": [{"description": "x", "amount": {"amount": 1, "currency": "USD"}}]},
         "/damages/0/amount/currency"),
        ({"damages": [{"description": "x", "amount": brl(1)}] * 31}, "/damages"),
        ({"car_goes_home": 1}, "/car_goes_home"),
        ({"extra": 1}, "/extra"),
)  # fmt: skip


async def test_bad_bodies_are_refused(renter: Renter, operator: Operator, market: str) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await operator.send("POST", f"/rentals/{reference}/check-out", leaving(plate))
    for changes, pointer in BAD:
        body = coming() | changes
        refused = await operator.send("POST", f"/rentals/{reference}/check-in", body)
        assert (refused.status_code, refused.json()["code"]) == (422, "validation_failed")
        assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]
    assert rows(market, "SELECT status FROM rent.rental") == [("CHECKED_OUT",)]


async def test_returned_at_of_a_key_box_counts_instead_of_now(renter: Renter, market: str) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, plate)
    next_morning = RETURN + timedelta(hours=20)
    back = await check_in(reference, returned_at=RETURN.isoformat(), now=next_morning)
    assert back.charges == []
    judge(market, next_morning)


async def test_operator_of_another_branch_finds_no_rental(
    renter: Renter, operator_of_gig: Operator, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    for call, body in (
        ("check-out", leaving(plate)),
        ("check-in", coming()),
        ("exchange", None),
        ("extension", None),
        ("no-show", None),
        ("cancellation", None),
    ):
        answer = await operator_of_gig.send("POST", f"/rentals/{reference}/{call}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


STEPS: dict[str, Callable[[str], dict[str, Any]]] = {
    "check-out": leaving,
    "check-in": lambda _: coming(),
    "exchange": lambda plate: leaving(
        plate, returned={"odometer_km": 1_000, "fuel_eighths": 8}, reason="x"
    ),
    "extension": lambda _: {"return_at": at_local(14).isoformat()},
    "no-show": lambda _: {},
    "cancellation": lambda _: {},
}
ILLEGAL = {
    "PENDING": {"check-out", "check-in", "exchange", "extension", "no-show"},
    "CONFIRMED": {"check-in", "exchange", "extension", "no-show"},  # nobody is late yet
    "CHECKED_OUT": {"no-show", "cancellation"},
    "COMPLETED": {"check-out", "exchange", "extension", "no-show", "cancellation"},
    "CANCELLED": {"check-out", "check-in", "exchange", "extension", "no-show"},
    "EXPIRED": {"check-out", "check-in", "exchange", "extension", "no-show", "cancellation"},
    "FAILED": {"check-out", "check-in", "exchange", "extension", "no-show", "cancellation"},
}


@pytest.mark.parametrize("status", ILLEGAL)
async def test_illegal_moves_are_refused(
    status: str, renter: Renter, operator: Operator, market: str
) -> None:
    [plate, other] = park(market)
    if status in {"PENDING", "EXPIRED", "FAILED", "CANCELLED"}:
        reference = (await renter.book(await renter.offer())).json()["reference"]
        if status != "PENDING":
            query(
                market,
                "UPDATE rent.rental SET status = %s, expires_at = NULL RETURNING 1",
                status,
            )
    else:
        reference = await confirmed(renter, market)
        if status != "CONFIRMED":
            await check_out(reference, plate)
        if status == "COMPLETED":
            await check_in(reference, odometer_km=1_001)
    for call in ILLEGAL[status]:
        body = STEPS[call](other)
        refused = await operator.send("POST", f"/rentals/{reference}/{call}", body)
        told = (call, refused.status_code, refused.json().get("code"))
        assert told == (call, 409, "illegal_transition")
    assert rows(market, "SELECT status FROM rent.rental") == [(status,)]
