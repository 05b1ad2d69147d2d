"""The bank's books against our rows and against what RentProcess was told, after every step."""

from collections import Counter
from typing import Any

from payment_process.disputing.domain import MONEY_IS_GONE
from payment_process.domain import IntentStatus
from payment_process.refunding.domain import RefundStatus
from tests.integration.payment_life.till import TAKEN, Due, Till
from tests.integration.whole_life import documented

PAYMENT_STATES = documented.tabled("The payment's states")
USUAL_WAYS = {each for each in documented.drawn("The payment's states") if each[0] != "[*]"}
CHARGED = {"CAPTURED", "PARTIALLY_REFUNDED", "REFUNDED", "DISPUTED"}
ENDED = CHARGED | {"VOIDED", "AUTH_EXPIRED"}
CHANGES = """
SELECT status_before AS before, status AS after FROM payment.payment_event
WHERE status_before <> status
"""


def after_a_step(till: Till) -> None:
    """What must never be so, not even between a crash and the next delivery."""
    rows = till.rows()
    for due in Due:
        nothing_is_charged_twice(till, due)
        told = Counter(outcome for sequence, outcome in till.told_of() if sequence == due.sequence)
        charged = [each for each in rows if _is_of(each, due) and each["status"] in CHARGED]
        assert told["captured"] == len(charged) <= 1, "told as often as it was seen"
    declined_is_what_never_landed(till, rows)
    for row in rows:
        rows_say_what_the_bank_says(till, row)
    for change in till.query(CHANGES):
        pair = (change["before"], change["after"])
        assert pair in PAYMENT_STATES, f"{pair[0]} to {pair[1]}"
        till.seen[f"{pair[0]} to {pair[1]}"] += 1


def nothing_is_charged_twice(till: Till, due: Due) -> None:
    taken = [each for each in till.intents(due) if each.received_minor]
    assert len(taken) <= 1
    for intent in taken:
        assert till.vendor.charges[intent.intent_id] == 1
        assert till.vendor.returned(intent.intent_id) <= intent.received_minor
        assert intent.received_minor == (TAKEN if due is Due.DEPOSIT else due.minor)
    live = till.intents(due, *set(IntentStatus) - {IntentStatus.CANCELED})
    assert len(live) <= (2 if due is Due.DEPOSIT else 1), "a second one beside one that lives"


def declined_is_what_never_landed(till: Till, rows: list[dict[str, Any]]) -> None:
    """A lost answer is no decline: who says so has looked, and nothing was made of it."""
    ids = {(row["sequence"], row["renewal"]): row["payment_id"] for row in rows}
    for sequence, attempt, code in till.sent(
        "payment-results", "sequence", "attempt", "decline_code"
    ):
        if code == "processing_error":
            assert f"{ids[sequence, 0]}:{attempt}" not in till.vendor.keys


def rows_say_what_the_bank_says(till: Till, row: dict[str, Any]) -> None:
    """What is recorded as done was done; what was done may not be recorded yet."""
    intent = till.vendor.intents.get(row["intent_id"])
    if row["status"] in CHARGED:
        assert intent is not None
        assert row["captured_minor"] == intent.received_minor > 0
        assert till.vendor.returned(intent.intent_id) <= row["refunded_minor"] + _bounced(till, row)
        assert row["refunded_minor"] <= row["captured_minor"]
    elif intent is not None and row["status"] in {"VOIDED", "AUTH_EXPIRED"}:
        assert intent.status is IntentStatus.CANCELED
    assert row["status"] in CHARGED or row["captured_minor"] == row["refunded_minor"] == 0


def _bounced(till: Till, row: dict[str, Any]) -> int:
    """Given up here as failed, for all that we know."""
    failed = till.query(
        "SELECT coalesce(sum(amount_minor), 0)::bigint AS minor FROM payment.refund"
        " WHERE payment_id = %s AND status = 'FAILED'", row["payment_id"],
    )  # fmt: skip
    return int(failed[0]["minor"])


def at_the_end(till: Till) -> None:
    """When everything was delivered and all patience is over, books, rows and answers agree."""
    till.vendor.faults.clear()
    till.runner.run(_finish(till))
    after_a_step(till)
    assert till.undelivered == []
    for row in till.rows():
        assert row["status"] in ENDED, row["status"]
        if row["status"] in CHARGED:
            assert row["status"] == _ought(till, row)
            assert row["refunded_minor"] == till.vendor.returned(row["intent_id"])
    for due in Due:
        taken = sum(each.received_minor for each in till.intents(due))
        told = [outcome for sequence, outcome in till.told_of() if sequence == due.sequence]
        assert told.count("captured") == (taken > 0)
        assert taken > 0 or told.count("voided") >= 1 or not told, "nobody told its end"
        assert not till.intents(due, IntentStatus.REQUIRES_CAPTURE), "an authorisation is open"
    _refunds_ended_and_were_told(till)


async def _finish(till: Till) -> None:
    for key, status in list(till.vendor.refunding.items()):
        till.vendor.finish_refund(key, succeeds=status is not RefundStatus.FAILED)
        await till.hear_of_refund(key, f"end of {key}")
    for _ in range(3):
        await till.bring_again()
        for due in Due:
            if due is not Due.DEPOSIT or till.deposit_ends != "capture":
                await till.give_up(due)
        await till.tick_all(25 * 3_600)


def _refunds_ended_and_were_told(till: Till) -> None:
    kept = till.query(
        "SELECT sequence, refund_number, r.status FROM payment.refund r JOIN payment.payment"
        " USING (payment_id)"
    )
    told = till.sent("payment-results", "type", "sequence", "refund_number", "outcome")
    last = {(s, n): outcome for kind, s, n, outcome in told if kind == "refund_settled.v1"}
    meaning = {"SUCCEEDED": "refunded", "FAILED": "failed"}
    found = {(row["sequence"], row["refund_number"]): meaning[row["status"]] for row in kept}
    assert last == found
    assert set(found) == {(due.sequence, number) for due, number in till.refunds_asked}


def _ought(till: Till, row: dict[str, Any]) -> str:
    """What the vendor's books say that the row must say."""
    disputes = [d for d in till.vendor.disputes.values() if d.intent_id == row["intent_id"]]
    if any(each.status in MONEY_IS_GONE for each in disputes):
        return "DISPUTED"
    returned = till.vendor.returned(row["intent_id"])
    if returned == 0:
        return "CAPTURED"
    return "REFUNDED" if returned == row["captured_minor"] else "PARTIALLY_REFUNDED"


def _is_of(row: dict[str, Any], due: Due) -> bool:
    return bool(row["sequence"] == due.sequence)
