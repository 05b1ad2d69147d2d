"""Crash points are found again only if a step has one name, whichever rental it is about."""

from pathlib import Path
from uuid import uuid4

import pytest

from infra.local.drills import crash_points
from infra.local.drills.crash_points import CrashPoints, Passing
from infra.local.drills.steps import (
    describe_call,
    describe_message,
    describe_write,
    main_step,
    purposes_of,
)
from payment_process.repository import _QUERIES as PAYMENT
from rent_process.settlement.repository import QUERIES as SETTLEMENT
from shared.outbox import CLAIM, DELETE, INSERT


@pytest.mark.parametrize(
    ("query", "parameters", "name"),
    [
        (PAYMENT["save_payment"], {"status": "CAPTURED", "attempt": 2},
         "payment=CAPTURED (attempt 2)"),
        (PAYMENT["save_payment"], {"status": "AUTHORIZED", "attempt": 1, "purpose": "DEPOSIT"},
         "payment=AUTHORIZED (attempt 1) DEPOSIT"),
        (PAYMENT["save_payment"],
         {"status": "AUTHORIZED", "attempt": 1, "purpose": "DEPOSIT", "renewal": 1,
          "capture_minor": 100},
         "payment=AUTHORIZED (attempt 1) DEPOSIT, renewal, to capture"),
        (PAYMENT["get_payment"], {"payment_id": 1}, None),
        (SETTLEMENT["confirm"], {}, "rental=CONFIRMED"),
        (SETTLEMENT["confirm_late"], {}, "rental=CONFIRMED"),
        (SETTLEMENT["end_pending"], {"status": "EXPIRED"}, "rental=EXPIRED"),
        (SETTLEMENT["lock_rental"], {}, None),
        (INSERT, {}, "outbox rows added"),
        (DELETE, {}, "outbox rows removed"),
        (CLAIM, {}, None),
    ],
)  # fmt: skip
def test_statement_is_named_by_what_it_changes(
    query: str, parameters: dict[str, object], name: str | None
) -> None:
    assert describe_write(query, parameters) == name


def test_transaction_is_named_by_the_rentals_new_status_and_the_money_beside_it() -> None:
    steps = ["rental_leg", "rental=COMPLETED", "additional_charge", "rental_charge", "audit"]
    assert main_step(steps) == "rental=COMPLETED + additional_charge + rental_charge"
    assert main_step(["rental_charge", "rental_charge", "audit"]) == "rental_charge"


def test_transaction_is_named_by_its_chief_change() -> None:
    assert (
        main_step(["rental=CONFIRMED", "rental_event", "outbox rows added"]) == "rental=CONFIRMED"
    )
    assert main_step(["webhook_event"]) == "webhook_event"


def test_call_is_named_without_ids_and_with_its_attempt() -> None:
    url = "http://127.0.0.1:1/v1/payment_intents/pi_3abc/confirm?x=1"
    assert describe_call("post", url, {}) == "POST payment_intents/*/confirm"
    again = {"Idempotency-Key": f"{uuid4()}:2"}
    assert describe_call("post", url, again) == "POST payment_intents/*/confirm (attempt 2)"


def test_call_is_named_by_the_purpose_of_its_payment_where_that_is_known() -> None:
    deposit = {"purpose": "DEPOSIT", "payment_id": "a-1", "intent_id": "pi_3abc"}
    purposes = purposes_of(deposit) | purposes_of({"purpose": "PREPAY", "payment_id": "b-2"})
    create, cancel = "http://x/v1/payment_intents", "http://x/v1/payment_intents/pi_3abc/cancel"
    keyed = [{"Idempotency-Key": f"{payment_id}:create"} for payment_id in ("a-1", "b-2")]
    assert [describe_call("post", create, headers, purposes) for headers in keyed] == [
        "POST payment_intents DEPOSIT", "POST payment_intents",
    ]  # fmt: skip
    assert describe_call("post", cancel, {}, purposes) == "POST payment_intents/*/cancel DEPOSIT"


def test_message_is_named_by_its_purpose_unless_it_is_about_the_price() -> None:
    body = '{"type": "payment_settled.v1", "outcome": "captured", "purpose": "%s"}'
    assert describe_message(body % "DEPOSIT")[0] == "payment_settled.v1 captured DEPOSIT"
    assert describe_message(body % "PREPAY")[0] == "payment_settled.v1 captured"


def test_message_is_named_by_type_and_outcome() -> None:
    body = '{"type": "payment_settled.v1", "outcome": "declined", "attempt": 2, "rental_id": "r"}'
    assert describe_message(body) == ("payment_settled.v1 declined (attempt 2)", "r")
    assert describe_message("no json") == ("unreadable", "-")


def test_point_kills_once_and_no_rental_too_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths: list[int] = []
    monkeypatch.setattr(crash_points, "_die", lambda: deaths.append(1))
    monkeypatch.setattr(crash_points, "ALIVE_SECONDS", 0)
    monkeypatch.setattr(crash_points, "DEATHS_OF_A_RENTAL", 1)
    points = CrashPoints(tmp_path)
    points.aim(["before a", "before b"])
    for point, rental in (("before a", "1"), ("before a", "2"), ("before b", "1")):
        points.arrive(point, rental)
    assert points.deaths() == [Passing("before a", "1")]
    assert points.remaining() == ["before b"]
    points.arrive("before b", "2")
    assert len(deaths) == 2
    assert points.remaining() == []


def test_target_that_is_died_at_while_targets_are_read_counts_as_died_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = CrashPoints(tmp_path)
    points.aim(["before a", "before b"])
    targets = list((tmp_path / "targets").iterdir())
    left = targets[1].read_text("utf-8")
    targets[0].unlink()
    monkeypatch.setattr(Path, "iterdir", lambda _: iter(targets))
    assert points.remaining() == [left]


def test_points_are_learned_only_while_they_are_recorded(tmp_path: Path) -> None:
    points = CrashPoints(tmp_path)
    points.arrive("unseen", "1")
    points.record()
    points.arrive("seen", "2")
    assert points.stop_recording() == [Passing("seen", "2")]
