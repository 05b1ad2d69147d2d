"""Paying by boleto: the payer's address, a CPF, enough days, a hold that outlasts the bank."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.messages import PaymentOutcome
from tests.plugins.market import Renter, at_local
from tests.plugins.saga import book_and_pay, call, messages, pay, query

ADDRESS = {
    "line1": "Avenida Paulista, 1000",
    "city": "São Paulo",
    "state": "SP",
    "postal_code": "01310-100",
}
BOLETO: dict[str, Any] = {"method": "boleto", "billing_address": ADDRESS}
PAYER = "SELECT name, tax_id, address ->> 'postal_code' FROM rent.payer_view"


def at(**changes: str) -> dict[str, Any]:
    return BOLETO | {"billing_address": ADDRESS | changes}


async def refused(renter: Renter, **changes: Any) -> tuple[int, str, list[str]]:
    answer = await renter.book(await renter.offer(), **{"payment": BOLETO} | changes)
    body = answer.json()
    return answer.status_code, body["code"], [each["pointer"] for each in body["errors"]]


async def retry(renter: Renter, accepted: dict[str, Any], choice: dict[str, Any]) -> Any:
    headers = {"Idempotency-Key": str(uuid4())}
    return await call(renter, "POST", accepted, "payment", json=choice, headers=headers)


async def test_a_boleto_is_booked_with_its_payer_and_a_hold_of_days(
    renter: Renter, market: str
) -> None:
    answer = await renter.book(await renter.offer(), payment=BOLETO)
    assert answer.status_code == 202, answer.text
    hold = datetime.fromisoformat(answer.json()["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=5, hours=23) < hold <= timedelta(days=6)
    assert query(market, PAYER) == [("Ana Souza", "529.982.247-25", "01310-100")]
    [message] = messages(market, "payment_requested.v1")
    assert message["method"] == "boleto"
    assert "Paulista" not in str(message), "no personal data travels on queues"
    assert "billing_address" not in str(await renter.read(answer.json()))


@pytest.mark.parametrize(
    ("payment", "pointer"),
    [
        ({"method": "boleto"}, "/payment/billing_address"),
        (at(state="Acre"), "/payment/billing_address/state"),
        (at(country="PT"), "/payment/billing_address/country"),
        ({"method": "pix", "billing_address": ADDRESS}, "/payment/billing_address"),
    ],
)
async def test_the_address_goes_with_a_boleto_and_only_with_it(
    renter: Renter, payment: dict[str, Any], pointer: str
) -> None:
    assert await refused(renter, payment=payment) == (422, "validation_failed", [pointer])


async def test_a_boleto_needs_a_cpf(renter: Renter) -> None:
    driver = renter.request("")["driver"]
    passport = {"type": "passport", "number": "X1234567", "country": "PT"}
    found = await refused(renter, driver=driver | {"document": passport})
    assert found == (422, "validation_failed", ["/driver/document/type"])


async def test_a_boleto_needs_days_before_the_pick_up(renter: Renter) -> None:
    soon = {"pickup_at": at_local(5).isoformat(), "return_at": at_local(6).isoformat()}
    answer = await renter.book(await renter.offer(**soon), payment=BOLETO)
    assert (answer.status_code, answer.json()["code"]) == (422, "payment_method_unavailable")


async def test_after_a_declined_card_a_boleto_lengthens_the_hold(
    renter: Renter, market: str
) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    await pay(market, accepted["reference"], PaymentOutcome.DECLINED)
    answer = await retry(renter, accepted, BOLETO)
    assert answer.status_code == 202, answer.text
    ends = answer.json()["expires_at"]
    assert datetime.fromisoformat(ends) > datetime.now(UTC) + timedelta(days=5, hours=23)
    assert (await renter.read(accepted))["expires_at"] == ends
    assert messages(market, "payment_requested.v1")[-1]["expires_at"][:19] == ends[:19]
    assert query(market, PAYER)[0][2] == "01310-100"


async def test_a_dearer_change_is_paid_by_boleto(renter: Renter, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    body = {"offer": await renter.offer("SFAR"), "payment": BOLETO}
    headers = {"Idempotency-Key": str(uuid4())}
    answer = await call(renter, "POST", accepted, "modification", json=body, headers=headers)
    assert answer.status_code == 202, answer.text
    assert messages(market, "payment_requested.v1")[-1]["method"] == "boleto"
    assert query(market, PAYER)[0][2] == "01310-100"
    assert (await renter.read(accepted)).get("expires_at") is None


async def test_erasing_the_driver_erases_the_address(renter: Renter, market: str) -> None:
    await renter.book(await renter.offer(), payment=BOLETO)
    query(market, "UPDATE rent.rental SET driver = '{\"erased\": true}' RETURNING 1")
    assert query(market, "SELECT email, tax_id, address FROM rent.payer_view") == [
        (None, None, None)
    ]
