"""Webhook calls that are forged, stale, malformed or none of our business change nothing."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import stripe

from payment_process.function import asgi_app
from shared.http import MAXIMUM_BODY_BYTES

PATH = "/internal/payment/webhooks/stripe"
SECRET = "whsec_test_rentacar"


@pytest.fixture
async def http(environment: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """Neither database nor vendor can be reached: whoever touches them fails."""
    transport = httpx.ASGITransport(asgi_app)
    async with httpx.AsyncClient(transport=transport, base_url="http://function") as client:
        yield client


def signed(body: str, secret: str = SECRET, age_seconds: int = 0) -> dict[str, str]:
    timestamp = int(time.time()) - age_seconds
    header = stripe.WebhookSignature.generate_signature_header(body, secret, timestamp)
    return {"Stripe-Signature": header, "Content-Type": "application/json"}


def event(kind: str = "payment_intent.succeeded", **more: Any) -> str:
    subject = {"id": "pi_1", "object": "payment_intent", "metadata": {}}
    body = {"id": "evt_1", "object": "event", "type": kind, "data": {"object": subject}}
    return json.dumps(body | more)


async def problem(http: httpx.AsyncClient, body: str, headers: dict[str, str]) -> tuple[int, str]:
    answer = await http.post(PATH, content=body, headers=headers)
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


async def test_missing_signature_is_refused(http: httpx.AsyncClient) -> None:
    assert await problem(http, event(), {}) == (400, "invalid_signature")


async def test_forged_signature_is_refused(http: httpx.AsyncClient) -> None:
    headers = signed(event(), secret="whsec_somebody_else")
    assert await problem(http, event(), headers) == (400, "invalid_signature")


async def test_changed_body_is_refused(http: httpx.AsyncClient) -> None:
    headers = signed(event())
    assert await problem(http, event(id="evt_2"), headers) == (400, "invalid_signature")


async def test_recorded_call_is_refused_after_five_minutes(http: httpx.AsyncClient) -> None:
    headers = signed(event(), age_seconds=301)
    assert await problem(http, event(), headers) == (400, "invalid_signature")


@pytest.mark.parametrize("header", ["t=,v1=", "v1=abc", "t=x,v1=y", ",,,", "t=1"])
async def test_nonsense_in_the_signature_is_refused(http: httpx.AsyncClient, header: str) -> None:
    answer = await problem(http, event(), {"Stripe-Signature": header})
    assert answer == (400, "invalid_signature")


async def test_letters_beyond_ascii_in_the_signature_are_refused(http: httpx.AsyncClient) -> None:
    header = signed(event())["Stripe-Signature"].encode() + ",v1=é".encode("latin-1")
    answer = await http.post(PATH, content=event(), headers={b"Stripe-Signature": header})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_signature")


@pytest.mark.parametrize(
    "body",
    [
        *("", "not json", "[]", "{}", '{"id": 1}', event(data={}), event(data=None)),
        *(event(id="evt_\0"), event(data={"object": {"id": "pi_1/../pi_2"}})),
    ],
)
async def test_signed_body_that_is_no_event_is_refused(http: httpx.AsyncClient, body: str) -> None:
    assert await problem(http, body, signed(body)) == (400, "malformed_json")


async def test_oversized_body_is_refused(http: httpx.AsyncClient) -> None:
    body = "x" * (MAXIMUM_BODY_BYTES + 1)
    assert await problem(http, body, signed(body)) == (413, "payload_too_large")


@pytest.mark.parametrize("kind", ["customer.created", "charge.succeeded", "v3.never.heard.of"])
async def test_event_of_another_kind_is_taken_and_forgotten(
    http: httpx.AsyncClient, kind: str
) -> None:
    body = event(kind, data={"object": {"anything": 1}})
    answer = await http.post(PATH, content=body, headers=signed(body))
    assert answer.status_code == 200


async def test_refund_made_by_hand_at_the_vendor_is_taken(http: httpx.AsyncClient) -> None:
    body = event("refund.created", data={"object": {"id": "re_1", "payment_intent": "pi_1"}})
    answer = await http.post(PATH, content=body, headers=signed(body))
    assert answer.status_code == 200


async def test_event_of_an_unknown_intent_is_taken_without_effect(
    database: str, http: httpx.AsyncClient
) -> None:
    answer = await http.post(PATH, content=event(), headers=signed(event()))
    assert answer.status_code == 200


async def test_unreachable_database_asks_stripe_to_come_again(
    http: httpx.AsyncClient, environment: pytest.MonkeyPatch
) -> None:
    environment.setattr("shared.database.POOL_WAIT_SECONDS", 0.2)
    answer = await http.post(PATH, content=event(), headers=signed(event()))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


async def test_other_paths_and_methods_are_problems(http: httpx.AsyncClient) -> None:
    assert (await http.post("/internal/payment/nothing")).status_code == 404
    assert (await http.get(PATH)).status_code == 405
