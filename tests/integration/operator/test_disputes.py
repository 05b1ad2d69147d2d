"""The operator's list of disputes, as PaymentProcess recorded them."""

import psycopg
import pytest

from tests.plugins.market import Renter
from tests.plugins.operator import Operator

PAYMENT = """
INSERT INTO payment.payment (payment_id, rental_id, purpose, sequence, reference, status, attempt,
    amount_minor, currency, method, expires_at, captured_minor, intent_id, cause)
SELECT gen_random_uuid(), rental_id, 'PREPAY', 1, reference, 'DISPUTED', 1, total_minor, currency,
       'card', now(), total_minor, 'pi_' || reference, 'queue'
FROM rent.rental
"""
DISPUTES = """
INSERT INTO payment.dispute (dispute_id, payment_id, status, reason, amount_minor, currency,
    opened_at, evidence_due_at)
SELECT 'du_' || s.status, payment_id, s.status, 'fraudulent', 33600, 'BRL',
       timestamptz '2026-11-20Z' + s.day * interval '1 day', timestamptz '2026-12-01Z'
FROM payment.payment,
     (VALUES ('needs_response', 1), ('lost', 2), ('warning_under_review', 3)) AS s(status, day)
"""


@pytest.fixture
async def reference(renter: Renter, market: str) -> str:
    accepted = (await renter.book(await renter.offer())).json()
    with psycopg.connect(market) as connection:
        connection.execute(PAYMENT)
        connection.execute(DISPUTES)
    found: str = accepted["reference"]
    return found


async def statuses(operator: Operator, **query: str) -> list[str]:
    found = await operator.get("/disputes", **query)
    assert found.status_code == 200, found.text
    return [each["status"] for each in found.json()["disputes"]]


async def test_disputes_stand_newest_first_with_what_must_be_answered_until_when(
    operator: Operator, reference: str
) -> None:
    newest, lost, oldest = (await operator.get("/disputes")).json()["disputes"]
    assert (lost["status"], newest["status"]) == ("lost", "warning_under_review")
    assert oldest == {
        "id": "du_needs_response",
        "reference": reference,
        "purpose": "PREPAY",
        "payment_intent": f"pi_{reference}",
        "status": "needs_response",
        "reason": "fraudulent",
        "amount": {"amount": 33600, "currency": "BRL"},
        "opened_at": "2026-11-21T00:00:00Z",
        "evidence_due_at": "2026-12-01T00:00:00Z",
        "updated_at": oldest["updated_at"],
    }


@pytest.mark.usefixtures("reference")
async def test_open_ones_and_pages(operator: Operator) -> None:
    assert await statuses(operator, open="true") == ["warning_under_review", "needs_response"]
    assert await statuses(operator, open="false") == ["lost"]
    first = (await operator.get("/disputes", limit="2")).json()
    assert [each["status"] for each in first["disputes"]] == ["warning_under_review", "lost"]
    assert await statuses(operator, cursor=first["next_cursor"]) == ["needs_response"]


@pytest.mark.usefixtures("reference")
async def test_an_operator_of_another_branch_sees_none(operator_of_gig: Operator) -> None:
    assert await statuses(operator_of_gig) == []


async def test_the_rental_in_the_list_says_that_its_payment_is_disputed(
    operator: Operator, reference: str
) -> None:
    [rental] = (await operator.get("/rentals", q=reference)).json()["rentals"]
    assert rental["payment_status"] == "DISPUTED"
