"""What Stripe refuses, the stand-in refuses: in its shape, and with nothing changed."""

from typing import Any

import httpx
import pytest

PAY: dict[str, str] = {"amount": "500", "currency": "brl"}
CONFIRMED = {**PAY, "confirm": "true", "payment_method": "pm_card_visa"}
BACK = {"return_url": "https://rental.example/back"}
INTENTS = "/v1/payment_intents"

REFUSED: list[tuple[str, dict[str, str], str | None, str | None]] = [
    (INTENTS, {**PAY, "colour": "red"}, "colour", "parameter_unknown"),
    (INTENTS, {**PAY, "metadata[a][b]": "1"}, "metadata", None),
    (
        INTENTS,
        {**PAY, "payment_method_types[0]": "card"},
        "payment_method_types",
        "payment_method_types_no_longer_supported",
    ),
    (INTENTS, {"currency": "brl"}, "amount", "parameter_missing"),
    (INTENTS, {**PAY, "amount": "12.5"}, "amount", "parameter_invalid_integer"),
    (INTENTS, {**PAY, "amount": "0"}, "amount", "parameter_invalid_integer"),
    (INTENTS, {**PAY, "amount": "49"}, "amount", "amount_too_small"),
    (INTENTS, {**PAY, "amount": "100000000"}, "amount", "amount_too_large"),
    (INTENTS, {**PAY, "currency": "xyz"}, "currency", None),
    (INTENTS, {**PAY, "capture_method": "later"}, "capture_method", None),
    (INTENTS, {**PAY, "confirm": "yes"}, "confirm", None),
    (INTENTS, {**PAY, "description": ""}, "description", "parameter_invalid_empty"),
    (INTENTS, {**PAY, "receipt_email": "nobody"}, "receipt_email", "email_invalid"),
    (
        INTENTS,
        {**PAY, "statement_descriptor_suffix": "A" * 23},
        "statement_descriptor_suffix",
        None,
    ),
    (
        INTENTS,
        {**PAY, "statement_descriptor_suffix": "<CAR>"},
        "statement_descriptor_suffix",
        "invalid_characters",
    ),
    (INTENTS, {**PAY, "metadata[k]": "v" * 501}, "metadata", None),
    (INTENTS, {**PAY, "metadata[" + "k" * 41 + "]": "v"}, "metadata", None),
    (INTENTS, {**PAY, **{f"metadata[k{n}]": "v" for n in range(51)}}, "metadata", None),
    (INTENTS, {**PAY, "expand": "customer"}, "expand", None),
    (INTENTS, {**PAY, "expand[0]": "amount"}, "expand", None),
    (INTENTS, {**PAY, "expand[0]": "latest_charge.payment_intent.customer.x.y"}, "expand", None),
    (INTENTS, {**PAY, "customer": "cus_none"}, "customer", "resource_missing"),
    (INTENTS, {**PAY, "payment_method": "pm_none"}, "payment_method", "resource_missing"),
    (INTENTS, {**PAY, "off_session": "true"}, "off_session", None),
    (INTENTS, {**PAY, **BACK}, "return_url", None),
    (INTENTS, CONFIRMED, "return_url", None),
    (INTENTS, {**CONFIRMED, "return_url": "back"}, "return_url", "url_invalid"),
    (INTENTS, {**PAY, **BACK, "confirm": "true"}, None, "payment_intent_unexpected_state"),
    (
        INTENTS,
        {**CONFIRMED, **BACK, "statement_descriptor": "CAR"},
        "statement_descriptor",
        None,
    ),
    (
        INTENTS,
        {**PAY, "payment_method": "pm_card_visa", "allowed_payment_method_types[0]": "pix"},
        "payment_method",
        "payment_intent_incompatible_payment_method",
    ),
    (
        INTENTS,
        {**PAY, "currency": "usd", "allowed_payment_method_types[0]": "pix"},
        "allowed_payment_method_types",
        "payment_intent_invalid_parameter",
    ),
    ("/v1/refunds", {}, "payment_intent", "parameter_missing"),
    ("/v1/refunds", {"payment_intent": "pi_none"}, "payment_intent", "resource_missing"),
    ("/v1/refunds", {"charge": "ch_none"}, "charge", "resource_missing"),
    ("/v1/refunds", {"charge": "ch_1", "payment_intent": "pi_1"}, "charge", "parameters_exclusive"),
    ("/v1/refunds", {"charge": "ch_1", "amount": "-5"}, "amount", "parameter_invalid_integer"),
    ("/v1/payment_methods", {"type": "cash"}, "type", None),
    ("/v1/payment_methods", {"type": "card"}, "card", "parameter_missing"),
    ("/v1/payment_methods", {"type": "card", "card[token]": "tok_x"}, "card[token]", None),
    ("/v1/customers", {"email": "nobody"}, "email", "email_invalid"),
]


@pytest.mark.parametrize(("path", "form", "param", "code"), REFUSED)
def test_invalid_request_is_a_400_that_names_the_parameter(
    http: httpx.Client, control: Any, path: str, form: Any, param: str | None, code: str | None
) -> None:
    answer = http.post(path, data=form)
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert error["type"] == "invalid_request_error"
    assert error["message"]
    assert error.get("param") == param
    if code is not None:
        assert error.get("code") == code
    assert answer.headers["request-id"] in error["request_log_url"]
    ledger = control.ledger()
    assert (ledger["intents"], ledger["events"]) == ([], [])


@pytest.mark.parametrize(
    "path",
    [
        f"{INTENTS}/pi_none",
        "/v1/charges/ch_none",
        "/v1/refunds/re_none",
        "/v1/customers/cus_none",
        "/v1/payment_methods/pm_none",
        "/v1/events/evt_none",
        "/v1/disputes/du_none",
    ],
)
def test_unknown_id_in_the_path_is_a_404(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "resource_missing"


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"starting_after": "pi_none"}, "starting_after"),
        ({"status": "succeeded"}, "status"),
        ({"created[from]": "1"}, "created[from]"),
    ],
)
def test_invalid_query_is_refused(http: httpx.Client, query: Any, param: str) -> None:
    answer = http.get(INTENTS, params=query)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param


def test_wrong_key_is_a_401_that_does_not_repeat_it(url: str) -> None:
    for header in ({}, {"Authorization": "Bearer sk_test_somebody_elses_key"}):
        answer = httpx.get(f"{url}/v1/events", headers=header)
        assert answer.status_code == 401
        assert "somebody_elses" not in answer.text
        assert "Basic" in answer.headers["www-authenticate"]


def test_basic_authentication_takes_the_key_as_user_name(url: str) -> None:
    assert httpx.get(f"{url}/v1/events", auth=("sk_test_secret", "")).status_code == 200


def test_other_version_is_refused(http: httpx.Client) -> None:
    answer = http.get("/v1/events", headers={"Stripe-Version": "2020-08-27"})
    assert answer.status_code == 400
    assert http.get("/v1/events").headers["stripe-version"] == "2026-10-28.endive"


def test_json_body_is_refused(http: httpx.Client) -> None:
    assert http.post("/v1/customers", json={"email": "ana@example.com"}).status_code == 400


def test_browser_key_may_do_little(http: httpx.Client, url: str) -> None:
    intent = http.post(INTENTS, data={**PAY, "metadata[secret]": "s"}).json()
    browser = httpx.Client(base_url=url, headers={"Authorization": "Bearer pk_test_browser"})
    with browser:
        assert browser.get(f"{INTENTS}/{intent['id']}").status_code == 403
        assert browser.post(INTENTS, data=PAY).status_code == 403
        assert browser.get("/v1/events").status_code == 403
        wrong = {"client_secret": f"{intent['id']}_secret_guess"}
        assert browser.get(f"{INTENTS}/{intent['id']}", params=wrong).status_code == 400
        right = {"client_secret": intent["client_secret"]}
        read = browser.get(f"{INTENTS}/{intent['id']}", params=right)
        assert (read.status_code, read.json()["metadata"]) == (200, {})
        assert read.headers["access-control-allow-origin"] == "*"
        asked = browser.options("/v1/payment_methods")
        assert "Authorization" in asked.headers["access-control-allow-headers"]
