"""Its calls over HTTP: one a report, as JSON or CSV."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from rent_process.reports import service
from rent_process.reports.domain import KINDS, Kind
from rent_process.reports.negotiation import CSV, wants_csv
from rent_process.reports.table import to_csv
from rent_process.requests import operator_of
from shared.contracts.reports import ReportQuery
from shared.http import answer, read_query

# What is shown depends on who asks and in which form; some of it is personal.
HEADERS = {"Vary": "Accept, Authorization", "Cache-Control": "no-store"}


def _call(kind: Kind) -> Callable[[Request], Awaitable[Response]]:
    async def get_report(request: Request) -> Response:
        caller = operator_of(request)
        as_csv = wants_csv(request.headers.get("accept"))
        query = read_query(request, ReportQuery)
        report = await service.report(kind, query, caller, datetime.now(UTC))
        if not as_csv:
            return answer(report, headers=HEADERS)
        name = f"{kind.name}-{report.from_}-{report.to}.csv"
        headers = HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'}
        body = to_csv(kind.row, report.rows)
        return Response(body, headers=headers, media_type=f"{CSV}; charset=utf-8; header=present")

    return get_report


ROUTES = tuple(("GET", f"/operator/reports/{kind.name}", _call(kind)) for kind in KINDS)
