"""Its call over HTTP."""

from starlette.requests import Request
from starlette.responses import Response

from rent_process.overview import service
from rent_process.requests import operator_of
from shared.contracts.operator import RentalsQuery
from shared.http import answer, read_query


async def get_rentals(request: Request) -> Response:
    caller = operator_of(request)
    return answer(await service.list_rentals(read_query(request, RentalsQuery), caller))


ROUTES = (("GET", "/operator/rentals", get_rentals),)
