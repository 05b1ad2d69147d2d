"""Its calls over HTTP."""

from datetime import UTC, datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from rent_process.changes import service as changes
from rent_process.handover.routes import RENTAL, at_their_branch
from rent_process.no_show import service
from shared.contracts.changes import CancellationRequest
from shared.contracts.handover import NoShowRequest
from shared.http import answer, read_body, read_json


async def post_no_show(request: Request) -> Response:
    caller, reference = await at_their_branch(request)
    wanted = NoShowRequest()
    if await read_body(request):
        wanted = await read_json(request, NoShowRequest)
    now = datetime.now(UTC)
    return answer(await service.record_no_show(reference, wanted.reason, caller, now))


async def post_cancellation(request: Request) -> Response:
    caller, reference = await at_their_branch(request)
    wanted = CancellationRequest()
    if await read_body(request):
        wanted = await read_json(request, CancellationRequest)
    now = datetime.now(UTC)
    cancelled = await changes.cancel(reference, wanted.reason, caller.actor, now, caller)
    return answer(cancelled, HTTPStatus.ACCEPTED)


ROUTES = (
    ("POST", f"{RENTAL}/no-show", post_no_show),
    ("POST", f"{RENTAL}/cancellation", post_cancellation),
)
