"""When the BFF runs: every public call. It validates nothing that RentProcess validates."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import azure.functions as func
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bff import service
from bff.documentation import openapi_document, render_page
from bff.domain import FEATURES, HEALTH, OPERATIONS, READY, WEBHOOK, Operation
from bff.process_gateway import Process, process_at
from shared.asgi import App, serve
from shared.contracts.about import Health
from shared.contracts.caller import Caller
from shared.errors import Rejected
from shared.http import MAXIMUM_BODY_BYTES, answer, answering, read_body, traced
from shared.settings import get_settings

Handler = Callable[[Request], Awaitable[Response]]
PUBLIC, RENT, PAYMENT = "/api", "/internal/rent", "/internal/payment"
STRIPE_HEADERS = ("content-type", "stripe-signature")


class Bff:
    """The public app. The processes behind it are chosen at the first call, by settings."""

    def __init__(self, rent_app: App, payment_app: App) -> None:
        self._rent_app, self._payment_app = rent_app, payment_app
        self._rent: Process | None = None
        self._payment: Process | None = None
        self.asgi_app = self._build()

    def _build(self) -> App:
        calls: list[tuple[Operation, Handler]] = [
            *((each, self._forward_as(each)) for each in (*OPERATIONS, READY)),
            (HEALTH, _get_health),
            (FEATURES, _get_features),
            (WEBHOOK, self._receive_stripe_event),
        ]
        routes = [(each.method, PUBLIC + each.path, _traced(each, call)) for each, call in calls]
        routes.append(("GET", f"{PUBLIC}/openapi.json", _get_document))
        routes.append(("GET", f"{PUBLIC}/docs", _get_documentation))
        return App(routes)

    def _forward_as(self, described: Operation) -> Handler:
        async def forward(request: Request) -> Response:
            caller = await service.identify(request.headers.get("authorization"))
            _check_access(described, caller)
            caller = service.seen_from(caller, request.headers)
            if self._rent is None:
                self._rent = process_at(get_settings().rent_process_url, self._rent_app)
            found = await service.forward(
                self._rent,
                request.method,
                RENT + request.scope["path"].removeprefix(PUBLIC),
                query=request.scope["query_string"],
                headers=request.headers,
                body=await read_body(request, described.most_bytes or MAXIMUM_BODY_BYTES),
                caller=caller,
            )
            return Response(found.body, found.status, dict(found.headers))

        return forward

    async def _receive_stripe_event(self, request: Request) -> Response:
        """Pass Stripe's event on as it came: the signature covers the raw body."""
        if self._payment is None:
            self._payment = process_at(get_settings().payment_process_url, self._payment_app)
        body = await read_body(request)
        headers = {n: request.headers[n] for n in STRIPE_HEADERS if n in request.headers}
        path = f"{PAYMENT}/webhooks/stripe"
        found = await self._payment.call("POST", path, b"", headers, body)
        kept = {n: v for n, v in found.headers.items() if n in service.RETURNED}
        return Response(found.body, found.status, kept)


def create_blueprint(rent_app: App, payment_app: App) -> func.Blueprint:
    """Register ``Bff`` in front of the apps that it calls when they are in this process."""
    blueprint = func.Blueprint()
    asgi_app = Bff(rent_app, payment_app).asgi_app

    @blueprint.function_name("Bff")
    @blueprint.route(route="api/{*path}", auth_level=func.AuthLevel.ANONYMOUS)
    async def bff(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
        return await serve(asgi_app, req, context)

    return blueprint


def _traced(described: Operation, handler: Handler) -> Handler:
    """Answer inside an operation of its own for telemetry, and name its trace."""
    answered = answering(handler)

    async def named(request: Request) -> Response:
        response = await answered(request)
        response.headers.update(service.correlation())
        return response

    return traced(f"{described.method} {PUBLIC}{described.path}", named)


def _check_access(described: Operation, caller: Caller) -> None:
    if described.access != "operator" or caller.is_operator:
        return
    if caller.subject is None:
        raise Rejected("unauthenticated", "sign in as an operator")
    raise Rejected("forbidden", "this call is for operators")


async def _get_health(_request: Request) -> Response:
    return answer(Health(status="ok"))


async def _get_features(request: Request) -> Response:
    caller = await service.identify(request.headers.get("authorization"))
    headers = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}
    return answer(await service.read_features(caller), HTTPStatus.OK, headers)


async def _get_document(_request: Request) -> Response:
    return Response(openapi_document(PUBLIC), media_type="application/json")


async def _get_documentation(_request: Request) -> Response:
    return HTMLResponse(render_page(PUBLIC))
