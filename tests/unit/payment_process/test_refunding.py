"""Refunds: never above the charge, never backwards."""

from itertools import product
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment_process.domain import Payment, Status
from payment_process.refunding import domain
from payment_process.refunding.domain import LEGAL, Refund, RefundStatus, VendorRefund
from tests.unit.payment_process.test_domain import payment


def refund(amount_minor: int = 400, status: RefundStatus = RefundStatus.REQUESTED) -> Refund:
    return Refund(
        payment_id=uuid4(),
        refund_number=1,
        amount_minor=amount_minor,
        reason="cancelled",
        status=status,
        traceparent=None,
    )


@given(st.lists(st.integers(1, 700), max_size=12))
def test_refunds_of_any_size_and_number_stay_within_the_charge(amounts: list[int]) -> None:
    charged: Payment = payment(Status.CAPTURED)
    for amount in amounts:
        charged = domain.reserve(charged, refund(amount)) or charged
    assert 0 <= charged.refunded_minor <= charged.captured_minor


@pytest.mark.parametrize("status", [Status.PROCESSING, Status.DECLINED, Status.VOIDED])
def test_nothing_is_given_back_that_was_not_taken(status: Status) -> None:
    assert domain.reserve(payment(status), refund()) is None


@pytest.mark.parametrize(("before", "seen"), list(product(RefundStatus, RefundStatus)))
def test_refund_never_goes_backwards(before: RefundStatus, seen: RefundStatus) -> None:
    after = domain.observe(refund(status=before), VendorRefund("re_1", seen)).status
    assert after is (seen if seen in LEGAL[before] else before)


@pytest.mark.parametrize(
    ("settled", "expected"),
    [(0, Status.CAPTURED), (400, Status.PARTIALLY_REFUNDED), (1000, Status.REFUNDED)],
)
def test_payment_says_how_much_was_given_back(settled: int, expected: Status) -> None:
    given_back = refund(status=RefundStatus.SUCCEEDED)
    assert domain.settle(payment(Status.CAPTURED), given_back, settled).status is expected


def test_failed_refund_frees_its_amount() -> None:
    charged = domain.reserve(payment(Status.CAPTURED), refund(1000))
    assert charged is not None
    failed = domain.settle(charged, refund(1000, RefundStatus.FAILED), 0)
    assert (failed.refunded_minor, failed.status) == (0, Status.CAPTURED)


def test_dispute_outlasts_a_refund() -> None:
    disputed = payment(Status.DISPUTED)
    given_back = refund(status=RefundStatus.SUCCEEDED)
    assert domain.settle(disputed, given_back, 400).status is Status.DISPUTED
