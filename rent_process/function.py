"""When the rental runs: HTTP behind the BFF, payment answers, the clock."""

import asyncio
import logging
from collections.abc import Awaitable, Coroutine, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any

import azure.functions as func
from starlette.requests import Request
from starlette.responses import Response

from rent_process.account import routes as account
from rent_process.audit import routes as audit
from rent_process.booking import service as booking
from rent_process.changes import routes as changes
from rent_process.charging import routes as charging
from rent_process.counter import routes as counter
from rent_process.dead_letters import routes as dead_letters
from rent_process.disputes import routes as disputes
from rent_process.documents import routes as documents
from rent_process.documents.service import delete_due, make_documents
from rent_process.fleet import service as fleet
from rent_process.handover import routes as handover
from rent_process.limits import service as limits
from rent_process.messages import routes as messages
from rent_process.nightly import service as nightly
from rent_process.no_show import routes as no_show
from rent_process.overtime import routes as overtime
from rent_process.overtime.service import take_overdue
from rent_process.overview import routes as overview
from rent_process.photos import routes as photos
from rent_process.photos.service import delete_due_photos
from rent_process.pricing import service as pricing
from rent_process.promotions import routes as promotions
from rent_process.rates import routes as rates
from rent_process.reading import service as reading
from rent_process.reading.access import operator_of_branch
from rent_process.reconciliation import routes as reconciliation
from rent_process.reconciliation.service import reconcile
from rent_process.reminders import service as reminders
from rent_process.reports import routes as reports
from rent_process.requests import caller_of, idempotency_key_of, locale_of, reference_of
from rent_process.returns import routes as returns
from rent_process.reviews import routes as reviews
from rent_process.settlement import service as settlement
from rent_process.supply import routes as supply
from rent_process.supply.overbooking import align_overbooking
from rent_process.switches import routes as switches
from rent_process.upgrades import routes as upgrades
from rent_process.vehicles import routes as vehicles
from rent_process.vehicles.service import settle_moves
from shared import outbox, queues
from shared.asgi import App, serve
from shared.contracts.about import Readiness
from shared.contracts.manage_token import derive
from shared.contracts.messages import (
    DOCUMENT_REQUESTS,
    DOCUMENTS_REQUEST,
    PAYMENT_RESULT,
    PAYMENT_RESULTS,
)
from shared.contracts.renter import (
    Link,
    OffersQuery,
    PaymentChoice,
    Rental,
    RentalAccepted,
    RentalRequest,
    RentalStatus,
)
from shared.database import connect
from shared.dead_letters import forget_resolved, store
from shared.errors import Unavailable
from shared.http import answer, is_known, read_json, read_query
from shared.secrets import get_keys
from shared.sweeping import run_all
from shared.telemetry import operation

logger = logging.getLogger(__name__)
blueprint = func.Blueprint()

PREFIX = "/internal/rent"
READY_SECONDS = 3  # less than whoever looks from outside waits for an answer
RECONCILE_MINUTES = 10
REMIND_MINUTES = 5
NIGHT_AT = 3  # UTC hour: midnight in São Paulo
POLL_SECONDS = "1"  # while a payment moves, the page asks again after this


async def get_readiness(_request: Request) -> Response:
    states = await asyncio.gather(_state_of(_check_database()), _state_of(queues.check()))
    checks = dict(zip(("database", "queues"), states, strict=True))
    healthy = set(checks.values()) == {"ok"}
    readiness = Readiness.model_validate(
        {"status": "ok" if healthy else "unavailable", "checks": checks}
    )
    return answer(readiness, HTTPStatus.OK if healthy else HTTPStatus.SERVICE_UNAVAILABLE)


async def _state_of(check: Coroutine[Any, Any, None]) -> str:
    """Give up what hangs without waiting for its end: a query's end is its server's to tell."""
    task = asyncio.create_task(check)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    ended, _ = await asyncio.wait({task}, timeout=READY_SECONDS)
    if not ended:
        task.cancel()
        return "unavailable"
    try:
        task.result()
    except Unavailable:
        return "unavailable"
    return "ok"


async def get_branches(_request: Request) -> Response:
    return answer(await fleet.list_branches())


async def get_classes(request: Request) -> Response:
    return answer(await fleet.list_classes(locale_of(request)))


async def get_offers(request: Request) -> Response:
    query = read_query(request, OffersQuery)
    return answer(await pricing.search_offers(query, locale_of(request), datetime.now(UTC)))


async def post_rental(request: Request) -> Response:
    key = idempotency_key_of(request)
    rental_request = await read_json(request, RentalRequest)
    accepted = await booking.book(rental_request, key, caller_of(request), datetime.now(UTC))
    location = f"/api/rentals/{accepted.reference}"
    body = RentalAccepted(
        reference=accepted.reference,
        status=accepted.status,
        total=accepted.total,
        expires_at=accepted.expires_at,
        manage_token=derive((await get_keys("manage-token-key"))[0], accepted.reference),
        links={"self": Link(href=location), "payment": Link(href=f"{location}/payment")},
    )
    headers = {"Location": location}
    if accepted.replayed:
        headers["Idempotent-Replayed"] = "true"
    return answer(body, HTTPStatus.ACCEPTED, headers)


async def get_rental(request: Request) -> Response:
    locale = locale_of(request) if request.headers.get("accept-language") else None
    rental = await reading.read_rental(reference_of(request), caller_of(request), locale)
    response = answer(rental)
    etag = f'"{sha256(response.body).hexdigest()[:32]}"'
    if is_known(etag, request):
        response = Response(status_code=HTTPStatus.NOT_MODIFIED)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    if _is_moving(rental):
        response.headers["Retry-After"] = POLL_SECONDS
    return response


def _is_moving(rental: Rental) -> bool:
    """Whether it may change in a moment without anybody doing anything."""
    return (
        rental.status is RentalStatus.PENDING
        or any(paper.status == "pending" for paper in rental.documents)
        or (rental.due_payment is not None and rental.due_payment.open)
    )


async def post_payment(request: Request) -> Response:
    reference, caller, now = reference_of(request), caller_of(request), datetime.now(UTC)
    rental = await reading.read_rental(reference, caller)
    key = idempotency_key_of(request)
    choice = await read_json(request, PaymentChoice)
    tries = await limits.tries_of(rental.driver.email, caller, now)
    operator = operator_of_branch(rental, caller)
    retried, again = await settlement.retry_payment(
        reference, choice, key, tries, caller, now, operator
    )
    headers = {"Idempotent-Replayed": "true"} if again else None
    return answer(retried, HTTPStatus.ACCEPTED, headers)


asgi_app = App(
    (
        (method, PREFIX + path, handler)
        for method, path, handler in (
            ("GET", "/health/ready", get_readiness),
            ("GET", "/branches", get_branches),
            ("GET", "/classes", get_classes),
            ("GET", "/offers", get_offers),
            ("POST", "/rentals", post_rental),
            ("GET", "/rentals/{reference}", get_rental),
            ("POST", "/rentals/{reference}/payment", post_payment),
            *account.ROUTES,
            *changes.ROUTES,
            *documents.ROUTES,
            *photos.ROUTES,
            *reviews.ROUTES,
            *messages.ROUTES,
            # Operators' calls stand with their capability.
            *overview.ROUTES,
            *counter.ROUTES,
            *upgrades.ROUTES,
            *handover.ROUTES,
            *returns.ROUTES,
            *overtime.ROUTES,
            *no_show.ROUTES,
            *charging.ROUTES,
            *audit.ROUTES,
            *dead_letters.ROUTES,
            *disputes.ROUTES,
            *switches.ROUTES,
            *reconciliation.ROUTES,
            *vehicles.ROUTES,
            *supply.ROUTES,
            *rates.ROUTES,
            *promotions.ROUTES,
            *reports.ROUTES,
        )
    ),
    operation_name="RentProcess",
)


@blueprint.function_name("RentProcess")
@blueprint.route(route="internal/rent/{*path}", auth_level=func.AuthLevel.FUNCTION)
async def rent_process(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    return await serve(asgi_app, req, context)


@blueprint.function_name("RentProcessPaymentResults")
@blueprint.queue_trigger(arg_name="message", queue_name=PAYMENT_RESULTS, connection="RentalQueue")
async def rent_process_payment_results(message: func.QueueMessage) -> None:
    result = PAYMENT_RESULT.validate_json(message.get_body())
    rental_id = str(result.rental_id)
    with operation("PaymentResult", traceparent=result.traceparent, rental_id=rental_id):
        await settlement.handle_result(result, datetime.now(UTC))


@blueprint.function_name("RentProcessPaymentResultsPoison")
@blueprint.queue_trigger(
    arg_name="message", queue_name=f"{PAYMENT_RESULTS}-poison", connection="RentalQueue"
)
async def rent_process_payment_results_poison(message: func.QueueMessage) -> None:
    with operation("RentProcessPaymentResultsPoison", queue=PAYMENT_RESULTS):
        await store("rent", PAYMENT_RESULTS, message)


@blueprint.function_name("RentProcessDocuments")
@blueprint.queue_trigger(arg_name="message", queue_name=DOCUMENT_REQUESTS, connection="RentalQueue")
async def rent_process_documents(message: func.QueueMessage) -> None:
    request = DOCUMENTS_REQUEST.validate_json(message.get_body())
    rental_id = str(request.rental_id)
    with operation("Documents", traceparent=request.traceparent, rental_id=rental_id):
        await make_documents(request.rental_id, datetime.now(UTC))


@blueprint.function_name("RentProcessDocumentsPoison")
@blueprint.queue_trigger(
    arg_name="message", queue_name=f"{DOCUMENT_REQUESTS}-poison", connection="RentalQueue"
)
async def rent_process_documents_poison(message: func.QueueMessage) -> None:
    with operation("RentProcessDocumentsPoison", queue=DOCUMENT_REQUESTS):
        await store("rent", DOCUMENT_REQUESTS, message)


@blueprint.function_name("RentProcessTimer")
@blueprint.timer_trigger(arg_name="timer", schedule="0 * * * * *", run_on_startup=False)
async def rent_process_timer(timer: func.TimerRequest) -> None:
    now = datetime.now(UTC)
    if timer.past_due:
        logger.warning("the rental's timer is late")
    with operation("RentProcessTimer"):
        await run_all(_steps_at(now))


def _steps_at(now: datetime) -> Iterator[Awaitable[object]]:
    """What is due at this minute."""
    yield outbox.sweep("rent")
    yield settlement.expire_due(now)
    yield take_overdue(now)
    yield settle_moves(now)
    yield queues.measure()
    yield limits.forget_tries(now)
    yield forget_resolved("rent", now)
    yield delete_due(now)
    yield delete_due_photos(now)
    if now.minute % RECONCILE_MINUTES == 0:
        yield reconcile(now)
        yield align_overbooking(now)
    if now.minute % REMIND_MINUTES == 0:
        yield reminders.remind(now)
    if now.hour >= NIGHT_AT:
        yield nightly.work(now)


async def _check_database() -> None:
    async with connect("rent") as connection:
        await connection.execute("SELECT 1")
