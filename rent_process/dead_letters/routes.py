"""Its calls over HTTP."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from rent_process.dead_letters import service
from rent_process.requests import head_operator_of, uuid_of
from shared.contracts.operator import DeadLetterQuery, Discard
from shared.http import answer, read_json, read_query


async def get_poison_messages(request: Request) -> Response:
    head_operator_of(request)
    return answer(await service.list_dead_letters(read_query(request, DeadLetterQuery)))


async def post_replay(request: Request) -> Response:
    caller = head_operator_of(request)
    resolved = await service.resolve(uuid_of(request, "id"), "replayed", None, caller)
    return answer(resolved, HTTPStatus.ACCEPTED)


async def post_discard(request: Request) -> Response:
    caller = head_operator_of(request)
    discard = await read_json(request, Discard)
    return answer(
        await service.resolve(uuid_of(request, "id"), "discarded", discard.reason, caller)
    )


_ONE = "/operator/poison-messages/{id}"
ROUTES = (
    ("GET", "/operator/poison-messages", get_poison_messages),
    ("POST", f"{_ONE}/replay", post_replay),
    ("POST", f"{_ONE}/discard", post_discard),
)
