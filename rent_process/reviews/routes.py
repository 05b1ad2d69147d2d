"""Its calls over HTTP."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from rent_process.reading.access import check_renter
from rent_process.reading.service import read_rental
from rent_process.requests import caller_of, operator_of, reference_of, uuid_of
from rent_process.reviews import service
from shared.contracts.reviews import ModerationQuery, Rejection, ReviewRequest, ReviewsQuery
from shared.http import answer, read_json, read_query


async def post_review(request: Request) -> Response:
    reference = reference_of(request)
    await check_renter(reference, caller_of(request))
    review = await read_json(request, ReviewRequest)
    return answer(await service.write(reference, review), HTTPStatus.CREATED)


async def get_review(request: Request) -> Response:
    reference = reference_of(request)
    await read_rental(reference, caller_of(request))
    return answer(await service.read_own(reference), headers={"Cache-Control": "no-store"})


async def get_reviews(request: Request) -> Response:
    return answer(await service.list_shown(read_query(request, ReviewsQuery)))


async def get_moderation(request: Request) -> Response:
    caller = operator_of(request)
    query = read_query(request, ModerationQuery)
    return answer(await service.list_for_moderation(query, caller))


async def post_approval(request: Request) -> Response:
    caller = operator_of(request)
    review_id = uuid_of(request, "id")
    return answer(await service.moderate(review_id, "APPROVED", None, caller))


async def post_rejection(request: Request) -> Response:
    caller = operator_of(request)
    review_id = uuid_of(request, "id")
    rejection = await read_json(request, Rejection)
    return answer(await service.moderate(review_id, "REJECTED", rejection.reason, caller))


_OWN = "/rentals/{reference}/review"
_MODERATED = "/operator/reviews"
ROUTES = (
    ("POST", _OWN, post_review),
    ("GET", _OWN, get_review),
    ("GET", "/reviews", get_reviews),
    ("GET", _MODERATED, get_moderation),
    ("POST", f"{_MODERATED}/{{id}}/approve", post_approval),
    ("POST", f"{_MODERATED}/{{id}}/reject", post_rejection),
)
