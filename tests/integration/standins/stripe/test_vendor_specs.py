"""Holds a recording of the stand-in against Stripe's published spec, where a checker is at hand.

``VENDOR_SPECS_CHECK`` names a script that takes recordings and exits 0 when all are true to the
vendor. Nothing in the project needs it; a build that has one sets the variable.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from stripe import CardError, StripeClient

CHECK = os.environ.get("VENDOR_SPECS_CHECK")
Pay = Callable[..., Any]


def whole_story(sdk: StripeClient, pay: Pay, control: Any) -> None:
    """One of everything that the API answers."""
    customer = sdk.v1.customers.create({"email": "ana@example.com"}).id
    card = sdk.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    deposit = pay(card, customer=customer, capture_method="manual", off_session=True)
    sdk.v1.payment_intents.capture(deposit.id, {"amount_to_capture": 1000})
    released = pay(card, customer=customer, capture_method="manual")
    sdk.v1.payment_intents.cancel(released.id)
    paid = pay(expand=["latest_charge.balance_transaction", "payment_method"])
    sdk.v1.refunds.create({"payment_intent": paid.id, "amount": 100})
    with pytest.raises(CardError):
        pay("pm_card_chargeDeclined")
    secure = pay("pm_card_threeDSecure2Required")
    control.step(secure.id, "fail")
    pix = pay(None, payment_method_data={"type": "pix"})
    control.step(pix.id, "pay")
    pay("pm_card_createDispute")
    for service in (sdk.v1.payment_intents, sdk.v1.charges, sdk.v1.refunds, sdk.v1.customers):
        service.list()
    sdk.v1.payment_intents.search({"query": "status:'succeeded'"})


def test_every_exchange_is_as_the_published_spec_says(
    sdk: StripeClient,
    pay: Pay,
    control: Any,
    endpoint: Any,
    recording: Path,
    exchanges: Callable[[], list[Any]],
) -> None:
    whole_story(sdk, pay, control)
    endpoint.wait_for("charge.dispute.created")
    endpoint.wait_for("charge.pending")
    sdk.v1.events.list({"limit": 100})
    recorded = exchanges()
    assert len(recorded) > 30
    assert any("Stripe-Signature" in each["request_headers"] for each in recorded)
    assert "sk_test_secret" not in recording.read_text("utf-8")
    if CHECK:
        done = subprocess.run(  # noqa: S603 - the build names the checker
            [sys.executable, CHECK, str(recording)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
