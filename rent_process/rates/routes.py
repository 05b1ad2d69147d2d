"""Its calls over HTTP. Prices concern every branch: they are for operators of the whole company."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from rent_process.rates import service
from rent_process.reports.negotiation import CSV, wants_csv
from rent_process.requests import head_operator_of
from shared.contracts.rates import NewRateCard, RatesQuery
from shared.http import answer, read_json, read_query


async def get_rates(request: Request) -> Response:
    head_operator_of(request)
    query, now = read_query(request, RatesQuery), datetime.now(UTC)
    if wants_csv(request.headers.get("accept")):
        return Response(await service.export_card(query, now), media_type=CSV)
    return answer(await service.list_rates(query, now))


async def post_preview(request: Request) -> Response:
    head_operator_of(request)
    card = await read_json(request, NewRateCard)
    return answer(await service.preview(card, datetime.now(UTC)))


async def put_rates(request: Request) -> Response:
    caller = head_operator_of(request)
    card = await read_json(request, NewRateCard)
    return answer(await service.publish(card, caller, datetime.now(UTC)))


ROUTES = (
    ("GET", "/operator/rates", get_rates),
    ("POST", "/operator/rates/preview", post_preview),
    ("PUT", "/operator/rates", put_rates),
)
