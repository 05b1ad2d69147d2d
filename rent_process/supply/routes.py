"""Its calls over HTTP."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from rent_process.requests import operator_of
from rent_process.supply import calendar, overbooking
from shared.contracts.fleet import CalendarQuery, OverbookingRequest
from shared.http import answer, read_json, read_query


async def get_calendar(request: Request) -> Response:
    caller = operator_of(request)
    query = read_query(request, CalendarQuery)
    return answer(await calendar.read_calendar(query, caller, datetime.now(UTC)))


async def put_overbooking(request: Request) -> Response:
    caller = operator_of(request)
    wanted = await read_json(request, OverbookingRequest)
    return answer(await overbooking.change_overbooking(wanted, caller, datetime.now(UTC)))


ROUTES = (
    ("GET", "/operator/calendar", get_calendar),
    ("PUT", "/operator/overbooking", put_overbooking),
)
