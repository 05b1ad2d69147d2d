"""HTTP calls by which a renter changes a rental."""

from datetime import UTC, datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from rent_process.changes import service
from rent_process.reading import service as reading
from rent_process.requests import caller_of, idempotency_key_of, reference_of
from shared.contracts.changes import CancellationRequest, ModificationRequest
from shared.http import answer, read_body, read_json


async def get_cancellation(request: Request) -> Response:
    reference = reference_of(request)
    await reading.read_rental(reference, caller_of(request))
    return answer(await service.preview_cancellation(reference, datetime.now(UTC)))


async def post_cancellation(request: Request) -> Response:
    reference, caller = reference_of(request), caller_of(request)
    await reading.read_rental(reference, caller)
    wanted = CancellationRequest()
    if await read_body(request):
        wanted = await read_json(request, CancellationRequest)
    cancelled = await service.cancel(reference, wanted.reason, caller.actor, datetime.now(UTC))
    return answer(cancelled, HTTPStatus.ACCEPTED)


async def post_modification(request: Request) -> Response:
    reference, caller = reference_of(request), caller_of(request)
    await reading.read_rental(reference, caller)
    key = idempotency_key_of(request)
    wanted = await read_json(request, ModificationRequest)
    modified, again = await service.modify(
        reference, wanted, key, caller.actor, datetime.now(UTC), caller
    )
    headers = {"Idempotent-Replayed": "true"} if again else None
    return answer(modified, HTTPStatus.ACCEPTED, headers)


ROUTES = (
    ("GET", "/rentals/{reference}/cancellation", get_cancellation),
    ("POST", "/rentals/{reference}/cancellation", post_cancellation),
    ("POST", "/rentals/{reference}/modification", post_modification),
)
