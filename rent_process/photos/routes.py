"""Its calls over HTTP."""

from datetime import UTC, datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from rent_process.photos import service
from rent_process.reading.access import check_branch
from rent_process.requests import caller_of, operator_of, reference_of, uuid_of
from shared.contracts.caller import Caller
from shared.contracts.photos import KEPT_TYPE, MAXIMUM_PHOTO_BYTES, PhotoDiscard, PhotoQuery
from shared.http import answer, read_body, read_json, read_query

PRIVATE = {"Cache-Control": "no-store"}


async def get_photos(request: Request) -> Response:
    reference, caller = reference_of(request), caller_of(request)
    found = await service.list_photos(reference, caller, datetime.now(UTC))
    return answer(found, headers=PRIVATE)


async def get_photo(request: Request) -> Response:
    reference, caller = reference_of(request), caller_of(request)
    photo_id, known = uuid_of(request, "id"), request.headers.get("if-none-match", "")
    file = await service.read_photo(reference, photo_id, caller, known, datetime.now(UTC))
    headers = {
        "ETag": f'"{file.sha256}"',
        "Cache-Control": "private, no-cache",  # asked each time: one that is discarded is gone
        "Content-Disposition": f'inline; filename="{reference}-{photo_id}.jpg"',
        "X-Content-Type-Options": "nosniff",
    }
    if file.content is None:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(file.content, headers=headers, media_type=KEPT_TYPE)


async def post_photo(request: Request) -> Response:
    caller, reference = await _at_their_branch(request)
    query = read_query(request, PhotoQuery)
    content = await read_body(request, MAXIMUM_PHOTO_BYTES)
    photo, replayed = await service.add_photo(reference, query, content, caller, datetime.now(UTC))
    headers = {"Location": photo.href}
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    return answer(photo, HTTPStatus.CREATED, headers)


async def post_discard(request: Request) -> Response:
    caller, reference = await _at_their_branch(request)
    photo_id = uuid_of(request, "id")
    wanted = await read_json(request, PhotoDiscard)
    found = await service.discard_photo(
        reference, photo_id, wanted.reason, caller, datetime.now(UTC)
    )
    return answer(found)


async def _at_their_branch(request: Request) -> tuple[Caller, str]:
    caller, reference = operator_of(request), reference_of(request)
    await check_branch(reference, caller)
    return caller, reference


_PHOTOS = "/rentals/{reference}/photos"
ROUTES = (
    ("GET", _PHOTOS, get_photos),
    ("GET", f"{_PHOTOS}/{{id}}", get_photo),
    ("POST", f"/operator{_PHOTOS}", post_photo),
    ("POST", f"/operator{_PHOTOS}/{{id}}/discard", post_discard),
)
