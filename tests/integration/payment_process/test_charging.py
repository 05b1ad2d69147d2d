"""A card is charged, declined, asked for more: what is stored and who is told."""

from datetime import timedelta

import psycopg
import pytest

from payment_process.domain import IllegalTransition, Status
from shared.contracts.messages import Purpose
from shared.contracts.money import Money
from shared.errors import Unavailable
from tests.integration.payment_process.conftest import TOTAL, Desk
from tests.plugins.postgres import role_url

CAPTURED = ("payment_settled.v1", 1, "captured", None)


async def test_good_card_is_captured_and_only_the_rental_is_told(desk: Desk) -> None:
    payment = await desk.pay()
    assert payment.status is Status.CAPTURED
    assert desk.row()["captured_minor"] == TOTAL
    assert desk.outcomes() == [CAPTURED]
    assert desk.emails() == []
    assert desk.vendor.charged == 1


async def test_second_delivery_of_same_message_charges_once(desk: Desk) -> None:
    message = desk.request()
    for _ in range(3):
        await desk.deliver(message)
    assert desk.vendor.charged == 1
    assert desk.outcomes() == [CAPTURED]


async def test_declined_card_is_told_with_its_reason_and_may_be_retried(desk: Desk) -> None:
    declined = await desk.pay("pm_declined")
    assert declined.status is Status.DECLINED
    assert desk.emails() == [("payment_failed",)]
    captured = await desk.pay("pm_good", attempt=2)
    assert captured.status is Status.CAPTURED
    assert captured.intent_id == declined.intent_id, "a retry reuses the intent"
    assert desk.outcomes() == [
        ("payment_settled.v1", 1, "declined", "insufficient_funds"),
        ("payment_settled.v1", 2, "captured", None),
    ]
    assert desk.vendor.calls["create_intent"] == 1


async def test_old_attempt_delivered_late_changes_nothing(desk: Desk) -> None:
    first = desk.request("pm_declined")
    await desk.deliver(first)
    await desk.pay("pm_declined", attempt=2)
    before = desk.row()
    await desk.deliver(first)
    assert desk.row() == before


async def test_three_d_secure_shows_its_step_and_sends_no_email(desk: Desk) -> None:
    payment = await desk.pay("pm_3ds")
    assert payment.status is Status.REQUIRES_ACTION
    assert desk.row()["next_action"]["type"] == "redirect_to_url"
    assert desk.sent("payment-results", "type") == [("payment_action_required.v1",)]
    assert desk.emails() == []
    desk.vendor.complete_action(payment.intent_id or "")
    await desk.see(payment)
    assert desk.row()["status"] == "CAPTURED"
    assert desk.row()["next_action"] is None
    assert desk.outcomes()[-1] == CAPTURED


async def test_failed_three_d_secure_is_a_decline(desk: Desk) -> None:
    payment = await desk.pay("pm_3ds")
    desk.vendor.complete_action(payment.intent_id or "", succeeds=False)
    await desk.see(payment)
    assert desk.row()["decline_code"] == "payment_intent_authentication_failure"
    assert desk.emails() == [("payment_failed",)]


async def test_renter_leaves_three_d_secure_for_another_card(desk: Desk) -> None:
    await desk.pay("pm_3ds")
    await desk.pay("pm_good", attempt=2)
    assert desk.row()["status"] == "CAPTURED"
    assert desk.vendor.charged == 1


async def test_nothing_is_confirmed_after_the_hold(desk: Desk) -> None:
    await desk.pay(expires_at=desk.now)
    assert desk.outcomes() == [("payment_settled.v1", 1, "voided", None)]
    assert desk.vendor.calls.total() == 0


async def test_nothing_is_confirmed_when_the_hold_ends_while_the_intent_is_made(
    desk: Desk,
) -> None:
    message = desk.request()
    desk.vendor.fail("create_intent", "unavailable")
    with pytest.raises(Exception, match="down"):
        await desk.deliver(message)
    desk.now += timedelta(hours=1)
    await desk.deliver(message)
    assert desk.row()["status"] == "VOIDED"
    assert desk.vendor.charged == 0


async def test_deposit_of_the_same_rental_is_another_payment(desk: Desk) -> None:
    await desk.pay()
    await desk.pay(purpose=Purpose.DEPOSIT)
    assert desk.vendor.calls["create_intent"] == 2


async def test_attempt_with_another_amount_goes_to_the_operators(desk: Desk) -> None:
    await desk.pay("pm_declined")
    with pytest.raises(IllegalTransition):
        await desk.pay(attempt=2, amount=Money(amount=TOTAL + 1, currency="BRL"))
    assert desk.vendor.charged == 0


async def test_second_live_payment_for_a_purpose_is_refused_by_the_database(desk: Desk) -> None:
    await desk.pay("pm_declined")
    with pytest.raises(Unavailable, match="still open"):
        await desk.pay(sequence=2)
    assert desk.row()["sequence"] == 1


async def test_every_change_stands_in_the_audit(desk: Desk) -> None:
    await desk.pay("pm_declined")
    await desk.pay(attempt=2)
    events = desk.query("SELECT * FROM payment.payment_event ORDER BY event_number")
    assert [(e["status_before"], e["status"], e["attempt"]) for e in events] == [
        (None, "CREATED", 1),
        ("CREATED", "PROCESSING", 1),
        ("PROCESSING", "DECLINED", 1),
        ("DECLINED", "CREATED", 2),
        ("CREATED", "PROCESSING", 2),
        ("PROCESSING", "CAPTURED", 2),
    ]
    assert {e["cause"] for e in events} == {"queue"}


async def test_rental_sees_status_and_next_step_but_not_the_intent(desk: Desk) -> None:
    await desk.pay("pm_3ds")
    with psycopg.connect(role_url(desk.database, "rent")) as connection:
        row = connection.execute(
            "SELECT status, attempt, next_action ->> 'type', client_secret"
            " FROM payment.rental_payment WHERE rental_id = %s",
            [desk.rental_id],
        ).fetchone()
        assert row == ("REQUIRES_ACTION", 1, "redirect_to_url", "secret")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT intent_id FROM payment.payment")


async def test_audit_cannot_be_rewritten(desk: Desk) -> None:
    await desk.pay()
    with (
        psycopg.connect(role_url(desk.database, "payment")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("DELETE FROM payment.payment_event")
