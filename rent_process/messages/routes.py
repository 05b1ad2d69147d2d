"""Its calls over HTTP."""

from datetime import UTC, datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from rent_process.messages import service
from rent_process.reading.access import check_branch, check_renter
from rent_process.reading.service import read_rental
from rent_process.requests import caller_of, operator_of, reference_of
from shared.contracts.caller import Caller
from shared.contracts.rental_messages import NewMessage, WaitingQuery
from shared.http import answer, read_json, read_query

PRIVATE = {"Cache-Control": "no-store"}


async def get_messages(request: Request) -> Response:
    reference = reference_of(request)
    await read_rental(reference, caller_of(request))
    return answer(await service.read_thread(reference), headers=PRIVATE)


async def post_message(request: Request) -> Response:
    reference = reference_of(request)
    await check_renter(reference, caller_of(request))
    written = await read_json(request, NewMessage)
    message = await service.ask(reference, written.text, datetime.now(UTC))
    return answer(message, HTTPStatus.CREATED)


async def get_waiting(request: Request) -> Response:
    caller = operator_of(request)
    return answer(await service.list_waiting(read_query(request, WaitingQuery), caller))


async def post_answer(request: Request) -> Response:
    caller, reference = await _at_their_branch(request)
    written = await read_json(request, NewMessage)
    message = await service.reply(reference, written.text, caller, datetime.now(UTC))
    return answer(message, HTTPStatus.CREATED)


async def post_settled(request: Request) -> Response:
    caller, reference = await _at_their_branch(request)
    return answer(await service.settle(reference, caller))


async def _at_their_branch(request: Request) -> tuple[Caller, str]:
    caller, reference = operator_of(request), reference_of(request)
    await check_branch(reference, caller)
    return caller, reference


_THREAD = "/rentals/{reference}/messages"
ROUTES = (
    ("GET", _THREAD, get_messages),
    ("POST", _THREAD, post_message),
    ("GET", "/operator/messages", get_waiting),
    ("POST", f"/operator{_THREAD}", post_answer),
    ("POST", f"/operator{_THREAD}/settled", post_settled),
)
