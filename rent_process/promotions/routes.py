"""Its calls over HTTP. A code counts at every branch: it is for operators of the whole company."""

import re

from starlette.requests import Request
from starlette.responses import Response

from rent_process.promotions import service
from rent_process.requests import head_operator_of
from shared.contracts.promotions import PromoCodeRules
from shared.errors import Rejected
from shared.http import answer, read_json

_CODE = re.compile(r"[A-Z0-9_-]{2,24}")


async def get_codes(request: Request) -> Response:
    head_operator_of(request)
    return answer(await service.list_codes())


async def put_code(request: Request) -> Response:
    caller = head_operator_of(request)
    code = str(request.path_params["code"]).upper()
    if not _CODE.fullmatch(code):
        raise Rejected("not_found", "a promo code has 2 to 24 letters, digits, - or _")
    rules = await read_json(request, PromoCodeRules)
    return answer(await service.write_code(code, rules, caller))


ROUTES = (
    ("GET", "/operator/promo-codes", get_codes),
    ("PUT", "/operator/promo-codes/{code}", put_code),
)
