"""The table of limits says what it says, and every row of it is in force somewhere."""

import pytest

from shared.contracts.limits import AMOUNTS, METHOD_AMOUNTS, TRIES, fault_of_amount
from shared.contracts.money import Money
from shared.contracts.problems import STATUS_OF_CODE
from shared.settings import Settings


@pytest.mark.parametrize(
    ("method", "amount", "currency", "fault"),
    [
        ("card", 49, "BRL", "amount_too_small"),
        ("card", 50, "BRL", None),
        ("card", 5_000_000, "BRL", None),
        ("card", 5_000_001, "BRL", "amount_too_large"),
        ("card", 30, "GBP", None),
        ("card", 999, "MXN", "amount_too_small"),
        ("card", 1_000, "XAU", "currency_not_supported"),
        ("pix", 50, "BRL", None),
        ("pix", 5_000, "EUR", "currency_not_supported"),
        ("boleto", 499, "BRL", "amount_too_small"),
        ("boleto", 500, "BRL", None),
        ("boleto", 4_999_999, "BRL", None),
        ("boleto", 5_000_000, "BRL", "amount_too_large"),
        ("boleto", 5_000, "USD", "currency_not_supported"),
    ],
)
def test_an_amount_is_charged_or_refused(
    method: str, amount: int, currency: str, fault: str | None
) -> None:
    assert fault_of_amount(method, Money(amount=amount, currency=currency)) == fault


def test_every_limit_is_a_setting_that_is_on_unless_an_operator_turns_it_off() -> None:
    for rule in TRIES.values():
        assert Settings.model_fields[rule.setting].default > 0, rule
        assert rule.window_seconds > 0


def test_every_limit_of_the_public_api_has_a_documented_answer() -> None:
    answers = {TRIES[per].answer for per in ("email", "address")}
    assert answers <= set(STATUS_OF_CODE)


def test_ranges_are_not_empty_and_none_is_wider_than_its_currency() -> None:
    for rule in AMOUNTS.values():
        assert 0 < rule.minimum < rule.maximum
    for (_, currency), rule in METHOD_AMOUNTS.items():
        assert AMOUNTS[currency].minimum <= rule.minimum < rule.maximum
        assert rule.maximum <= AMOUNTS[currency].maximum
