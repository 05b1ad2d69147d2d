"""Its call over HTTP."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from rent_process.reconciliation import service
from rent_process.requests import head_operator_of
from shared.contracts.operator import ReconciliationQuery
from shared.http import answer, read_query


async def get_reconciliation(request: Request) -> Response:
    head_operator_of(request)
    query = read_query(request, ReconciliationQuery)
    return answer(await service.reconcile(datetime.now(UTC), query.grace_seconds))


ROUTES = (("GET", "/operator/reconciliation", get_reconciliation),)
