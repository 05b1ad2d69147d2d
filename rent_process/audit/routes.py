"""Its calls over HTTP."""

from starlette.requests import Request
from starlette.responses import Response

from rent_process.audit import service
from rent_process.requests import operator_of
from shared.contracts.operator import AuditQuery
from shared.http import answer, read_query


async def get_audit(request: Request) -> Response:
    caller = operator_of(request)
    return answer(await service.list_audit(read_query(request, AuditQuery), caller))


ROUTES = (("GET", "/operator/audit", get_audit),)
