"""The ledger outlives the stand-in, so that yesterday's rental can be refunded today."""

import time
from pathlib import Path
from typing import Any

import httpx

from infra.local.standins.serving import Config
from tests.plugins.standins import serving

KEYS = {"api_key": "sk_test_secret", "publishable_key": "pk_test_browser"}
PAY = {
    "amount": "500",
    "currency": "brl",
    "confirm": "true",
    "return_url": "https://rental.example/back",
}


def config(state: Path) -> Config:
    options = {**KEYS, "state_file": str(state)}
    return Config.model_validate({"servers": [{"name": "stripe", "options": options}]})


def post(urls: dict[str, str], path: str, key: str, **form: str) -> Any:
    headers = {"Authorization": "Bearer sk_test_secret", "Idempotency-Key": key}
    answer = httpx.post(f"{urls['stripe']}{path}", data=form, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_payment_is_refunded_after_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "stripe.json"
    with serving(config(state)) as urls:
        paid = post(urls, "/v1/payment_intents", "a", payment_method="pm_card_visa", **PAY)
    with serving(config(state)) as urls:
        again = post(urls, "/v1/payment_intents", "a", payment_method="pm_card_visa", **PAY)
        assert again == paid
        refund = post(urls, "/v1/refunds", "b", payment_intent=paid["id"])
        assert refund["amount"] == 500


def test_pix_code_expires_on_time_after_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "stripe.json"
    soon = {
        "payment_method_data[type]": "pix",
        "payment_method_options[pix][expires_after_seconds]": "10",
    }
    with serving(config(state)) as urls:
        shown = post(urls, "/v1/payment_intents", "a", **PAY, **soon)
    state.write_text(state.read_text().replace(str(_ends_at(shown)), str(int(time.time()))))
    with serving(config(state)) as urls:
        path = f"{urls['stripe']}/v1/payment_intents/{shown['id']}"
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:
            read = httpx.get(path, headers={"Authorization": "Bearer sk_test_secret"}).json()
            if read["status"] == "requires_payment_method":
                break
            time.sleep(0.02)
        assert read["last_payment_error"]["code"] == "payment_intent_payment_attempt_expired"


def test_ledger_is_saved_without_waiting_for_the_end(tmp_path: Path) -> None:
    state = tmp_path / "stripe.json"
    with serving(config(state)) as urls:
        paid = post(urls, "/v1/payment_intents", "a", payment_method="pm_card_visa", **PAY)
        deadline = time.monotonic() + 8
        while not state.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert paid["id"] in state.read_text()


def _ends_at(intent: Any) -> int:
    return int(intent["next_action"]["pix_display_qr_code"]["expires_at"])
