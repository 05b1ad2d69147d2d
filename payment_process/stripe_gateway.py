"""Stripe: the only module that imports its SDK. Its answers and errors become our own words."""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from payment_process.domain import Intent, IntentStatus, Payment, UnknownOutcome
from payment_process.reconciling.domain import Seen
from payment_process.refunding.domain import Refund, RefundStatus, VendorRefund
from payment_process.stripe_requests import (
    cancel_options,
    confirm_request,
    create_request,
    refund_request,
)
from shared.errors import Unavailable
from shared.secrets import get_keys, get_secret
from shared.settings import get_settings
from shared.telemetry import dependency

if TYPE_CHECKING:
    from stripe import (
        CardError,
        HTTPXClient,
        InvalidRequestError,
        RequestOptions,
        StripeClient,
        StripeError,
    )
    from stripe.params import (
        PaymentIntentCancelParams,
        PaymentIntentConfirmParams,
        PaymentIntentCreateParams,
        PaymentIntentRetrieveParams,
        RefundCreateParams,
        RefundListParams,
    )

_http_clients: "WeakKeyDictionary[asyncio.AbstractEventLoop, HTTPXClient]" = WeakKeyDictionary()


LAST_SPARE_KEY = 2
SERVER_ERROR = 500


class VendorRefused(RuntimeError):  # noqa: N818 -- the vendor's word for a defect of ours
    """Stripe calls our request wrong: a defect. Says what it names, never the values sent."""


class StripeGateway:
    """The service's ``Vendor`` over Stripe's API."""

    async def create_intent(self, payment: Payment) -> Intent:
        """Make the payment's intent, unconfirmed. Repeating it gives the same one."""
        params: PaymentIntentCreateParams = create_request(payment)
        answer = await self._post(
            "payment_intents.create",
            f"{payment.payment_id}:create",
            lambda stripe, options: stripe.v1.payment_intents.create_async(params, options),
        )
        return intent_from(answer)

    async def confirm(self, payment: Payment) -> Intent:
        """Try to take the money, once per attempt however often it is called.

        Raises:
            UnknownOutcome: it was sent, and its answer was lost or says nothing.
            Unavailable: it was not done.
        """
        import stripe as sdk  # noqa: PLC0415 -- import budget

        intent_id = _intent_id(payment)
        params: PaymentIntentConfirmParams = confirm_request(payment, get_settings())
        try:
            answer = await self._post(
                "payment_intents.confirm",
                f"{payment.payment_id}:{payment.attempt}",
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

    async def retrieve(self, intent_id: str) -> Intent:
        """Read by id, the only way out of an unknown outcome."""
        return intent_from(
            await self._send(
                "payment_intents.retrieve",
                lambda stripe: stripe.v1.payment_intents.retrieve_async(intent_id),
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
        charge = data.get("latest_charge") or {}
        return Seen(intent_from(data), charge.get("amount_refunded") or 0)

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

    async def _post(
        self,
        name: str,
        key: str,
        send: "Callable[[StripeClient, RequestOptions], Awaitable[Any]]",
        *,
        moves_money: bool = False,
    ) -> Mapping[str, Any]:
        """Send under an idempotency key.

        Stripe stores its own failures too and replays them for a day: such a key is used up, and
        the next one is tried. The order of keys is fixed, so a repeat meets the same answers; and
        an intent is paid once whatever the keys are.
        """
        for spare in range(LAST_SPARE_KEY + 1):
            options: RequestOptions = {"idempotency_key": f"{key}:{spare}" if spare else key}
            try:
                return await self._send(
                    name, functools.partial(_with, send, options), moves_money=moves_money
                )
            except (Unavailable, UnknownOutcome) as error:
                if spare == LAST_SPARE_KEY or not _is_replayed_failure(error.__cause__):
                    raise
        raise AssertionError("unreachable: the last key returns or raises")

    async def _send(
        self,
        name: str,
        send: "Callable[[StripeClient], Awaitable[Any]]",
        *,
        moves_money: bool = False,
    ) -> Mapping[str, Any]:
        import stripe as sdk  # noqa: PLC0415 -- import budget

        client = await _client()
        with dependency("stripe", name):
            try:
                answer = await send(client)
            except (sdk.CardError, sdk.InvalidRequestError):
                raise
            except sdk.StripeError as error:
                raise _translated(error, moves_money=moves_money) from error
        data: Mapping[str, Any] = answer.to_dict()
        return data


async def is_signed(payload: bytes, signature: str | None) -> bool:
    """Whether Stripe sent this webhook call, and lately: a recorded one is not taken again."""
    import stripe as sdk  # noqa: PLC0415 -- import budget

    tolerance = get_settings().stripe_webhook_tolerance_seconds
    for secret in await get_keys("stripe-webhook-secret"):
        try:
            sdk.WebhookSignature.verify_header(payload, signature, secret, tolerance)
        except (sdk.SignatureVerificationError, UnicodeDecodeError):
            continue
        return True
    return False


def intent_from(data: Mapping[str, Any]) -> Intent:
    """Read a PaymentIntent as Stripe's API sends it."""
    failure = data.get("last_payment_error") or {}
    return Intent(
        intent_id=data["id"],
        status=IntentStatus(data["status"]),
        received_minor=data.get("amount_received") or 0,
        client_secret=data.get("client_secret"),
        next_action=data.get("next_action"),
        decline_code=failure.get("decline_code") or failure.get("code"),
        capture_before=_capture_before(data),
    )


_REFUND_STATUS = {
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}


def refund_from(data: Mapping[str, Any]) -> VendorRefund:
    """Read a Refund as Stripe's API sends it; ``requires_action`` is on its way like pending."""
    status = _REFUND_STATUS.get(data["status"], RefundStatus.PENDING)
    return VendorRefund(data["id"], status, data.get("failure_reason"))


def _capture_before(data: Mapping[str, Any]) -> datetime | None:
    """Until when a card's authorisation holds; only an expanded charge tells."""
    charge = data.get("latest_charge")
    if not isinstance(charge, Mapping):
        return None
    card = (charge.get("payment_method_details") or {}).get("card") or {}
    seconds = card.get("capture_before")
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


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


def _with(
    send: "Callable[[StripeClient, RequestOptions], Awaitable[Any]]",
    options: "RequestOptions",
    client: "StripeClient",
) -> Awaitable[Any]:
    return send(client, options)


def _is_replayed_failure(cause: BaseException | None) -> bool:
    headers: Mapping[str, str] = getattr(cause, "headers", None) or {}
    status: int = getattr(cause, "http_status", None) or 0
    return status >= SERVER_ERROR and headers.get("idempotent-replayed") == "true"


def _translated(error: "StripeError", *, moves_money: bool) -> Exception:
    """Unknown only where the request may have reached Stripe and moves money."""
    import httpx  # noqa: PLC0415 -- import budget
    import stripe as sdk  # noqa: PLC0415 -- likewise

    not_done = isinstance(
        error.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
    ) or isinstance(error, sdk.RateLimitError | sdk.AuthenticationError | sdk.PermissionError)
    if moves_money and not not_done:
        return UnknownOutcome(f"stripe: {type(error).__name__} {error.http_status}")
    return Unavailable("the payment provider does not answer", retry_after_seconds=5)


def _intent_id(payment: Payment) -> str:
    if payment.intent_id is None:
        raise ValueError(f"payment {payment.payment_id} has no intent")
    return payment.intent_id


async def _client() -> "StripeClient":
    import stripe as sdk  # noqa: PLC0415 -- import budget

    settings = get_settings()
    return sdk.StripeClient(
        await get_secret("stripe-api-key"),
        base_addresses={"api": settings.stripe_api_base},
        http_client=_http_client(settings.stripe_timeout_seconds),
        # A confirmation's repeat must come after a look; the queue repeats all else.
        max_network_retries=0,
    )


def _http_client(timeout_seconds: float) -> "HTTPXClient":
    """Connections belong to their event loop and are kept alive for it."""
    import stripe as sdk  # noqa: PLC0415 -- import budget

    loop = asyncio.get_running_loop()
    if loop not in _http_clients:
        # At INFO it writes two lines a call; the dependency's span says as much.
        logging.getLogger("stripe").setLevel(logging.WARNING)
        _http_clients[loop] = sdk.HTTPXClient(timeout=timeout_seconds)
    return _http_clients[loop]


async def close_stripe() -> None:
    """Close this loop's connections: tests and short programs end cleanly with it."""
    client = _http_clients.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.close_async()  # type: ignore[no-untyped-call]  # the SDK's own gap
