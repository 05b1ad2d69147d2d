"""HTTP calls of a signed-in renter about themselves."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from rent_process.account import service
from rent_process.requests import caller_of
from shared.contracts.account import PageQuery
from shared.http import answer, read_query

PRIVATE = {"Cache-Control": "no-store"}


async def get_rentals(request: Request) -> Response:
    subject = service.subject_of(caller_of(request))
    page = read_query(request, PageQuery)
    return answer(await service.list_rentals(subject, page), headers=PRIVATE)


async def get_data(request: Request) -> Response:
    subject = service.subject_of(caller_of(request))
    return answer(await service.export(subject, datetime.now(UTC)), headers=PRIVATE)


async def delete_me(request: Request) -> Response:
    subject = service.subject_of(caller_of(request))
    return answer(await service.erase(subject, datetime.now(UTC)), headers=PRIVATE)


ROUTES = (
    ("GET", "/me/rentals", get_rentals),
    ("GET", "/me/data", get_data),
    ("DELETE", "/me", delete_me),
)
