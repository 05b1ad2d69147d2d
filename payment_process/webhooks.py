"""Stripe's events over HTTP: verified, then handed to the services as hints to look."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from payment_process import service
from payment_process.disputing import service as disputing
from payment_process.refunding import service as refunding
from payment_process.stripe_gateway import StripeGateway, is_signed
from shared.asgi import App
from shared.errors import Rejected
from shared.http import answer, read_body
from shared.telemetry import event as count
from shared.telemetry import operation

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

DISPUTE_EVENTS = frozenset(
    {
        "charge.dispute.closed",
        "charge.dispute.created",
        "charge.dispute.funds_reinstated",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
    }
)


# It becomes a part of a URL and a row's key.
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,255}$")]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Subject(_Read):
    """The object that an event is about; only names are read from it, never its state."""

    id: Id
    payment_intent: str | None = None
    metadata: dict[str, str] | None = None


class Data(_Read):
    object: Subject


class Event(_Read):
    """Stripe's envelope. Events of kinds that are not handled may carry anything as ``data``."""

    id: Id
    type: str
    data: Any = None


class Received(_Read):
    received: bool = True


async def receive(request: Request) -> Response:
    """2xx says that the event need not come again, also when it is none of our business."""
    payload = await read_body(request)
    if not await is_signed(payload, request.headers.get("stripe-signature")):
        raise Rejected("invalid_signature", "the signature is missing, wrong or too old")
    try:
        event = Event.model_validate_json(payload)
        if event.type in INTENT_EVENTS | REFUND_EVENTS | DISPUTE_EVENTS:
            await _take(event, Data.model_validate(event.data).object)
    except ValidationError:
        raise Rejected("malformed_json", "the body is not an event of Stripe's") from None
    return answer(Received())


async def _take(event: Event, subject: Subject) -> None:
    metadata = subject.metadata or {}
    with operation("PaymentWebhook", traceparent=metadata.get("traceparent") or None) as span:
        if "rental_id" in metadata:
            span.set(rental_id=metadata["rental_id"])
        count("webhook_received", {"event_type": event.type})
        if event.type in INTENT_EVENTS:
            await service.receive_event(event.id, event.type, subject.id, StripeGateway())
        elif event.type in DISPUTE_EVENTS:
            await disputing.receive_event((event.id, event.type), subject.id, StripeGateway())
        else:
            await _take_refund(event, subject, metadata.get("refund_number", ""))


async def _take_refund(event: Event, subject: Subject, number: str) -> None:
    """A refund without our number was made by hand at the vendor: the reconciler's business."""
    if number.isdecimal() and subject.payment_intent is not None:
        await refunding.receive_event(
            (event.id, event.type), subject.payment_intent, int(number), StripeGateway()
        )


asgi_app = App([("POST", "/internal/payment/webhooks/stripe", receive)])
