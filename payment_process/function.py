"""When PaymentProcess runs: its queue, its poison queue, Stripe's webhooks, each minute."""

from collections.abc import Awaitable, Iterator
from datetime import UTC, datetime

import azure.functions as func

from payment_process import service
from payment_process.deposits import service as deposits
from payment_process.disputing import service as disputing
from payment_process.keeping import service as keeping
from payment_process.limits import service as limits
from payment_process.reconciling import service as reconciling
from payment_process.refunding import service as refunding
from payment_process.stripe_gateway import StripeGateway
from payment_process.unmatched import service as unmatched
from payment_process.webhooks import asgi_app
from shared import dead_letters, outbox
from shared.asgi import serve
from shared.contracts.messages import (
    PAYMENT_REQUEST,
    PAYMENT_REQUESTS,
    PaymentCancelRequestedV1,
    PaymentCaptureRequestedV1,
    PaymentMessage,
    PaymentMethodForgetRequestedV1,
    PaymentRequest,
    PaymentRequestedV1,
    RefundRequestedV1,
)
from shared.features import Flag, is_enabled
from shared.sweeping import run_all
from shared.telemetry import operation

__all__ = ["asgi_app", "blueprint"]

blueprint = func.Blueprint()
POISON = f"{PAYMENT_REQUESTS}-poison"


def _now() -> datetime:
    return datetime.now(UTC)


@blueprint.function_name("PaymentProcess")
@blueprint.queue_trigger("message", PAYMENT_REQUESTS, "RentalQueue")
async def payment_process(message: func.QueueMessage) -> None:
    """Whatever is raised brings the message back, and after five times to the poison queue."""
    await take(message.get_body(), message.dequeue_count or 1)


async def take(body: bytes, dequeue_count: int) -> None:
    request = PAYMENT_REQUEST.validate_json(body)
    with operation(
        "PaymentProcess",
        traceparent=request.traceparent,
        rental_id=str(request.rental_id),
        message_type=request.type,
        purpose=_purpose_of(request),
        dequeue_count=dequeue_count,
    ):
        await handle(request)


def _purpose_of(request: PaymentRequest) -> str:
    return request.purpose.value if isinstance(request, PaymentMessage) else ""


async def handle(request: PaymentRequest) -> None:
    vendor = StripeGateway()
    match request:
        case PaymentRequestedV1() if not await is_enabled(Flag.PAYMENTS):
            await service.refuse_payment(request, "payments_off")
        case PaymentRequestedV1():
            await service.request_payment(request, vendor, _now)
        case PaymentCancelRequestedV1():
            await service.cancel_payment(request, vendor, _now)
        case PaymentCaptureRequestedV1():
            await deposits.capture_payment(request, vendor, _now)
        case PaymentMethodForgetRequestedV1():
            await keeping.forget(request, vendor)
        case RefundRequestedV1():
            await refunding.refund_payment(request, vendor)


@blueprint.function_name("PaymentProcessPoison")
@blueprint.queue_trigger("message", POISON, "RentalQueue")
async def payment_process_poison(message: func.QueueMessage) -> None:
    """Keep what could not be handled, where an operator can see, replay and discard it."""
    with operation("PaymentProcessPoison", queue=PAYMENT_REQUESTS):
        await dead_letters.store("payment", PAYMENT_REQUESTS, message)


@blueprint.function_name("PaymentWebhook")
@blueprint.route("internal/payment/{*path}", methods=["POST"], auth_level=func.AuthLevel.FUNCTION)
async def payment_webhook(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    return await serve(asgi_app, req, context)


@blueprint.function_name("PaymentProcessTimer")
@blueprint.timer_trigger("timer", "15 * * * * *")
async def payment_process_timer(timer: func.TimerRequest) -> None:
    """Send what nobody sent, settle what nobody settled."""
    with operation("PaymentProcessTimer", timer="past due" if timer.past_due else "on time"):
        await run_all(_steps_at(_now()))


def _steps_at(now: datetime) -> Iterator[Awaitable[object]]:
    """What is due at this minute."""
    vendor = StripeGateway()
    yield outbox.sweep("payment")
    yield limits.forget_tries(now)
    yield service.forget_events(now)
    yield dead_letters.forget_resolved("payment", now)
    yield service.resolve_unsettled(vendor, _now)
    yield deposits.resolve(vendor, _now)
    yield refunding.resolve_unsettled(vendor)
    yield reconciling.compare_with_vendor(vendor)
    yield unmatched.look_around(vendor, now)
    if now.minute == disputing.HOURLY_AT_MINUTE:
        yield disputing.look_around(vendor, now)
