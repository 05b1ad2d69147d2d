"""Its calls over HTTP."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from rent_process.handover.routes import RENTAL, at_their_branch
from rent_process.overtime import service
from rent_process.requests import operator_of
from shared.contracts.handover import ExtensionQuery, ExtensionRequest, OverdueQuery
from shared.http import answer, read_json, read_query


async def get_extension(request: Request) -> Response:
    _, reference = await at_their_branch(request)
    wanted = read_query(request, ExtensionQuery)
    now = datetime.now(UTC)
    return answer(await service.quote_extension(reference, wanted.return_at, now))


async def post_extension(request: Request) -> Response:
    caller, reference = await at_their_branch(request)
    wanted = await read_json(request, ExtensionRequest)
    return answer(await service.extend(reference, wanted, caller, datetime.now(UTC)))


async def get_overdue(request: Request) -> Response:
    caller = operator_of(request)
    query = read_query(request, OverdueQuery)
    return answer(await service.list_overdue(query, caller, datetime.now(UTC)))


ROUTES = (
    ("GET", "/operator/overdue", get_overdue),
    ("GET", f"{RENTAL}/extension", get_extension),
    ("POST", f"{RENTAL}/extension", post_extension),
)
