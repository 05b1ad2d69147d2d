"""Its call over HTTP."""

from starlette.requests import Request
from starlette.responses import Response

from rent_process.disputes import service
from rent_process.requests import operator_of
from shared.contracts.disputes import DisputesQuery
from shared.http import answer, read_query


async def get_disputes(request: Request) -> Response:
    caller = operator_of(request)
    return answer(await service.list_disputes(read_query(request, DisputesQuery), caller))


ROUTES = (("GET", "/operator/disputes", get_disputes),)
