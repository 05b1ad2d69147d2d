"""Its calls over HTTP."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from rent_process.handover.routes import RENTAL, at_their_branch
from rent_process.upgrades import service
from shared.contracts.upgrades import UpgradeRequest
from shared.http import answer, read_json


async def get_upgrades(request: Request) -> Response:
    _, reference = await at_their_branch(request)
    return answer(await service.list_upgrades(reference, datetime.now(UTC)))


async def post_upgrade(request: Request) -> Response:
    caller, reference = await at_their_branch(request)
    wanted = await read_json(request, UpgradeRequest)
    return answer(await service.upgrade(reference, wanted, caller, datetime.now(UTC)))


ROUTES = (
    ("GET", f"{RENTAL}/upgrade", get_upgrades),
    ("POST", f"{RENTAL}/upgrade", post_upgrade),
)
