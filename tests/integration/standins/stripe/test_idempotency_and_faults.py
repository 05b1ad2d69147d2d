"""Answers that are lost, repeated or refused: where double charges are made or avoided."""

import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from stripe import (
    APIConnectionError,
    APIError,
    CardError,
    IdempotencyError,
    RateLimitError,
    RequestsClient,
    StripeClient,
)

Pay = Callable[..., Any]
FORM = {
    "amount": "500",
    "currency": "brl",
    "confirm": "true",
    "payment_method": "pm_card_visa",
    "return_url": "https://rental.example/back",
}
CONFIRM = {"method": "POST", "path": "/v1/payment_intents/*/confirm"}


def post(http: httpx.Client, key: str, path: str = "/v1/payment_intents", **form: str) -> Any:
    return http.post(path, data={**FORM, **form}, headers={"Idempotency-Key": key})


def test_replay_gives_the_first_answer_and_charges_once(http: httpx.Client, control: Any) -> None:
    first, second = post(http, "k"), post(http, "k")
    assert first.status_code == second.status_code == 200
    assert first.text == second.text
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert second.headers["idempotency-key"] == "k"
    assert second.headers["original-request"] == first.headers["request-id"]
    assert len(control.ledger()["charges"]) == 1


def test_key_with_other_parameters_or_path_is_refused(http: httpx.Client) -> None:
    post(http, "k")
    for answer in (post(http, "k", amount="501"), post(http, "k", "/v1/refunds")):
        assert answer.status_code == 400
        assert answer.json()["error"]["type"] == "idempotency_error"


def test_invalid_request_does_not_use_up_its_key(http: httpx.Client) -> None:
    assert post(http, "k", currency="zzz").status_code == 400
    assert post(http, "k").status_code == 200


def test_decline_is_replayed(http: httpx.Client, control: Any) -> None:
    first, second = (post(http, "k", payment_method="pm_card_chargeDeclined") for _ in range(2))
    assert first.status_code == second.status_code == 402
    assert first.text == second.text
    assert len(control.ledger()["charges"]) == 1


def test_second_request_beside_the_first_is_a_409(http: httpx.Client, control: Any) -> None:
    control.fault(kind="delay", seconds=0.5)
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(post(http, "k").status_code))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 409]
    assert len(control.ledger()["charges"]) == 1


def test_dropped_answer_has_acted_and_the_retry_replays(
    sdk: StripeClient, control: Any, url: str
) -> None:
    intent = sdk.v1.payment_intents.create(
        {"amount": 500, "currency": "brl", "payment_method": "pm_card_visa"}
    )
    control.fault(kind="drop_answer", match=CONFIRM)
    params: Any = {"return_url": "https://rental.example/back"}
    with pytest.raises(APIConnectionError):
        sdk.v1.payment_intents.confirm(intent.id, params, {"idempotency_key": "once"})
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "succeeded"
    again = sdk.v1.payment_intents.confirm(intent.id, params, {"idempotency_key": "once"})
    assert again.status == "succeeded"
    assert len(control.ledger()["charges"]) == 1


def test_closed_connection_has_not_acted(sdk: StripeClient, control: Any) -> None:
    intent = sdk.v1.payment_intents.create(
        {"amount": 500, "currency": "brl", "payment_method": "pm_card_visa"}
    )
    control.fault(kind="close", match=CONFIRM)
    with pytest.raises(APIConnectionError):
        sdk.v1.payment_intents.confirm(intent.id, {"return_url": "https://rental.example/back"})
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "requires_confirmation"


def test_5xx_is_kept_under_its_key_and_429_is_not(
    pay: Pay, sdk: StripeClient, control: Any
) -> None:
    control.fault(kind="status", status=500)
    options: Any = {"idempotency_key": "k500"}
    params: Any = {"amount": 500, "currency": "brl"}
    for _ in range(2):
        with pytest.raises(APIError) as failed:
            sdk.v1.payment_intents.create(params, options)
        assert failed.value.http_status == 500
    control.fault(kind="status", status=429)
    with pytest.raises(RateLimitError):
        sdk.v1.payment_intents.create(params, {"idempotency_key": "k429"})
    assert sdk.v1.payment_intents.create(params, {"idempotency_key": "k429"}).amount == 500


def test_sdk_retries_by_itself_and_charges_once(url: str, control: Any) -> None:
    transport = RequestsClient(timeout=10)
    sdk = StripeClient(
        "sk_test_secret",
        base_addresses={"api": url},
        http_client=transport,
        max_network_retries=2,
    )
    control.fault(kind="drop_answer", times=2)
    params: Any = {**FORM, "amount": 500, "confirm": True}
    assert sdk.v1.payment_intents.create(params).status == "succeeded"
    assert len(control.ledger()["intents"]) == 1
    transport.close()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped


def test_sdk_names_the_idempotency_error(sdk: StripeClient) -> None:
    options: Any = {"idempotency_key": "k"}
    sdk.v1.customers.create({"email": "a@example.com"}, options)
    with pytest.raises(IdempotencyError):
        sdk.v1.customers.create({"email": "b@example.com"}, options)
    with pytest.raises(CardError):
        sdk.v1.payment_methods.attach(
            "pm_card_chargeDeclined", {"customer": sdk.v1.customers.create().id}
        )
