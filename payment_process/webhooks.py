"""Stripe's events over HTTP: verified, then handed to the service as hints to look."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from payment_process.refunding import service as refunding
from payment_process.service import receive_event
from payment_process.stripe_gateway import StripeGateway, verify_event
from shared.contracts.problems import STATUS_OF_CODE, ProblemDetails
from shared.errors import AppError, Rejected, Unavailable
from shared.telemetry import event as count
from shared.telemetry import operation

logger = logging.getLogger(__name__)

MAXIMUM_BYTES = 262_144  # ten times the largest event of the kinds below
INTENT_EVENTS = frozenset(
    {
        "payment_intent.amount_capturable_updated",
        "payment_intent.canceled",
        "payment_intent.payment_failed",
        "payment_intent.processing",
        "payment_intent.requires_action",
        "payment_intent.succeeded",
    }
)

REFUND_EVENTS = frozenset({"refund.created", "refund.failed", "refund.updated"})


async def receive(request: Request) -> Response:
    """2xx says that the event need not come again, also when it is none of our business."""
    payload = await _read_limited(request)
    try:
        event = await verify_event(payload, request.headers.get("stripe-signature"))
    except (json.JSONDecodeError, ValueError) as error:
        raise Rejected("malformed_json", "The event is not JSON.") from error
    if event is None:
        raise Rejected("invalid_signature", "The signature is missing, wrong or too old.")
    await _take(event)
    return JSONResponse({"received": True})


async def _take(event: Mapping[str, Any]) -> None:
    if event["type"] not in INTENT_EVENTS | REFUND_EVENTS:
        return
    subject = event["data"]["object"]
    metadata = subject.get("metadata") or {}
    with operation("PaymentWebhook", traceparent=metadata.get("traceparent") or None) as span:
        if "rental_id" in metadata:
            span.set(rental_id=metadata["rental_id"])
        count("webhook_received", {"event_type": event["type"]})
        await _hand_over(event, subject, metadata)


async def _hand_over(
    event: Mapping[str, Any], subject: Mapping[str, Any], metadata: Mapping[str, Any]
) -> None:
    vendor = StripeGateway()
    if event["type"] in INTENT_EVENTS:
        await receive_event(event["id"], event["type"], subject["id"], vendor)
        return
    number = str(metadata.get("refund_number") or "")
    if number.isdecimal() and subject.get("payment_intent"):
        # A refund without our number was made by hand at the vendor.
        seen = (event["id"], event["type"])
        await refunding.receive_event(seen, subject["payment_intent"], int(number), vendor)


async def _read_limited(request: Request) -> bytes:
    payload = bytearray()
    async for chunk in request.stream():
        payload += chunk
        if len(payload) > MAXIMUM_BYTES:
            raise Rejected("payload_too_large", f"More than {MAXIMUM_BYTES} bytes.")
    return bytes(payload)


async def _on_app_error(_request: Request, error: Exception) -> Response:
    if not isinstance(error, AppError):
        raise error
    headers = {}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(error.retry_after_seconds)
    return _problem(error.code, error.detail, headers)


async def _on_not_found(_request: Request, _error: Exception) -> Response:
    return _problem("not_found", "There is nothing here.", {})


async def _on_defect(_request: Request, _error: Exception) -> Response:
    return _problem("internal_error", "This is our fault; it has been recorded.", {})


def _problem(code: str, detail: str, headers: dict[str, str]) -> Response:
    status = STATUS_OF_CODE[code]
    body = ProblemDetails(
        type="about:blank", title=code.replace("_", " "), status=status, detail=detail, code=code
    )
    return Response(
        body.model_dump_json(exclude_none=True),
        status,
        headers,
        media_type="application/problem+json",
    )


asgi_app = Starlette(
    routes=[Route("/internal/payment/webhooks/stripe", receive, methods=["POST"])],
    exception_handlers={
        AppError: _on_app_error,
        404: _on_not_found,
        405: _on_not_found,
        500: _on_defect,
    },
)
