"""Every operation of the API that the stand-in knows: its path, parameters and handler."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from infra.local.standins.stripe import accepted as takes
from infra.local.standins.stripe import (
    charges,
    customers,
    disputes,
    intents,
    lists,
    payment_methods,
    refunds,
)
from infra.local.standins.stripe.errors import Json, no_such
from infra.local.standins.stripe.form import Schema
from infra.local.standins.stripe.vendor import Stripe

Handler = Callable[..., Json]


@dataclass(frozen=True)
class Endpoint:
    """``kind`` is the object that comes back; ``publishable``: a browser's key may call it."""

    method: str
    path: str
    kind: str
    schema: Schema
    handler: Handler
    publishable: bool = False
    listed: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.path.replace("*", "([^/]+)"))


def _all(collection: str, **filters: str) -> Handler:
    """A list of a whole collection; ``filters`` map a parameter to the field it must equal."""

    def handler(stripe: Stripe, params: Json, *_names: str) -> Json:
        found: Iterable[Json] = getattr(stripe.ledger, collection).values()
        for param, attribute in filters.items():
            if param in params:
                wanted = params[param]
                found = [item for item in found if item[attribute] == wanted]
        return lists.page(found, params, stripe.context["path"])

    return handler


def _search(collection: str) -> Handler:
    def handler(stripe: Stripe, params: Json) -> Json:
        found = getattr(stripe.ledger, collection).values()
        return lists.search(stripe, found, params, stripe.context["path"])

    return handler


def _one(collection: str, kind: str) -> Handler:
    def handler(stripe: Stripe, _params: Json, name: str) -> Json:
        found: Json | None = getattr(stripe.ledger, collection).get(name)
        if found is None:
            raise no_such(kind, name, "id", in_path=True)
        return found

    return handler


def _events(stripe: Stripe, params: Json) -> Json:
    kinds = params.get("types") or [params["type"]] if {"type", "types"} & {*params} else None
    found = stripe.ledger.events.values()
    return lists.page(
        [event for event in found if kinds is None or _named(event["type"], kinds)],
        params,
        stripe.context["path"],
    )


def _named(kind: str, wanted: list[str]) -> bool:
    """``charge.*`` stands for all of them."""
    return any(re.fullmatch(re.escape(name).replace(r"\*", ".*"), kind) for name in wanted)


def _methods_of(stripe: Stripe, params: Json, customer: str) -> Json:
    stripe.ledger.customer(customer, in_path=True)
    found = [each for each in stripe.ledger.methods.values() if each["customer"] == customer]
    found = [each for each in found if params.get("type") in (None, each["type"])]
    return lists.page(found, params, stripe.context["path"])


def _get(path: str, kind: str, handler: Handler, **more: Any) -> Endpoint:
    return Endpoint("GET", path, kind, more.pop("schema", takes.EXPAND), handler, **more)


def _post(path: str, kind: str, schema: Schema, handler: Handler, **more: Any) -> Endpoint:
    return Endpoint("POST", path, kind, schema, handler, **more)


def _list(path: str, kind: str, handler: Handler, **params: Any) -> Endpoint:
    return Endpoint("GET", path, kind, {**takes.DATED, **params}, handler, listed=True)


OF_CUSTOMER = {**takes.PAGE, "type": takes.TYPES}
READ_INTENT = {**takes.EXPAND, "client_secret": "str"}
PI, PM, CUS = "/v1/payment_intents", "/v1/payment_methods", "/v1/customers"
INTENT, METHOD, CUSTOMER = "payment_intent", "payment_method", "customer"

ENDPOINTS = (
    _post(PI, INTENT, takes.INTENT_CREATE, intents.create),
    _list(PI, INTENT, _all("intents", customer="customer"), customer="str"),
    _get(f"{PI}/search", INTENT, _search("intents"), schema=takes.SEARCH, listed=True),
    _get(f"{PI}/*", INTENT, intents.retrieve, schema=READ_INTENT, publishable=True),
    _post(f"{PI}/*", INTENT, takes.INTENT_UPDATE, intents.update),
    _post(f"{PI}/*/confirm", INTENT, takes.INTENT_CONFIRM, intents.confirm, publishable=True),
    _post(f"{PI}/*/capture", INTENT, takes.INTENT_CAPTURE, intents.capture),
    _post(f"{PI}/*/cancel", INTENT, takes.INTENT_CANCEL, intents.cancel),
    _post(PM, METHOD, takes.METHOD_CREATE, payment_methods.create, publishable=True),
    _get(f"{PM}/*", METHOD, payment_methods.retrieve),
    _post(f"{PM}/*", METHOD, takes.METHOD_UPDATE, payment_methods.update),
    _post(f"{PM}/*/attach", METHOD, {**takes.EXPAND, "customer": "str"}, payment_methods.attach),
    _post(f"{PM}/*/detach", METHOD, takes.EXPAND, payment_methods.detach),
    _post(CUS, CUSTOMER, takes.CUSTOMER_CREATE, customers.create),
    _list(CUS, CUSTOMER, _all("customers", email="email"), email="str"),
    _get(f"{CUS}/search", CUSTOMER, _search("customers"), schema=takes.SEARCH, listed=True),
    _get(f"{CUS}/*", CUSTOMER, customers.retrieve),
    _post(f"{CUS}/*", CUSTOMER, takes.CUSTOMER, customers.update),
    Endpoint("DELETE", f"{CUS}/*", CUSTOMER, {}, customers.delete),
    _get(f"{CUS}/*/payment_methods", METHOD, _methods_of, schema=OF_CUSTOMER, listed=True),
    _get(f"{CUS}/*/payment_methods/*", METHOD, customers.retrieve_method),
    _list(
        "/v1/charges",
        "charge",
        _all("charges", customer="customer", payment_intent="payment_intent"),
        customer="str",
        payment_intent="str",
    ),
    _get("/v1/charges/search", "charge", _search("charges"), schema=takes.SEARCH, listed=True),
    _get("/v1/charges/*", "charge", charges.retrieve),
    _post("/v1/charges/*", "charge", takes.CHARGE_UPDATE, charges.update),
    _post("/v1/refunds", "refund", takes.REFUND_CREATE, refunds.create),
    _list(
        "/v1/refunds",
        "refund",
        _all("refunds", charge="charge", payment_intent="payment_intent"),
        charge="str",
        payment_intent="str",
    ),
    _get("/v1/refunds/*", "refund", refunds.retrieve),
    _post("/v1/refunds/*", "refund", takes.REFUND_UPDATE, refunds.update),
    _post("/v1/refunds/*/cancel", "refund", takes.EXPAND, refunds.cancel),
    _list(
        "/v1/disputes",
        "dispute",
        _all("disputes", charge="charge", payment_intent="payment_intent"),
        charge="str",
        payment_intent="str",
    ),
    _get("/v1/disputes/*", "dispute", disputes.retrieve),
    _post("/v1/disputes/*", "dispute", takes.DISPUTE_UPDATE, disputes.update),
    _post("/v1/disputes/*/close", "dispute", takes.EXPAND, disputes.close),
    _get(
        "/v1/balance_transactions/*",
        "balance_transaction",
        _one("transactions", "balance transaction"),
    ),
    _list("/v1/events", "event", _events, type="str", types=["str"]),
    _get("/v1/events/*", "event", _one("events", "event")),
)


def find(method: str, path: str) -> tuple[Endpoint, tuple[str, ...]] | None:
    """The operation and the ids in its path; ``search`` comes before ``*`` above."""
    for endpoint in ENDPOINTS:
        if endpoint.method == method:
            match = endpoint.pattern.fullmatch(path)
            if match:
                return endpoint, match.groups()
    return None
