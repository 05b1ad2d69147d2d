"""Its calls over HTTP."""

from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from rent_process.documents import service, signing
from rent_process.requests import caller_of, reference_of
from shared.contracts.documents import SignatureRequest
from shared.contracts.renter import DocumentKind
from shared.errors import Rejected
from shared.http import answer, is_known, problem, read_json

# A document takes a second or two from the message to the file.
ASK_AGAIN_SECONDS = "2"
NAMES = {f"{kind}.pdf": kind for kind in DocumentKind}


async def get_document(request: Request) -> Response:
    reference, caller = reference_of(request), caller_of(request)
    kind = NAMES.get(str(request.path_params["name"]))
    if kind is None:
        raise Rejected("not_found", "there is no document of this name")
    has = partial(is_known, request=request)
    try:
        file = await service.read_document(reference, kind, caller, has, datetime.now(UTC))
    except Rejected as refusal:
        return _or_ask_again(refusal)
    headers = {
        "ETag": f'"{file.sha256}"',
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'inline; filename="{kind}-{file.number}.pdf"',
        "X-Content-Type-Options": "nosniff",
    }
    if file.content is None:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(file.content, headers=headers, media_type=service.PDF)


async def post_signature(request: Request) -> Response:
    reference, caller = reference_of(request), caller_of(request)
    signature_request = await read_json(request, SignatureRequest)
    try:
        signature, replayed = await signing.sign(
            reference, signature_request, caller, datetime.now(UTC)
        )
    except Rejected as refusal:
        return _or_ask_again(refusal)
    headers = {"Idempotent-Replayed": "true"} if replayed else None
    return answer(signature, HTTPStatus.CREATED, headers)


def _or_ask_again(refusal: Rejected) -> Response:
    """What will be there in a moment says when to come again."""
    if refusal.code != "document_pending":
        raise refusal
    response = problem(refusal)
    response.headers["Retry-After"] = ASK_AGAIN_SECONDS
    return response


_RENTAL = "/rentals/{reference}"
ROUTES = (
    ("GET", f"{_RENTAL}/documents/{{name}}", get_document),
    ("POST", f"{_RENTAL}/signature", post_signature),
)
