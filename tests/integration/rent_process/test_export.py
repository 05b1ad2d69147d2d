"""The renter's copy of what is held (LGPD): every table is in it, or stands here with a reason."""

import re
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from rent_process.overtime import service as overtime
from shared.contracts.handover import ExtensionRequest
from tests.integration.rent_process.test_account import ana, book
from tests.plugins.counter import CALLER, PICKUP, RETURN, check_in, check_out, park
from tests.plugins.market import Renter
from tests.plugins.saga import pay

__all__ = ["ana"]  # a fixture

# What ties a row to a rental or to somebody.
TIES = re.compile(
    "rental_id|reference|payment_id|document_id|subject.*|actor|.*_by|driver|full_name|.*_address"
)
# Where each stands in the export of a rental.
EXPORTED = {
    "rent.rental": "rental",
    "rent.rental_event": "rental.timeline",
    "rent.rental_cancellation": "cancellation",
    "rent.rental_no_show": "no_show",
    "rent.rental_return": "check_in",
    "rent.rental_leg": "cars",
    "rent.rental_damage": "damages",
    "rent.rental_extension": "extensions",
    "rent.rental_revision": "revisions",
    "rent.rental_charge": "asked_payments",
    "rent.rental_refund": "refunds",
    "rent.additional_charge": "charges",
    "rent.counter_entry": "counter_payments",
    "rent.reminder": "reminders",
    "rent.promo_use": "promo_codes",
    "rent.review": "review",
    "rent.rental_message": "messages",
    "rent.document": "documents",
    "rent.document_signature": "documents.signature",
    "rent.rental_photo": "photos",
    "rent.audit": "operator_actions",
    "payment.payment": "payments",
    "payment.dispute": "disputes",
    "payment.unmatched_intent": "unmatched_payments",
    "email.email": "emails",
}
EXEMPT = {
    "rent.payment_retry": "keys and hashes; the attempts stand with the payments",
    "rent.due_payment": "keys and hashes; what was asked stands with the payments",
    "rent.vehicle_allocation": "the car's plan; which cars a rental had stands with it",
    "rent.erasure": "a hash of who asked, and two numbers",
    "rent.recent_try": "a keyed hash that is another one in the next hour",
    "rent.dead_letter": "names the operator who resolved it; its message names nobody",
    "rent.tariff": "names the operator who published it",
    "payment.payment_event": "the course of a payment; what came of it stands with the payments",
    "payment.refund": "the vendor's side of what stands with the refunds",
    "payment.vendor_check": "whether the vendor's figures agree with ours",
    "payment.recent_try": "a keyed hash that is another one in the next hour",
    "payment.dead_letter": "names the operator who resolved it; its message names nobody",
    "email.dead_letter": "names the operator who resolved it; its message names nobody",
}
COLUMNS = """
SELECT t.table_schema || '.' || t.table_name, array_agg(c.column_name::text)
FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name)
WHERE t.table_type = 'BASE TABLE' AND t.table_schema IN ('rent', 'payment', 'email')
GROUP BY 1
"""
# What only others, time or bad luck write.
REST = """
INSERT INTO rent.rental_cancellation (rental_id, actor, reason, fee_minor, refund_minor)
SELECT rental_id, 'subject-ana', 'another plan', 11, 22 FROM rent.rental;
INSERT INTO rent.rental_no_show (rental_id, fee_minor, refund_minor, at_counter_minor)
SELECT rental_id, 33, 44, 5 FROM rent.rental;
INSERT INTO rent.rental_revision SELECT rental_id, 0, NULL, NULL, pickup_branch, return_branch,
    class_code, pickup_at, return_at, from_hour, to_hour, price, total_minor, deposit_minor,
    cancellation_policy, extras, coverages FROM rent.rental;
INSERT INTO rent.rental_refund (rental_id, sequence, refund_number, amount_minor, reason)
SELECT rental_id, 1, 1, 55, 'goodwill' FROM rent.rental;
INSERT INTO rent.counter_entry SELECT rental_id, 'till', 'hash', 'cash', 66, 0, 'operator-1'
FROM rent.rental;
INSERT INTO rent.reminder SELECT rental_id, 'pickup', '2026-12-01' FROM rent.rental;
INSERT INTO rent.promo_code (promo_code, basis_points, valid_from, valid_until, minimum_days)
VALUES ('TEN', 1000, now(), now() + interval '1 day', 1);
INSERT INTO rent.promo_use SELECT rental_id, 'TEN' FROM rent.rental;
INSERT INTO rent.review (rental_id, branch_code, class_code, rating, comment, status)
SELECT rental_id, 'GRU', 'ECMR', 4, 'a good car', 'PENDING' FROM rent.rental;
INSERT INTO rent.document (rental_id, kind, version, number, branch_code, year, sequence, locale,
    facts, facts_hash, issued_at, keep_until)
SELECT rental_id, 'agreement', 1, 'N-1', 'GRU', 2026, NULL, 'en', '{}', sha256(''), now(),
    now() + interval '1 day' FROM rent.rental;
INSERT INTO rent.document_signature (document_id, full_name, sha256, accepted_at, client_address,
    actor) SELECT document_id, 'Ana Souza', sha256(''), now(), '203.0.113.7', 'subject-ana'
FROM rent.document;
INSERT INTO payment.payment (payment_id, rental_id, purpose, sequence, status, attempt,
    amount_minor, currency, captured_minor, method, intent_id, expires_at, cause)
SELECT gen_random_uuid(), rental_id, 'PREPAY', 1, 'CAPTURED', 1, 77, 'BRL', 77, 'card', 'pi_1',
    now(), 'queue' FROM rent.rental;
INSERT INTO payment.dispute SELECT 'dp_1', payment_id, 'lost', 'fraudulent', 88, 'BRL', now()
FROM payment.payment;
INSERT INTO payment.unmatched_intent (intent_id, rental_id, payment_id, made_at, status, currency)
SELECT 'pi_2', rental_id, gen_random_uuid(), now(), 'succeeded', 'BRL' FROM rent.rental;
INSERT INTO rent.rental_photo (rental_id, kind, leg, source_sha256, sha256, size_bytes, width,
    height, stored_at, keep_until)
SELECT rental_id, 'check_in', 1, sha256(''), sha256(''), 9, 3, 3, now(), now() + interval '1 day'
FROM rent.rental;
INSERT INTO email.email (message_id, rental_id, template, status, requested_at)
SELECT gen_random_uuid(), rental_id, 'rental_confirmed', 'QUEUED', now() FROM rent.rental
"""


@pytest.fixture
async def held(ana: Renter, market: str) -> dict[str, Any]:
    """The export of somebody with whose rental everything has happened."""
    [plate, _] = park(market)
    reference = (await book(ana))["reference"]
    await pay(market, reference)
    sent = await ana.client.post(
        f"/api/rentals/{reference}/messages",
        json={"text": "we come later"},
        headers={"Idempotency-Key": "a-message-of-ana"},
    )
    assert sent.is_success, sent.text
    await check_out(reference, plate, notes="a scratch on the left door")
    later = RETURN + timedelta(days=1)
    wanted = ExtensionRequest.model_validate({"return_at": later})
    await overtime.extend(reference, wanted, CALLER, PICKUP + timedelta(days=1))
    damage = {"description": "right mirror", "amount": {"amount": 9_900, "currency": "BRL"}}
    await check_in(reference, now=later, damages=[damage])
    with psycopg.connect(market) as connection:
        for statement in REST.split(";"):
            connection.execute(statement.encode())
    answer = await ana.client.get("/api/me/data")
    assert answer.status_code == 200, answer.text
    [rental] = answer.json()["rentals"]
    found: dict[str, Any] = rental
    return found


def test_every_table_that_is_tied_to_somebody_is_exported_or_exempt(database: str) -> None:
    with psycopg.connect(database) as connection:
        tables: dict[str, list[str]] = dict(connection.execute(COLUMNS).fetchall())
    tied = {name for name, columns in tables.items() if any(map(TIES.fullmatch, columns))}
    assert tied == EXPORTED.keys() | EXEMPT.keys()
    assert not EXPORTED.keys() & EXEMPT.keys()


async def test_every_row_of_an_exported_table_is_in_the_export(
    held: dict[str, Any], market: str
) -> None:
    for table, place in EXPORTED.items():
        with psycopg.connect(market) as connection:
            statement = f"SELECT to_jsonb(t) FROM {table} AS t"  # noqa: S608 -- ours
            rows = [row for (row,) in connection.execute(statement.encode()).fetchall()]
        assert rows, f"nothing is in {table}: nothing is shown of it"
        shown = at(held, place)
        entries = shown if isinstance(shown, list) else [shown]
        if table != "rent.document_signature":  # one of one document
            assert len(entries) == len(rows), table


async def test_what_was_written_about_the_renter_is_in_the_export(held: dict[str, Any]) -> None:
    assert held["cars"][0]["plate"] == "GRUEC00"
    assert held["cars"][0]["notes"] == "a scratch on the left door"
    assert (held["cars"][0]["out_odometer_km"], held["cars"][0]["in_odometer_km"]) == (1_000, 1_300)
    assert [(each["description"], each["amount_minor"]) for each in held["damages"]] == [
        ("right mirror", 9_900)
    ]
    assert held["check_in"]["total_minor"] == 9_900
    assert held["extensions"][0]["lines"][0]["purpose"] == "BaseRate"
    assert (held["no_show"]["fee_minor"], held["cancellation"]["fee_minor"]) == (33, 11)
    assert held["counter_payments"][0]["amount_minor"] == 66
    assert held["disputes"][0]["reason"] == "fraudulent"
    assert held["promo_codes"][0]["promo_code"] == "TEN"
    assert {each["action"] for each in held["operator_actions"]} == {
        "rental_checked_out", "rental_extended", "rental_checked_in",
    }  # fmt: skip


async def test_operators_keys_and_hashes_are_not_in_the_export(held: dict[str, Any]) -> None:
    text = str(held)
    for secret in ("operator-1", "idempotency_key", "request_hash", "pi_1", "pi_2", "'till'"):
        assert secret not in text, secret


def at(held: dict[str, Any], place: str) -> Any:
    found: Any = held
    for name in place.split("."):
        found = found[0][name] if isinstance(found, list) else found[name]
    return found
