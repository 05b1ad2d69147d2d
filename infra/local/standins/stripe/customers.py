"""Customers, who keep payment methods for later."""

from infra.local.standins.stripe import payment_methods, shapes
from infra.local.standins.stripe.errors import Json, no_such
from infra.local.standins.stripe.ledger import merge_metadata
from infra.local.standins.stripe.money import check_email
from infra.local.standins.stripe.vendor import Stripe

PLAIN = ("balance", "description", "email", "name", "phone", "preferred_locales")


def create(stripe: Stripe, params: Json) -> Json:
    check_email(params.get("email"), "email")
    customer = shapes.customer()
    _apply(stripe, customer, params)
    stripe.ledger.customers[customer["id"]] = customer
    if "payment_method" in params:
        method = payment_methods.attach(
            stripe, {"customer": customer["id"]}, params["payment_method"]
        )
        customer["invoice_settings"]["default_payment_method"] = method["id"]
    stripe.emit("customer.created", customer)
    return customer


def _apply(stripe: Stripe, customer: Json, params: Json) -> None:
    for name in PLAIN:
        customer[name] = params.get(name, customer[name])
    for name in ("address", "shipping"):
        if name in params:
            customer[name] = _located(params[name]) if name == "shipping" else params[name]
    if customer["address"] is not None:
        customer["address"] = shapes.address(customer["address"])
    customer["tax_exempt"] = params.get("tax_exempt", customer["tax_exempt"]) or "none"
    customer["metadata"] = merge_metadata(customer["metadata"], params.get("metadata", {}))
    settings = params.get("invoice_settings", {})
    if "default_payment_method" in settings:
        stripe.ledger.method(settings["default_payment_method"])
    customer["invoice_settings"] = {**customer["invoice_settings"], **settings}


def _located(shipping: Json) -> Json:
    unset = shapes.unset("carrier", "phone", "tracking_number")
    return {**unset, **shipping, "address": shapes.address(shipping["address"])}


def retrieve(stripe: Stripe, _params: Json, name: str) -> Json:
    if name in stripe.ledger.deleted_customers:
        return {"id": name, "object": "customer", "deleted": True}
    return stripe.ledger.customer(name, in_path=True)


def update(stripe: Stripe, params: Json, name: str) -> Json:
    customer = stripe.ledger.customer(name, in_path=True)
    check_email(params.get("email"), "email")
    _apply(stripe, customer, params)
    stripe.emit("customer.updated", customer)
    return customer


def delete(stripe: Stripe, _params: Json, name: str) -> Json:
    customer = stripe.ledger.customer(name, in_path=True)
    for method in stripe.ledger.methods.values():
        if method["customer"] == name:
            method["customer"] = None
            stripe.ledger.used_up.add(method["id"])
    del stripe.ledger.customers[name]
    stripe.ledger.deleted_customers.add(name)
    stripe.emit("customer.deleted", customer)
    return retrieve(stripe, {}, name)


def retrieve_method(stripe: Stripe, _params: Json, customer: str, name: str) -> Json:
    stripe.ledger.customer(customer, in_path=True)
    method = stripe.ledger.methods.get(name)
    if method is None or method["customer"] != customer:
        raise no_such("PaymentMethod", name, "payment_method", in_path=True)
    return method
