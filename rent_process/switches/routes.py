"""Its calls over HTTP."""

from starlette.requests import Request
from starlette.responses import Response

from rent_process.requests import head_operator_of
from rent_process.switches import service
from shared.contracts.operator import Turn
from shared.http import answer, read_json


async def get_features(request: Request) -> Response:
    head_operator_of(request)
    return answer(await service.list_switches())


async def put_feature(request: Request) -> Response:
    caller = head_operator_of(request)
    turn = await read_json(request, Turn)
    name = str(request.path_params["name"])
    return answer(await service.turn(name, enabled=turn.enabled, caller=caller))


ROUTES = (
    ("GET", "/operator/features", get_features),
    ("PUT", "/operator/features/{name}", put_feature),
)
