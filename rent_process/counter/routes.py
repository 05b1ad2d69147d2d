"""Its calls over HTTP."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from rent_process.counter import service
from rent_process.reading import service as reading
from rent_process.requests import idempotency_key_of, operator_of, reference_of
from shared.contracts.caller import Caller
from shared.contracts.operator import CounterPayment, Goodwill, HandedBack, Settled
from shared.errors import Rejected
from shared.http import answer, read_json


async def post_payment(request: Request) -> Response:
    caller, reference = await at_their_branch(request)
    key = idempotency_key_of(request)
    payment = await read_json(request, CounterPayment)
    return _answer(await service.take_payment(reference, payment, key, caller), HTTPStatus.CREATED)


async def post_refund(request: Request) -> Response:
    caller, reference = await at_their_branch(request)
    key = idempotency_key_of(request)
    goodwill = await read_json(request, Goodwill)
    return _answer(
        await service.give_goodwill(reference, goodwill, key, caller), HTTPStatus.ACCEPTED
    )


async def post_return(request: Request) -> Response:
    caller, reference = await at_their_branch(request)
    key = idempotency_key_of(request)
    payment = await read_json(request, CounterPayment)
    return _answer(await service.hand_back(reference, payment, key, caller), HTTPStatus.CREATED)


async def at_their_branch(request: Request) -> tuple[Caller, str]:
    """Let an operator of some branches act on rentals of those, and on no other of their own."""
    caller, reference = operator_of(request), reference_of(request)
    rental = await reading.read_rental(reference, caller)
    if not caller.serves(rental.pickup.branch, rental.return_.branch):
        raise Rejected("not_found", "there is no such rental")
    return caller, reference


def _answer(settled: tuple[Settled | HandedBack, bool], status: HTTPStatus) -> Response:
    headers = {"Idempotent-Replayed": "true"} if settled[1] else None
    return answer(settled[0], status, headers)


_RENTAL = "/operator/rentals/{reference}"
ROUTES = (
    ("POST", f"{_RENTAL}/payments", post_payment),
    ("POST", f"{_RENTAL}/refunds", post_refund),
    ("POST", f"{_RENTAL}/returned-payments", post_return),
)
