"""Stripe: what is called, and its answers in our own words. ``stripe_transport`` sends."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from payment_process.disputing.domain import Dispute
from payment_process.domain import Intent, IntentStatus, Payment, VendorRefused
from payment_process.payer.domain import Payer
from payment_process.reconciling.domain import Seen
from payment_process.refunding.domain import Refund, RefundStatus, VendorRefund
from payment_process.stripe_answers import (
    dispute_from,
    given_back,
    intent_from,
    marked_from,
    refund_from,
)
from payment_process.stripe_requests import (
    cancel_options,
    capture_request,
    confirm_request,
    create_request,
    customer_request,
    refund_request,
)
from payment_process.stripe_transport import StripeTransport, close_stripe
from payment_process.unmatched.domain import MarkedIntent
from shared.secrets import get_keys
from shared.settings import get_settings

if TYPE_CHECKING:
    from stripe import CardError, InvalidRequestError
    from stripe.params import (
        CustomerCreateParams,
        DisputeListParams,
        PaymentIntentCancelParams,
        PaymentIntentCaptureParams,
        PaymentIntentConfirmParams,
        PaymentIntentCreateParams,
        PaymentIntentListParams,
        PaymentIntentRetrieveParams,
        RefundCreateParams,
        RefundListParams,
    )

__all__ = ["StripeGateway", "close_stripe", "is_signed"]


class StripeGateway(StripeTransport):
    """The service's ``Vendor`` over Stripe's API."""

    async def card_fingerprint(self, payment: Payment) -> str | None:
        """What Stripe calls a card's number by, the same under every name and payment method.

        None: it is no card, or not there; the confirmation says what is wrong with it.
        """
        import stripe as sdk  # noqa: PLC0415 -- import budget

        method_id = payment.payment_method_id or ""
        try:
            data = await self._send(
                "payment_methods.retrieve",
                lambda stripe: stripe.v1.payment_methods.retrieve_async(method_id),
            )
        except sdk.InvalidRequestError:
            return None
        return (data.get("card") or {}).get("fingerprint")

    async def create_intent(self, payment: Payment) -> Intent:
        """Make the payment's intent, unconfirmed. Repeating it gives the same one."""
        import stripe as sdk  # noqa: PLC0415 -- import budget

        params: PaymentIntentCreateParams = create_request(payment)
        try:
            answer = await self._post(
                "payment_intents.create",
                f"{payment.payment_id}:create",
                payment.spent_keys,
                lambda stripe, options: stripe.v1.payment_intents.create_async(params, options),
            )
        except sdk.InvalidRequestError as error:
            raise _refused(error) from error
        return intent_from(answer)

    async def confirm(self, payment: Payment, payer: Payer | None = None) -> Intent:
        """Try to take the money, once per attempt however often it is called.

        Raises:
            UnknownOutcome: it was sent, and its answer was lost or says nothing.
            Unavailable: it was not done.
        """
        import stripe as sdk  # noqa: PLC0415 -- import budget

        intent_id = _intent_id(payment)
        params: PaymentIntentConfirmParams = confirm_request(payment, get_settings(), payer)
        try:
            answer = await self._post(
                "payment_intents.confirm",
                f"{payment.payment_id}:{payment.attempt}",
                payment.spent_keys,
                lambda stripe, options: stripe.v1.payment_intents.confirm_async(
                    intent_id, params, options
                ),
                moves_money=True,
            )
            return intent_from(answer)
        except sdk.CardError as error:
            return _declined(intent_id, error)
        except sdk.InvalidRequestError as error:
            if error.code == "payment_intent_unexpected_state":
                return await self.retrieve(intent_id)
            if (error.param or "").startswith("payment_method"):
                return _unusable(intent_id)
            raise _refused(error) from error

    async def capture(self, payment: Payment) -> Intent:
        """Take what is authorised, once however often it is called.

        Raises:
            UnknownOutcome: it was sent, and its answer was lost or says nothing.
            Unavailable: it was not done.
        """
        import stripe as sdk  # noqa: PLC0415 -- import budget

        intent_id = _intent_id(payment)
        params: PaymentIntentCaptureParams = capture_request(payment)
        try:
            answer = await self._post(
                "payment_intents.capture",
                f"{payment.payment_id}:capture",
                payment.spent_keys,
                lambda stripe, options: stripe.v1.payment_intents.capture_async(
                    intent_id, params, options
                ),
                moves_money=True,
            )
        except sdk.InvalidRequestError as error:
            # Captured before, or let go by its bank: the intent says which.
            if error.code in {"payment_intent_unexpected_state", "charge_expired_for_capture"}:
                return await self.retrieve(intent_id)
            raise _refused(error) from error
        return intent_from(answer)

    async def create_customer(self, payment: Payment) -> str:
        """Whom a rental's card is kept under; one per rental, however often it is called."""
        params: CustomerCreateParams = customer_request(payment)
        answer = await self._post(
            "customers.create",
            f"{payment.rental_id}:customer",
            payment.spent_keys,
            lambda stripe, options: stripe.v1.customers.create_async(params, options),
        )
        return str(answer["id"])

    async def delete_customer(self, customer_id: str) -> None:
        """Delete a customer with all its cards; one that is gone stays so."""
        import stripe as sdk  # noqa: PLC0415 -- import budget

        try:
            await self._send(
                "customers.delete",
                lambda stripe: stripe.v1.customers.delete_async(customer_id),
            )
        except sdk.InvalidRequestError as error:
            if error.code != "resource_missing":
                raise _refused(error) from error

    async def retrieve(self, intent_id: str) -> Intent:
        """Read by id, the only way out of an unknown outcome."""
        params: PaymentIntentRetrieveParams = {"expand": ["latest_charge"]}
        return intent_from(
            await self._send(
                "payment_intents.retrieve",
                lambda stripe: stripe.v1.payment_intents.retrieve_async(intent_id, params),
            )
        )

    async def look_up(self, intent_id: str) -> Seen | None:
        """Read an intent with its charge, to compare; None: Stripe has no such intent."""
        import stripe as sdk  # noqa: PLC0415 -- import budget

        params: PaymentIntentRetrieveParams = {"expand": ["latest_charge"]}
        try:
            data = await self._send(
                "payment_intents.retrieve",
                lambda stripe: stripe.v1.payment_intents.retrieve_async(intent_id, params),
            )
        except sdk.InvalidRequestError as error:
            if error.code == "resource_missing":
                return None
            raise _refused(error) from error
        return Seen(intent_from(data), given_back(data.get("latest_charge") or {}))

    async def cancel(self, intent_id: str) -> Intent:
        """Make sure that the intent can never be paid; returns what it is when it is too late."""
        import stripe as sdk  # noqa: PLC0415 -- import budget

        # Canceling twice is harmless, and a derived idempotency key would replay a refusal for a
        # day after the state that caused it has gone.
        params: PaymentIntentCancelParams = cancel_options()
        try:
            answer = await self._send(
                "payment_intents.cancel",
                lambda stripe: stripe.v1.payment_intents.cancel_async(intent_id, params),
            )
            return intent_from(answer)
        except sdk.InvalidRequestError as error:
            if error.code == "payment_intent_unexpected_state":
                return await self.retrieve(intent_id)
            raise _refused(error) from error

    async def refund(self, payment: Payment, refund: Refund) -> VendorRefund:
        """Give money back, once per refund number however often it is called within a day."""
        import stripe as sdk  # noqa: PLC0415 -- import budget

        params: RefundCreateParams = refund_request(payment, refund)
        try:
            answer = await self._post(
                "refunds.create",
                f"{payment.payment_id}:refund:{refund.refund_number}",
                refund.spent_keys,
                lambda stripe, options: stripe.v1.refunds.create_async(params, options),
            )
        except sdk.InvalidRequestError as error:
            return VendorRefund(None, RefundStatus.FAILED, error.code or "refused")
        return refund_from(answer)

    async def find_refund(self, payment: Payment, refund: Refund) -> VendorRefund | None:
        """The vendor's refund of that number, read from its list, which is never behind."""
        params: RefundListParams = {"payment_intent": _intent_id(payment), "limit": 100}
        answer = await self._send(
            "refunds.list", lambda stripe: stripe.v1.refunds.list_async(params)
        )
        for found in answer["data"]:
            if (found.get("metadata") or {}).get("refund_number") == str(refund.refund_number):
                return refund_from(found)
        return None

    async def retrieve_dispute(self, dispute_id: str) -> Dispute | None:
        """Read by id: an event may be older than what is true now. None: not on our account."""
        import stripe as sdk  # noqa: PLC0415 -- import budget

        try:
            answer = await self._send(
                "disputes.retrieve", lambda stripe: stripe.v1.disputes.retrieve_async(dispute_id)
            )
        except sdk.InvalidRequestError as error:
            if error.code != "resource_missing":
                raise
            return None
        return dispute_from(answer)

    async def list_disputes(self, opened_after: datetime) -> list[str]:
        """Ids alone: one that cannot be read must not hide the others."""
        params: DisputeListParams = {"created": {"gt": int(opened_after.timestamp())}, "limit": 100}
        answer = await self._send(
            "disputes.list", lambda stripe: stripe.v1.disputes.list_async(params)
        )
        return [str(each["id"]) for each in answer["data"]]

    async def list_marked(self, after: datetime, until: datetime) -> list[MarkedIntent]:
        """Every intent of ours that was made in that time, page by page (whole seconds)."""
        params: PaymentIntentListParams = {
            "created": {"gt": int(after.timestamp()), "lte": int(until.timestamp())},
            "limit": 100,
        }
        found: list[Mapping[str, Any]] = []
        while True:
            page = await self._send(
                "payment_intents.list",
                lambda stripe: stripe.v1.payment_intents.list_async(params),
            )
            found += page["data"]
            if not page["has_more"]:
                return [marked for each in found if (marked := marked_from(each)) is not None]
            params["starting_after"] = page["data"][-1]["id"]


async def is_signed(payload: bytes, signature: str | None) -> bool:
    """Whether Stripe sent this webhook call, and lately: a recorded one is not taken again."""
    import stripe as sdk  # noqa: PLC0415 -- import budget

    if signature is None or not signature.isascii():  # which the SDK's comparison raises at
        return False
    tolerance = get_settings().stripe_webhook_tolerance_seconds
    for secret in await get_keys("stripe-webhook-secret"):
        try:
            sdk.WebhookSignature.verify_header(payload, signature, secret, tolerance)
        except (sdk.SignatureVerificationError, UnicodeDecodeError):
            continue
        return True
    return False


def _declined(intent_id: str, error: "CardError") -> Intent:
    body: Any = error.json_body
    fault = body["error"]
    code = fault.get("decline_code") or fault.get("code") or "card_declined"
    if "payment_intent" not in fault:
        return replace(_unusable(intent_id), decline_code=code)
    return replace(intent_from(fault["payment_intent"]), decline_code=code)


def _unusable(intent_id: str) -> Intent:
    """The renter's payment method does not exist or does not fit: another one may."""
    return Intent(
        intent_id=intent_id,
        status=IntentStatus.REQUIRES_PAYMENT_METHOD,
        decline_code="invalid_payment_method",
    )


def _refused(error: "InvalidRequestError") -> VendorRefused:
    return VendorRefused(f"{error.http_status} {error.code} {error.param}")


def _intent_id(payment: Payment) -> str:
    if payment.intent_id is None:
        raise ValueError(f"payment {payment.payment_id} has no intent")
    return payment.intent_id
