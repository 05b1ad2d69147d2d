"""Nothing personal leaves, whoever forgets it."""

import logging

import pytest

from shared.telemetry.attributes import REDACTED, clean, redact

PERSONAL = [
    "ana.souza+x@example.com.br",
    "529.982.247-25",
    "52998224725",
    "11.222.333/0001-81",
    "+55 11 91234-5678",
    "(11) 91234-5678",
    "4242 4242 4242 4242",
    "4242424242424242",
    "sk_live_abcdef123",
    "whsec_abc123",
    "SG.abc-def.ghi_jkl",
    "eyJhbGciOi.eyJzdWIiOi.sig-nature",
]
HARMLESS = [
    "4acefc5d-0bc7-4156-a81f-68a8c66b7670",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "7K3MZQ2A",
    "pi_3PabcDEF1234567890",
    "2027-03-01",
    "R$ 1.234,50",
    "RentProcessPaymentResults",
    "attempt 2 of 5",
]


@pytest.mark.parametrize("text", PERSONAL)
def test_what_looks_personal_is_replaced(text: str) -> None:
    assert clean({"reason": f"refused {text} today"}) == {"reason": f"refused {REDACTED} today"}


@pytest.mark.parametrize("text", HARMLESS)
def test_identifiers_are_kept(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("_try", range(200))
def test_no_uuid_is_taken_for_a_number(_try: int) -> None:
    text = "4acefc5d-0bc7-4156-a81f-68a8c66b7670"
    assert redact(text) == text


def test_unknown_attribute_is_dropped_and_named_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert clean({"shoe_size": 44, "attempt": 2}) == {"attempt": "2"}
        assert clean({"shoe_size": 44}) == {}
    assert caplog.text.count("shoe_size") == 1
    assert "44" not in caplog.text


def test_values_are_text_and_bounded() -> None:
    cleaned = clean({"retried": True, "count": 3, "reason": "x" * 10_000, "status": None})
    assert cleaned == {"retried": "true", "count": "3", "reason": "x" * 200}
