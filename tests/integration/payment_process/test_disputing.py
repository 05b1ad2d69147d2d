"""Disputes as they are told, looked up and shown; in any order, and also when nobody tells."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from payment_process.disputing import service as disputing
from payment_process.disputing.domain import Dispute
from payment_process.disputing.domain import DisputeStatus as D
from payment_process.domain import Payment
from shared.errors import Unavailable
from tests.integration.payment_process.conftest import TOTAL, Desk

OPENED = datetime(2026, 11, 22, 10, tzinfo=UTC)
DUE = OPENED + timedelta(days=9)


@dataclass
class Bank:
    """What the vendor says of disputes, as it stands at the moment of asking."""

    disputes: dict[str, Dispute] = field(default_factory=dict)
    asked: int = 0

    def say(self, payment: Payment, status: D, dispute_id: str = "du_1") -> None:
        self.disputes[dispute_id] = Dispute(
            dispute_id, payment.intent_id, status, "fraudulent", TOTAL, "BRL", OPENED, DUE
        )

    async def retrieve_dispute(self, dispute_id: str) -> Dispute:
        self.asked += 1
        return self.disputes[dispute_id]

    async def list_disputes(self, opened_after: datetime) -> list[str]:
        self.asked += 1
        found = self.disputes.values()
        return [each.dispute_id for each in found if each.opened_at > opened_after]


@pytest.fixture
async def paid(desk: Desk) -> Payment:
    return await desk.pay()


async def tell(bank: Bank, event_id: str, dispute_id: str = "du_1") -> None:
    await disputing.receive_event((event_id, "charge.dispute.updated"), dispute_id, bank)


def stored(desk: Desk) -> list[Any]:
    rows = desk.query("SELECT status, amount_minor, reason, evidence_due_at FROM payment.dispute")
    return [tuple(row.values()) for row in rows]


def history(desk: Desk) -> list[str]:
    rows = desk.query("SELECT status FROM payment.payment_event ORDER BY event_number")
    return [row["status"] for row in rows]


async def test_a_dispute_is_recorded_with_what_must_be_known_to_answer_it(
    desk: Desk, paid: Payment
) -> None:
    bank = Bank()
    bank.say(paid, D.NEEDS_RESPONSE)
    await tell(bank, "evt_1")
    assert stored(desk) == [("needs_response", TOTAL, "fraudulent", DUE)]
    assert desk.row()["status"] == "DISPUTED"
    bank.say(paid, D.WON)
    await tell(bank, "evt_2")
    assert stored(desk)[0][0] == "won"
    assert history(desk)[-3:] == ["CAPTURED", "DISPUTED", "CAPTURED"]
    assert len(desk.outcomes()) == 1, "the rental is told once that it is paid"


async def test_the_same_event_again_does_not_even_ask_the_vendor(desk: Desk, paid: Payment) -> None:
    bank = Bank()
    bank.say(paid, D.NEEDS_RESPONSE)
    for _ in range(3):
        await tell(bank, "evt_1")
    assert bank.asked == 1
    assert history(desk).count("DISPUTED") == 1


async def test_what_was_read_earlier_and_comes_later_changes_nothing(
    desk: Desk, paid: Payment
) -> None:
    bank = Bank()
    bank.say(paid, D.LOST)
    late = replace(bank.disputes["du_1"], status=D.UNDER_REVIEW)
    await tell(bank, "evt_2")
    await disputing.record(late, "webhook", event=("evt_1", "charge.dispute.updated"))
    assert stored(desk)[0][0] == "lost"
    assert desk.row()["status"] == "DISPUTED"


async def test_an_inquiry_is_recorded_and_leaves_the_payment_alone(
    desk: Desk, paid: Payment
) -> None:
    bank = Bank()
    bank.say(paid, D.WARNING_NEEDS_RESPONSE)
    await tell(bank, "evt_1")
    assert stored(desk)[0][0] == "warning_needs_response"
    assert desk.row()["status"] == "CAPTURED"


async def test_what_no_webhook_told_is_found_by_looking(desk: Desk, paid: Payment) -> None:
    bank = Bank()
    bank.say(paid, D.NEEDS_RESPONSE)
    assert await disputing.look_around(bank, OPENED + timedelta(hours=1)) == 1
    assert desk.row()["status"] == "DISPUTED"
    bank.say(paid, D.LOST)  # weeks later it is no longer among the newest
    assert await disputing.look_around(bank, OPENED + timedelta(days=40)) == 1
    assert stored(desk)[0][0] == "lost"
    assert await disputing.look_around(bank, OPENED + timedelta(days=41)) == 0


async def test_a_payment_not_known_as_charged_has_its_dispute_come_again(desk: Desk) -> None:
    payment = await desk.pay("pm_3ds")
    bank = Bank()
    bank.say(payment, D.NEEDS_RESPONSE)
    with pytest.raises(Unavailable):
        await tell(bank, "evt_1")
    assert stored(desk) == []
    desk.vendor.complete_action(payment.intent_id or "")
    await desk.see(payment, "evt_0")
    await tell(bank, "evt_1")
    assert desk.row()["status"] == "DISPUTED"


@pytest.mark.usefixtures("paid")
async def test_a_dispute_of_somebody_elses_charge_is_nothing_to_us(desk: Desk) -> None:
    bank = Bank()
    for intent_id in (None, "pi_of_another_shop"):
        bank.disputes["du_1"] = Dispute(
            "du_1", intent_id, D.NEEDS_RESPONSE, "general", 1, "BRL", OPENED
        )
        await tell(bank, "evt_1")
    assert stored(desk) == []
    assert desk.row()["status"] == "CAPTURED"
