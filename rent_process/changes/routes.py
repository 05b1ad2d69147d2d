"""HTTP calls by which a renter changes a rental."""

from datetime import UTC, datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from rent_process.changes import offering, service
from rent_process.reading import service as reading
from rent_process.reading.access import operator_of_branch
from rent_process.requests import caller_of, idempotency_key_of, locale_of, reference_of
from shared.contracts.changes import CancellationRequest, ModificationQuery, ModificationRequest
from shared.http import answer, read_body, read_json, read_query


async def get_cancellation(request: Request) -> Response:
    reference, caller = reference_of(request), caller_of(request)
    operator = operator_of_branch(await reading.read_rental(reference, caller), caller)
    return answer(await service.preview_cancellation(reference, datetime.now(UTC), operator))


async def post_cancellation(request: Request) -> Response:
    reference, caller = reference_of(request), caller_of(request)
    operator = operator_of_branch(await reading.read_rental(reference, caller), caller)
    wanted = CancellationRequest()
    if await read_body(request):
        wanted = await read_json(request, CancellationRequest)
    now = datetime.now(UTC)
    cancelled = await service.cancel(reference, wanted.reason, caller.actor, now, operator)
    return answer(cancelled, HTTPStatus.ACCEPTED)


async def get_modification(request: Request) -> Response:
    reference = reference_of(request)
    await reading.read_rental(reference, caller_of(request))
    query = read_query(request, ModificationQuery)
    offers = await offering.search_change(reference, query, locale_of(request), datetime.now(UTC))
    return answer(offers)


async def post_modification(request: Request) -> Response:
    reference, caller = reference_of(request), caller_of(request)
    operator = operator_of_branch(await reading.read_rental(reference, caller), caller)
    key = idempotency_key_of(request)
    wanted = await read_json(request, ModificationRequest)
    now = datetime.now(UTC)
    modified, again = await service.modify(reference, wanted, key, caller, now, operator)
    headers = {"Idempotent-Replayed": "true"} if again else None
    return answer(modified, HTTPStatus.ACCEPTED, headers)


ROUTES = (
    ("GET", "/rentals/{reference}/cancellation", get_cancellation),
    ("POST", "/rentals/{reference}/cancellation", post_cancellation),
    ("GET", "/rentals/{reference}/modification", get_modification),
    ("POST", "/rentals/{reference}/modification", post_modification),
)
