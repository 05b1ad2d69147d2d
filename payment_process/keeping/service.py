"""Keep a card for a rental's later payments, use it, and forget it.

The vendor keeps it under a customer that is made once per rental and knows nothing of the renter.
Its id is committed with the intent's, before any money moves.
"""

from dataclasses import replace
from typing import Protocol

from payment_process.changes import Cause, ask_under_key
from payment_process.domain import Payment
from payment_process.keeping import repository
from shared.contracts.messages import (
    PaymentMethod,
    PaymentMethodForgetRequestedV1,
    Purpose,
)
from shared.database import connect, transaction
from shared.errors import Unavailable


class KeepingVendor(Protocol):
    """What the service needs of the vendor. Both raise ``Unavailable``; a repeat is harmless."""

    async def create_customer(self, payment: Payment) -> str: ...
    async def delete_customer(self, customer_id: str) -> None: ...


async def choose(payment: Payment, vendor: KeepingVendor, cause: Cause) -> Payment | None:
    """The payment with its customer and its card; None: it needs the kept card, and none is."""
    away = payment.off_session and payment.payment_method_id is None
    if not away and (payment.intent_id is not None or not _is_kept(payment)):
        return payment
    kept = None
    if not _is_first(payment):
        async with connect("payment") as connection:
            kept = await repository.find_kept(connection, payment.rental_id)
    if away:
        if kept is None or kept.method_id is None:
            return None
        return replace(payment, customer_id=kept.customer_id, payment_method_id=kept.method_id)
    if kept is not None:
        return replace(payment, customer_id=kept.customer_id)
    made = await ask_under_key(payment, vendor.create_customer, cause)
    return replace(payment, customer_id=made)


def _is_kept(payment: Payment) -> bool:
    return payment.save_method and payment.method is PaymentMethod.CARD


def _is_first(payment: Payment) -> bool:
    """The booking's own payment: nothing can have been kept before it."""
    return payment.purpose is Purpose.PREPAY and payment.sequence == 1


async def forget(message: PaymentMethodForgetRequestedV1, vendor: KeepingVendor) -> None:
    """Delete what the vendor keeps for a rental, then our names for it. Again is harmless.

    Raises:
        Unavailable: a payment by it is on its way, or the database or the vendor is down.
    """
    async with connect("payment") as connection:
        customers = await repository.list_kept(connection, message.rental_id)
    if any(customer.is_busy for customer in customers):
        raise Unavailable("a payment by the kept card is on its way")
    for customer in customers:
        await vendor.delete_customer(customer.customer_id)
    async with transaction("payment") as connection:
        await repository.forget(connection, message.rental_id)
