"""Its call over HTTP."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from rent_process.handover.routes import RENTAL, at_their_branch
from rent_process.returns import service
from shared.contracts.handover import CheckInRequest
from shared.http import answer, read_json


async def post_check_in(request: Request) -> Response:
    caller, reference = await at_their_branch(request)
    wanted = await read_json(request, CheckInRequest)
    return answer(await service.check_in(reference, wanted, caller, datetime.now(UTC)))


ROUTES = (("POST", f"{RENTAL}/check-in", post_check_in),)
