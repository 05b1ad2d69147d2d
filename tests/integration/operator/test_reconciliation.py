"""Reconciliation: 0 where all is well, and each fault is found by the check that names it."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from rent_process.documents.service import make_documents
from rent_process.settlement import service as settlement
from shared.contracts.messages import PaymentOutcome, PaymentSettledV1
from shared.contracts.money import Money
from tests.plugins.market import Renter
from tests.plugins.operator import Operator, rows

PATH = "/reconciliation"
PAYMENT = """
INSERT INTO payment.payment (payment_id, rental_id, purpose, sequence, reference, status, attempt,
    amount_minor, currency, captured_minor, method, intent_id, expires_at, cause)
SELECT gen_random_uuid(), rental_id, 'PREPAY', 1, reference, 'CAPTURED', 1, total_minor, 'BRL',
    total_minor, 'card', 'pi_1', now(), 'test' FROM rent.rental"""
DEPOSIT = """
INSERT INTO payment.payment (payment_id, rental_id, purpose, sequence, reference, status, attempt,
    amount_minor, currency, method, intent_id, expires_at, cause)
SELECT gen_random_uuid(), rental_id, 'DEPOSIT', 2, reference, 'AUTHORIZED', 1, 50000, 'BRL',
    'card', 'pi_2', now(), 'test' FROM rent.rental"""
RETURNED = "UPDATE rent.rental SET status = 'COMPLETED'"
CAPTURING = """
UPDATE payment.payment SET capture_minor = 1, cause = 'test', version = 2
WHERE purpose = 'DEPOSIT'"""
EMAIL = """
INSERT INTO email.email (message_id, rental_id, template, status, requested_at, sent_at, provider)
SELECT gen_random_uuid(), rental_id, 'rental_confirmed', 'SENT', now(), now(), 'smtp'
FROM rent.rental"""


def run(url: str, *statements: str) -> None:
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement.encode())


async def checks(operator: Operator, **query: Any) -> dict[str, dict[str, Any]]:
    found = await operator.get(PATH, **query)
    assert found.status_code == 200, found.text
    report = found.json()
    assert report["drift"] == sum(check["drift"] for check in report["checks"])
    return {check["name"]: check for check in report["checks"]}


@pytest.fixture
async def settled(renter: Renter, market: str, files: str) -> str:
    """The reference of a rental that is booked, paid, confirmed and mailed, with its papers."""
    assert files
    accepted = (await renter.book(await renter.offer())).json()
    [(rental_id, total)] = rows(market, "SELECT rental_id, total_minor FROM rent.rental")
    run(market, PAYMENT, EMAIL)
    message = PaymentSettledV1(
        rental_id=rental_id,
        attempt=1,
        outcome=PaymentOutcome.CAPTURED,
        amount=Money(amount=total, currency="BRL"),
    )
    await settlement.handle_result(message, datetime.now(UTC))
    await make_documents(rental_id, datetime.now(UTC))
    run(market, "DELETE FROM rent.outbox")
    reference: str = accepted["reference"]
    return reference


async def test_everything_agrees_when_all_is_done(settled: str, operator: Operator) -> None:
    found = await checks(operator, grace_seconds=0)
    assert {name: check["drift"] for name, check in found.items()} == dict.fromkeys(found, 0)
    assert len(found) == 17


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        (
            "holds_overdue",
            (
                "UPDATE rent.rental SET status = 'PENDING', expires_at = now(); "
                "UPDATE payment.payment SET status = 'DECLINED', captured_minor = 0,"
                " cause = 'test', version = 2"
            ),
        ),
        ("confirmed_unpaid", "DELETE FROM payment.payment"),
        (
            "paid_not_confirmed",
            (
                "UPDATE rent.rental SET status = 'FAILED'; "
                "UPDATE rent.class_calendar SET free = array_fill(10::smallint, ARRAY[384])"
            ),
        ),
        ("charged_above_price", "UPDATE rent.rental SET total_minor = total_minor - 1"),
        (
            "charged_above_price",
            (
                "INSERT INTO payment.payment (payment_id, rental_id, purpose, sequence, reference,"
                " status, attempt, amount_minor, currency, captured_minor, method, intent_id,"
                " expires_at, cause) SELECT gen_random_uuid(), rental_id, 'ADDITIONAL', 2,"
                " reference, 'CAPTURED', 1, 1, 'BRL', 1, 'card', 'pi_2', now(), 'test'"
                " FROM rent.rental"
            ),
        ),
        (
            "charged_above_price",
            (
                "UPDATE rent.rental SET status = 'CANCELLED'; "
                "INSERT INTO rent.rental_cancellation (rental_id, actor, fee_minor, refund_minor)"
                " SELECT rental_id, 'renter', total_minor - 1, 1 FROM rent.rental; "
                "UPDATE rent.class_calendar SET free = array_fill(10::smallint, ARRAY[384])"
            ),
        ),
        (
            "deposits_standing",
            f"{DEPOSIT}; {RETURNED}",
        ),
        (
            "payments_unsettled",
            f"{DEPOSIT}; {CAPTURING}",
        ),
        (
            "deposits_lost",
            (
                "UPDATE rent.rental SET status = 'CHECKED_OUT'; "
                "INSERT INTO rent.rental_charge (rental_id, sequence, purpose, asked_minor, status)"
                " SELECT rental_id, 2, 'DEPOSIT', 1, 'CLOSED' FROM rent.rental"
            ),
        ),
        (
            "vendor_unmatched",
            (
                "INSERT INTO payment.unmatched_intent (intent_id, rental_id, payment_id, made_at,"
                " status, held_minor, currency) VALUES ('pi_3', gen_random_uuid(),"
                " gen_random_uuid(), now(), 'succeeded', 1, 'BRL')"
            ),
        ),
        (
            "payments_without_rental",
            (
                "INSERT INTO payment.payment (payment_id, rental_id, purpose, sequence, reference,"
                " status, attempt, amount_minor, currency, cause) VALUES (gen_random_uuid(),"
                " gen_random_uuid(), 'PREPAY', 1, 'NOWHERE1', 'VOIDED', 0, 0, 'XXX', 'test')"
            ),
        ),
        (
            "payments_unsettled",
            (
                "INSERT INTO payment.payment (payment_id, rental_id, purpose, sequence, reference,"
                " status, attempt, amount_minor, currency, method, expires_at, intent_id, cause)"
                " SELECT gen_random_uuid(), rental_id, 'DEPOSIT', 1, reference, 'UNKNOWN', 1, 1,"
                " 'BRL', 'card', now(), 'pi_2', 'test' FROM rent.rental"
            ),
        ),
        (
            "vendor",
            (
                "INSERT INTO payment.vendor_check SELECT payment_id, 1, 'refunded', now()"
                " FROM payment.payment"
            ),
        ),
        (
            "outboxes",
            (
                "INSERT INTO email.outbox (message_id, queue, body, claimed_until)"
                " VALUES (gen_random_uuid(), 'email-requests', '{}', now())"
            ),
        ),
        (
            "emails_stuck",
            (
                "INSERT INTO email.email (message_id, rental_id, template, status, requested_at)"
                " SELECT gen_random_uuid(), rental_id, 'payment_receipt', 'QUEUED', now()"
                " FROM rent.rental"
            ),
        ),
        ("confirmations_never_mailed", "DELETE FROM email.email"),
        (
            "documents_unmade",
            (
                "UPDATE rent.document SET made_at = NULL, sha256 = NULL, size_bytes = NULL,"
                " facts = '{}' WHERE kind = 'agreement'"
            ),
        ),
        (
            "documents_missing",
            "UPDATE rent.document SET voided_at = now() WHERE kind = 'agreement'",
        ),
        ("invoice_gaps", "UPDATE rent.invoice_sequence SET last_number = 2"),
        (
            "calendar",
            (
                "UPDATE rent.class_calendar SET free[384] = free[384] - 1"
                " WHERE branch_code = 'SAOC' AND class_code = 'SFAR' AND block ="
                " (SELECT max(block) FROM rent.class_calendar)"
            ),
        ),
    ],
)
async def test_fault_is_found_by_the_check_that_names_it_and_by_no_other(
    check: str, fault: str, settled: str, operator: Operator, market: str
) -> None:
    run(market, *fault.split("; "))
    found = await checks(operator, grace_seconds=0)
    drifting = {name: each["drift"] for name, each in found.items() if each["drift"]}
    assert drifting == {check: 1}
    if check == "documents_unmade":
        assert found[check]["examples"] == [f"{settled}-1"]
    elif check not in {
        "outboxes",
        "calendar",
        "payments_without_rental",
        "invoice_gaps",
        "vendor_unmatched",
    }:
        assert found[check]["examples"] == [settled]


async def test_what_is_young_is_on_its_way(renter: Renter, operator: Operator) -> None:
    await renter.book(await renter.offer(), payment={"method": "counter"})
    young = await checks(operator)
    assert sum(check["drift"] for check in young.values()) == 0
    old = await checks(operator, grace_seconds=0)
    assert old["outboxes"]["examples"] == ["document-requests", "email-requests"]
    assert old["confirmations_never_mailed"]["drift"] == 1


async def test_bad_queries_are_refused(operator: Operator, operator_of_gig: Operator) -> None:
    for grace in ("-1", "86401", "soon"):
        assert (await operator.get(PATH, grace_seconds=grace)).status_code == 422
    assert (await operator_of_gig.get(PATH)).status_code == 403
