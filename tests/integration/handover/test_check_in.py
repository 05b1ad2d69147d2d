"""The car is back: what it costs on top, and who pays."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rent_process.handover import service as handover
from rent_process.overtime import service as overtime
from rent_process.settlement import service as settlement
from shared.contracts.handover import ExchangeRequest, ExtensionRequest
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
    judge,
    leaving,
    park,
)
from tests.plugins.market import Renter
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import messages, query


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


async def test_extra_that_has_reached_its_cap_costs_no_more_when_the_car_is_late(
    renter: Renter, market: str
) -> None:
    [plate, _] = park(market)
    # Three days of 25.00; what a seat costs at most leaves 5.00 for all that comes after.
    query(market, "UPDATE rent.extra_rate SET cap_minor = 8000"
                  " WHERE extra_code = 'CHILD_SEAT' RETURNING 1")  # fmt: skip
    accepted = await renter.book(
        await renter.offer(),
        extras=[{"code": "CHILD_SEAT", "quantity": 2}],
        payment={"method": "counter"},
    )
    reference = accepted.json()["reference"]
    await check_out(reference, plate)
    longer = ExtensionRequest.model_validate({"return_at": RETURN + timedelta(days=1)})
    extended = await overtime.extend(reference, longer, CALLER, RETURN)
    assert lines_of(extended)[:2] == [("BaseRate", 10_000), ("Equipment", 2 * 500)]
    back = await check_in(reference, now=RETURN + timedelta(days=2))
    assert [what for what, _ in lines_of(back)] == ["BaseRate", "AirportFee"]


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


async def test_returned_at_of_a_key_box_counts_instead_of_now(renter: Renter, market: str) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, plate)
    next_morning = RETURN + timedelta(hours=20)
    back = await check_in(reference, returned_at=RETURN.isoformat(), now=next_morning)
    assert back.charges == []
    judge(market, next_morning)


async def test_operators_key_is_never_taken_for_the_check_ins_own(
    renter: Renter, operator: Operator, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, plate)
    toll = {"purpose": "Toll", "description": "BR-116", "unit_amount": brl(1_250)}
    body, path = {"lines": [toll]}, f"/rentals/{reference}/charges"
    for key in ("check-in", " check-in", "extension-1"):
        assert (await operator.send("POST", path, body, key)).status_code == 202
    later = {"return_at": (RETURN + timedelta(hours=2)).isoformat()}
    longer = await operator.send("POST", f"/rentals/{reference}/extension", later)
    assert longer.status_code == 200, longer.text
    await check_in(reference, fuel_eighths=7)
    charged = rows(market, "SELECT amount_minor FROM rent.additional_charge ORDER BY at")
    assert charged == [(1_250,), (1_250,), (4_480,), (4_500,)]
