"""The payments drill's arithmetic: each way in which money can be wrong has a name of its own."""

import asyncio
from dataclasses import replace

import pytest

from infra.local.drills.accounts import Account
from infra.local.drills.evidence import Money
from infra.local.drills.renting import Gate, Purse

PRICE, DAMAGE = 30_000, 12_000
RETURNED = Account(
    rental_id="r",
    reference="7K3MZQ2A",
    status="COMPLETED",
    cost=PRICE + DAMAGE,
    price=PRICE,
    added=DAMAGE,
    cash=0,
    goodwill=0,
    moved=Money(charges=2, captured=PRICE + DAMAGE),
    purse=Purse(price=PRICE, added=DAMAGE),
)


def test_rental_that_kept_price_and_damage_is_without_fault() -> None:
    assert (RETURNED.fault, RETURNED.outcome) == ("", "COMPLETED, paid")
    assert not RETURNED.took_too_much
    assert not RETURNED.keeps_without_right
    assert RETURNED.is_stored_as_told


@pytest.mark.parametrize("captured", [PRICE + DAMAGE - 1, PRICE + DAMAGE + 1, PRICE, 0])
def test_a_cent_too_much_or_too_little_is_a_fault(captured: int) -> None:
    found = replace(RETURNED, moved=Money(captured=captured))
    assert found.fault == f"kept {captured}, due {PRICE + DAMAGE}"


def test_cash_and_goodwill_lessen_what_the_vendor_keeps() -> None:
    cash = replace(RETURNED, cash=DAMAGE, moved=Money(captured=PRICE))
    assert cash.fault == ""
    favour = replace(RETURNED, goodwill=500, moved=Money(captured=PRICE + DAMAGE, refunded=500))
    assert favour.fault == ""
    assert replace(favour, moved=RETURNED.moved).fault == "kept 42000, due 41500"


def test_what_a_renter_leaves_unpaid_is_missing_to_the_cent() -> None:
    owing = replace(RETURNED, purse=Purse(PRICE, DAMAGE, leaves=DAMAGE), moved=Money(1, PRICE))
    assert (owing.fault, owing.outcome) == ("", "COMPLETED, paid but for what is owed")
    assert replace(owing, moved=RETURNED.moved).fault


def test_damage_taken_of_card_and_deposit_is_too_much_though_it_was_given_back() -> None:
    twice = Money(charges=3, captured=PRICE + 2 * DAMAGE, refunded=DAMAGE)
    found = replace(RETURNED, moved=twice)
    assert found.fault == ""
    assert found.took_too_much


@pytest.mark.parametrize("status", ["EXPIRED", "FAILED", "PENDING", "CANCELLED"])
def test_money_of_a_rental_that_does_not_stand_is_kept_without_right(status: str) -> None:
    ended = replace(RETURNED, status=status, cost=0, moved=Money(captured=PRICE))
    assert ended.keeps_without_right
    given_back = replace(ended, moved=Money(captured=PRICE, refunded=PRICE))
    assert not given_back.keeps_without_right
    assert given_back.outcome == f"{status}, refunded"


def test_fee_of_a_late_cancellation_is_kept_rightly_and_no_more() -> None:
    fee = 7_500
    late = replace(RETURNED, status="CANCELLED", cost=fee, moved=Money(1, PRICE, PRICE - fee))
    assert (late.fault, late.keeps_without_right) == ("", False)
    assert replace(late, moved=Money(1, PRICE, PRICE - fee - 1)).keeps_without_right


@pytest.mark.parametrize("field", ["price", "added", "cash", "goodwill"])
def test_what_is_stored_otherwise_than_it_was_told_is_found(field: str) -> None:
    told = replace(RETURNED.purse or Purse(), **{field: 1})
    assert not replace(RETURNED, purse=told).is_stored_as_told


def test_gate_waits_for_those_who_come_and_not_for_those_who_end_on_their_way() -> None:
    passed: list[int] = []

    async def come(number: int) -> None:
        if number:
            await gate.pass_by()
            passed.append(number)

    async def drill() -> None:
        gate.close()
        coming = [asyncio.create_task(come(number)) for number in range(3)]
        await asyncio.wait_for(gate.until_there(coming), 5)
        assert passed == []
        gate.open()
        await asyncio.gather(*coming)

    gate = Gate()
    asyncio.run(drill())
    assert passed == [1, 2]
