"""When it runs: each message on ``email-requests``, each that has become poison, each minute."""

from datetime import UTC, datetime

import azure.functions as func

from email_notification import service
from shared import dead_letters, outbox
from shared.contracts.messages import EMAIL_REQUEST, EMAIL_REQUESTS
from shared.sweeping import run_all
from shared.telemetry import operation

blueprint = func.Blueprint()


@blueprint.function_name("EmailNotification")
@blueprint.queue_trigger(arg_name="message", queue_name=EMAIL_REQUESTS, connection="RentalQueue")
async def email_notification(message: func.QueueMessage) -> None:
    """Send one e-mail. What raises comes again, and is poison in the end."""
    request = EMAIL_REQUEST.validate_json(message.get_body())
    with operation(
        "EmailNotification",
        traceparent=request.traceparent,
        rental_id=request.rental_id,
        message_id=request.message_id,
        queue=EMAIL_REQUESTS,
        dequeue_count=message.dequeue_count,
    ) as span:
        outcome = await service.notify(request)
        span.set(outcome=outcome)


@blueprint.function_name("EmailNotificationPoison")
@blueprint.queue_trigger(
    arg_name="message", queue_name=f"{EMAIL_REQUESTS}-poison", connection="RentalQueue"
)
async def email_notification_poison(message: func.QueueMessage) -> None:
    """Keep what could not be handled, where an operator can see, replay and discard it."""
    with operation("EmailNotificationPoison", queue=EMAIL_REQUESTS):
        await dead_letters.store("email", EMAIL_REQUESTS, message)


@blueprint.function_name("EmailNotificationTimer")
@blueprint.timer_trigger("timer", "30 * * * * *")
async def email_notification_timer(timer: func.TimerRequest) -> None:
    """Send what was replayed; forget what was resolved long ago."""
    with operation("EmailNotificationTimer", timer="past due" if timer.past_due else "on time"):
        await run_all(
            (outbox.sweep("email"), dead_letters.forget_resolved("email", datetime.now(UTC)))
        )
