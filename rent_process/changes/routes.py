"""HTTP calls by which a renter changes a rental."""

from datetime import UTC, datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from rent_process.changes import service
from rent_process.reading import service as reading
from rent_process.requests import caller_of, reference_of
from shared.contracts.changes import CancellationRequest
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


ROUTES = (
    ("GET", "/rentals/{reference}/cancellation", get_cancellation),
    ("POST", "/rentals/{reference}/cancellation", post_cancellation),
)
