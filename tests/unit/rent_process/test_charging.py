"""What is due, what is asked for, what a deposit is taken for: the rules, without a database."""

from typing import Any
from uuid import uuid4

import pytest

from rent_process.charging import domain
from rent_process.charging.domain import AskedPayment, ChargedRental, DueAttempt
from rent_process.ledger.domain import (
    SMALLEST_CHARGE_MINOR,
    Account,
    Charge,
    ChargeStatus,
    Refund,
    owed_at_counter,
    split_refund,
)
from shared.contracts.messages import Purpose
from shared.contracts.renter import RentalStatus
from shared.errors import Rejected

TOTAL, HELD = 30_000, 70_000
PAID = Charge(1, ChargeStatus.RECEIVED, TOTAL, 0, 0, 0, TOTAL)
DEPOSIT = Charge(2, ChargeStatus.HELD, 0, 0, 0, 0, HELD, Purpose.DEPOSIT)


def asked(status: ChargeStatus, amount: int = 9_000) -> Charge:
    received = amount if status is ChargeStatus.RECEIVED else 0
    return Charge(3, status, received, 0, 0, 0, amount, Purpose.ADDITIONAL)


def rental(*charges: Charge, additional: int = 0, counter: int = 0, **more: Any) -> ChargedRental:
    values: dict[str, Any] = {
        "rental_id": uuid4(),
        "reference": "7K3MZQ2A",
        "status": RentalStatus.COMPLETED,
        "total_minor": TOTAL,
        "deposit_minor": HELD,
        "currency": "BRL",
        "payment_method": "card",
        "fee_minor": 0,
        "account": Account(charges, counter, additional),
    }
    return ChargedRental(**values | more)


@pytest.mark.parametrize(
    ("charges", "additional", "counter", "missing"),
    [
        ((PAID,), 0, 0, 0),
        ((PAID,), 9_000, 0, 9_000),
        ((PAID,), 9_000, 9_000, 0),
        ((PAID, asked(ChargeStatus.OPEN)), 9_000, 0, 0),
        ((PAID, asked(ChargeStatus.DECLINED)), 9_000, 0, 9_000),
        ((PAID, asked(ChargeStatus.CLOSED)), 9_000, 0, 9_000),
        ((PAID, asked(ChargeStatus.RECEIVED)), 9_000, 0, 0),
        ((PAID, DEPOSIT), 9_000, 0, 9_000),
        ((PAID,), 0, 5_000, -5_000),
    ],
)
def test_missing_is_what_is_due_and_neither_here_nor_on_its_way(
    charges: tuple[Charge, ...], additional: int, counter: int, missing: int
) -> None:
    assert rental(*charges, additional=additional, counter=counter).missing_minor == missing


@pytest.mark.parametrize(
    ("found", "amount"),
    [
        (rental(PAID, additional=9_000), 9_000),
        (rental(PAID, additional=SMALLEST_CHARGE_MINOR - 1), 0),
        (rental(PAID, additional=9_000, payment_method="pix"), 0),
        (rental(PAID, additional=9_000, payment_method="counter"), 0),
        (rental(PAID, asked(ChargeStatus.OPEN), additional=20_000), 0),
        (rental(PAID, asked(ChargeStatus.DECLINED), additional=20_000), 0),
    ],
)
def test_kept_card_is_asked_once_at_a_time_and_for_no_trifle(
    found: ChargedRental, amount: int
) -> None:
    assert domain.to_ask_minor(found) == amount


@pytest.mark.parametrize(
    ("found", "captured"),
    [
        (rental(PAID, DEPOSIT), 0),
        (rental(PAID, DEPOSIT, additional=9_000), 9_000),
        (rental(PAID, DEPOSIT, additional=90_000), HELD),
        (rental(PAID, DEPOSIT, asked(ChargeStatus.OPEN), additional=9_000), None),
        (rental(PAID, DEPOSIT, asked(ChargeStatus.DECLINED), additional=9_000), None),
        (rental(PAID, DEPOSIT, asked(ChargeStatus.CLOSED), additional=9_000), 9_000),
        (rental(PAID, DEPOSIT, status=RentalStatus.CHECKED_OUT), None),
        (rental(PAID), None),
    ],
)
def test_deposit_follows_the_money_once_nothing_else_can_come(
    found: ChargedRental, captured: int | None
) -> None:
    assert domain.to_capture_minor(found) == captured


def test_deposit_is_settled_once_and_never_above_it_or_the_due() -> None:
    owing = rental(PAID, DEPOSIT, additional=9_000)
    assert domain.check_capture(owing, 9_000) == DEPOSIT
    assert domain.check_capture(rental(PAID), 0) is None, "nothing to release"
    for captured, code in ((9_001, "amount_exceeds_due"), (HELD + 1, "amount_exceeds_deposit")):
        with pytest.raises(Rejected) as refused:
            domain.check_capture(owing, captured)
        assert refused.value.code == code


def test_refund_takes_the_newest_payment_first_whatever_its_purpose() -> None:
    account = Account((PAID, asked(ChargeStatus.RECEIVED)), counter_minor=1_000)
    assert split_refund(account, 10_000) == [
        Refund(3, 1, 9_000, Purpose.ADDITIONAL),
        Refund(1, 1, 1_000, Purpose.PREPAY),
    ]
    assert sum(part.amount_minor for part in split_refund(account, 40_000)) == 39_000


@pytest.mark.parametrize(("counter", "owed"), [(0, 0), (5_000, 5_000), (40_000, 40_000)])
def test_counter_owes_no_more_than_it_took(counter: int, owed: int) -> None:
    account = Account((PAID,), counter_minor=counter)
    assert owed_at_counter(RentalStatus.CANCELLED, TOTAL, 0, account) == owed


def test_deposit_is_for_what_is_booked_or_out_and_asked_for_once() -> None:
    booked = rental(PAID, status=RentalStatus.CONFIRMED)
    assert domain.check_depositable(booked)
    assert not domain.check_depositable(rental(PAID, DEPOSIT, status=RentalStatus.CONFIRMED)), (
        "it stands"
    )
    with pytest.raises(Rejected) as refused:
        domain.check_depositable(rental(PAID))
    assert refused.value.code == "illegal_transition"


WAITS = AskedPayment("REQUIRES_ACTION", attempt=1, asked_attempt=1)


@pytest.mark.parametrize(
    ("found", "asked_of", "expected"),
    [
        (rental(PAID, additional=9_000), None, (Purpose.ADDITIONAL, 2, 1, 9_000)),
        (
            rental(PAID, additional=9_000, status=RentalStatus.CONFIRMED),
            None,
            (Purpose.PREPAY, 2, 1, 9_000),
        ),
        (
            rental(PAID, asked(ChargeStatus.OPEN), additional=12_000),
            WAITS,
            (Purpose.ADDITIONAL, 3, 2, 9_000),
        ),
    ],
)
def test_renter_is_asked_for_what_is_missing_or_for_what_waits_for_them(
    found: ChargedRental, asked_of: AskedPayment | None, expected: tuple[Any, ...]
) -> None:
    assert domain.check_due(found, asked_of) == DueAttempt(*expected)


@pytest.mark.parametrize(
    ("found", "asked_of", "code"),
    [
        (rental(PAID), None, "not_payable"),
        (rental(PAID, additional=9_000, status=RentalStatus.CANCELLED), None, "not_payable"),
        (
            rental(status=RentalStatus.CONFIRMED, payment_method="counter"),
            None,
            "not_payable",
        ),
        (rental(PAID, asked(ChargeStatus.OPEN)), AskedPayment(None, 0, 1), "payment_in_progress"),
        (
            rental(PAID, asked(ChargeStatus.OPEN)),
            AskedPayment("PROCESSING", 1, 1),
            "payment_in_progress",
        ),
        (
            rental(PAID, asked(ChargeStatus.OPEN)),
            AskedPayment("REQUIRES_ACTION", attempt=1, asked_attempt=2),
            "payment_in_progress",
        ),
        (
            rental(PAID, asked(ChargeStatus.DECLINED), additional=9_000),
            WAITS,
            "payment_in_progress",
        ),
    ],
)
def test_nothing_is_asked_twice_or_of_a_rental_that_owes_nothing(
    found: ChargedRental, asked_of: AskedPayment | None, code: str
) -> None:
    with pytest.raises(Rejected) as refused:
        domain.check_due(found, asked_of)
    assert refused.value.code == code
