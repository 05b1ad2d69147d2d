"""Its calls over HTTP, and whom they let act on a rental."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from rent_process.handover import service
from rent_process.reading import service as reading
from rent_process.requests import operator_of, reference_of
from shared.contracts.caller import Caller
from shared.contracts.handover import CheckOutRequest, ExchangeRequest
from shared.errors import Rejected
from shared.http import answer, read_json

RENTAL = "/operator/rentals/{reference}"


async def at_their_branch(request: Request) -> tuple[Caller, str]:
    """Let an operator of some branches act on rentals of those, and on no other of their own.

    Raises:
        Rejected: ``unauthenticated``, ``forbidden``, ``not_found``.
    """
    caller, reference = operator_of(request), reference_of(request)
    rental = await reading.read_rental(reference, caller)
    if not caller.serves(rental.pickup.branch, rental.return_.branch):
        raise Rejected("not_found", "there is no such rental")
    return caller, reference


async def get_vehicle_suggestion(request: Request) -> Response:
    _, reference = await at_their_branch(request)
    return answer(await service.suggest_vehicle(reference, datetime.now(UTC)))


async def post_check_out(request: Request) -> Response:
    caller, reference = await at_their_branch(request)
    wanted = await read_json(request, CheckOutRequest)
    return answer(await service.check_out(reference, wanted, caller, datetime.now(UTC)))


async def post_exchange(request: Request) -> Response:
    caller, reference = await at_their_branch(request)
    wanted = await read_json(request, ExchangeRequest)
    return answer(await service.exchange(reference, wanted, caller, datetime.now(UTC)))


ROUTES = (
    ("GET", f"{RENTAL}/check-out", get_vehicle_suggestion),
    ("POST", f"{RENTAL}/check-out", post_check_out),
    ("POST", f"{RENTAL}/exchange", post_exchange),
)
