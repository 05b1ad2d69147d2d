"""Cards become payment methods, methods belong to customers, lists come in pages."""

from collections.abc import Callable
from typing import Any

import pytest
from stripe import CardError, HTTPXClient, InvalidRequestError, StripeClient

Pay = Callable[..., Any]
GOOD: Any = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}


def create(sdk: StripeClient, **card: Any) -> Any:
    params: Any = {"type": "card", "card": {**GOOD, **card}}
    return sdk.v1.payment_methods.create(params)


def test_same_number_has_the_same_fingerprint(sdk: StripeClient) -> None:
    first, second = create(sdk), create(sdk, exp_month=1)
    other = create(sdk, number="5555 5555 5555 4444")
    assert first.id != second.id
    assert first.card.fingerprint == second.card.fingerprint != other.card.fingerprint
    assert (other.card.brand, other.card.last4) == ("mastercard", "4444")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"number": "4242424242424241"}, "incorrect_number"),
        ({"number": "4111111111111111"}, "card_declined"),
        ({"exp_month": 13}, "invalid_expiry_month"),
        ({"exp_year": 2020}, "invalid_expiry_year"),
        ({"cvc": "12"}, "invalid_cvc"),
    ],
)
def test_wrong_card_is_a_card_error(sdk: StripeClient, wrong: Any, code: str) -> None:
    with pytest.raises(CardError) as refused:
        create(sdk, **wrong)
    assert refused.value.code == code


def test_server_may_not_send_card_numbers(options: dict[str, Any], request: Any) -> None:
    options["raw_card_numbers"] = False
    sdk: StripeClient = request.getfixturevalue("sdk")
    with pytest.raises(CardError, match="unsafe") as refused:  # so the SDK reads any 402
        create(sdk)
    error: Any = refused.value.error
    assert error.type == "invalid_request_error"
    token: Any = {"type": "card", "card": {"token": "tok_visa"}}
    assert sdk.v1.payment_methods.create(token).card


def test_attached_method_pays_many_times_and_only_for_its_customer(
    sdk: StripeClient, pay: Pay, endpoint: Any
) -> None:
    ana = sdk.v1.customers.create({"email": "ana@example.com", "name": "Ana"}).id
    rui = sdk.v1.customers.create({"email": "rui@example.com"}).id
    card = sdk.v1.payment_methods.attach("pm_card_visa", {"customer": ana}).id
    assert pay(card, customer=ana).status == pay(card, customer=ana).status == "succeeded"
    for wrong in ({"customer": rui}, {}):
        with pytest.raises(InvalidRequestError):
            pay(card, **wrong)
    with pytest.raises(InvalidRequestError):
        sdk.v1.payment_methods.attach(card, {"customer": rui})
    detached = sdk.v1.payment_methods.detach(card)
    assert detached.customer is None
    with pytest.raises(InvalidRequestError):
        pay(card, customer=ana)
    with pytest.raises(InvalidRequestError):
        sdk.v1.payment_methods.attach(card, {"customer": ana})
    endpoint.wait_for("payment_method.detached")


def test_customer_is_updated_listed_and_deleted(sdk: StripeClient, endpoint: Any) -> None:
    customer = sdk.v1.customers.create(
        {"email": "ana@example.com", "metadata": {"a": "1", "b": "2"}, "address": {"city": "Rio"}}
    )
    assert customer.address
    changed: Any = sdk.v1.customers.update(customer.id, {"metadata": {"a": ""}, "phone": "+5521"})
    assert changed.metadata.to_dict() == {"b": "2"}
    assert [c.id for c in sdk.v1.customers.list({"email": "ana@example.com"})] == [customer.id]
    assert sdk.v1.customers.delete(customer.id).deleted
    assert sdk.v1.customers.retrieve(customer.id).deleted
    with pytest.raises(InvalidRequestError):
        sdk.v1.customers.update(customer.id, {"phone": "1"})
    endpoint.wait_for("customer.deleted")


def test_list_comes_in_pages_newest_first(sdk: StripeClient) -> None:
    made = [
        sdk.v1.payment_intents.create({"amount": 500 + n, "currency": "brl"}) for n in range(12)
    ]
    first = sdk.v1.payment_intents.list()
    assert [intent.amount for intent in first.data] == list(range(511, 501, -1))
    assert first.has_more
    rest = sdk.v1.payment_intents.list({"starting_after": first.data[-1].id})
    assert [intent.amount for intent in rest.data] == [501, 500]
    assert not rest.has_more
    back = sdk.v1.payment_intents.list({"ending_before": made[1].id, "limit": 2})
    assert [intent.amount for intent in back.data] == [503, 502]
    assert len(list(sdk.v1.payment_intents.list({"limit": 5}).auto_paging_iter())) == 12
    future = {"created": {"gt": made[0].created + 60}}
    assert sdk.v1.payment_intents.list(future).data == []  # type: ignore[arg-type]  # a plain dict


def test_search_finds_by_metadata_and_status(sdk: StripeClient, pay: Pay) -> None:
    wanted = pay(metadata={"rental": "R-7"})
    pay(metadata={"rental": "R-8"})
    query = "metadata['rental']:'R-7' AND status:'succeeded' AND amount>12000"
    found = sdk.v1.payment_intents.search({"query": query})
    assert [intent.id for intent in found.data] == [wanted.id]
    assert sdk.v1.payment_intents.search({"query": f"-{query[:24]}"}).data
    with pytest.raises(InvalidRequestError):
        sdk.v1.payment_intents.search({"query": "what is it"})


def test_search_lags_behind(options: dict[str, Any], request: Any) -> None:
    options["search_lag_seconds"] = 60
    pay, sdk = request.getfixturevalue("pay"), request.getfixturevalue("sdk")
    pay(metadata={"rental": "R-7"})
    assert sdk.v1.payment_intents.search({"query": "status:'succeeded'"}).data == []


def test_instalments_are_offered_and_kept(sdk: StripeClient, pay: Pay) -> None:
    plan = {"count": 3, "interval": "month", "type": "fixed_count"}
    options = {"card": {"installments": {"enabled": True, "plan": plan}}}
    intent = pay(payment_method_options=options, expand=["latest_charge"])
    offered = intent.payment_method_options.card.installments.available_plans
    assert [each.count for each in offered] == [3, 6, 9, 12]
    details = intent.latest_charge.payment_method_details.card
    assert details.installments.plan.count == 3
    plan["count"] = 7
    with pytest.raises(InvalidRequestError):
        pay(payment_method_options=options)


@pytest.mark.filterwarnings("ignore:Use 'content:DeprecationWarning")
async def test_async_client_works_too(url: str) -> None:
    """The SDK hands httpx its form as text, which httpx deprecates: hence the mark."""
    transport = HTTPXClient(timeout=10)
    sdk = StripeClient("sk_test_secret", base_addresses={"api": url}, http_client=transport)
    customer = await sdk.v1.customers.create_async({"email": "ana@example.com"})
    assert (await sdk.v1.customers.retrieve_async(customer.id)).email == "ana@example.com"
    await transport.close_async()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
