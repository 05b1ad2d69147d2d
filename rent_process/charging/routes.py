"""Its calls over HTTP: what an operator adds, and what becomes of the deposit."""

from datetime import UTC, datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from rent_process.charging import operating
from rent_process.reading import service as reading
from rent_process.requests import idempotency_key_of, operator_of, reference_of
from shared.contracts.caller import Caller
from shared.contracts.charging import ChargesRequest, DepositRequest
from shared.errors import Rejected
from shared.http import answer, read_json


async def post_charges(request: Request) -> Response:
    caller, reference = await _at_their_branch(request)
    key = idempotency_key_of(request)
    charges = await read_json(request, ChargesRequest)
    charged, replayed = await operating.charge(reference, charges, key, caller, datetime.now(UTC))
    headers = {"Idempotent-Replayed": "true"} if replayed else None
    return answer(charged, HTTPStatus.ACCEPTED, headers)


async def put_deposit(request: Request) -> Response:
    caller, reference = await _at_their_branch(request)
    settling = await read_json(request, DepositRequest)
    return answer(await operating.settle(reference, settling, caller), HTTPStatus.ACCEPTED)


async def _at_their_branch(request: Request) -> tuple[Caller, str]:
    """Let an operator of some branches act on rentals of those, and on no other of their own."""
    caller, reference = operator_of(request), reference_of(request)
    rental = await reading.read_rental(reference, caller)
    if not caller.serves(rental.pickup.branch, rental.return_.branch):
        raise Rejected("not_found", "there is no such rental")
    return caller, reference


_RENTAL = "/operator/rentals/{reference}"
ROUTES = (
    ("POST", f"{_RENTAL}/charges", post_charges),
    ("PUT", f"{_RENTAL}/deposit", put_deposit),
)
