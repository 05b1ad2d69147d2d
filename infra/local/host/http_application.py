"""The ASGI application that uvicorn serves: functions first, then /admin, then static pages.

No framework: every request of the product passes here, and the benchmark measures it.
"""

from typing import Any

from infra.local.host.administration import Administration
from infra.local.host.http_messages import (
    BodyTooLarge,
    ClientLeft,
    build_request,
    join_headers,
    read_body,
    read_query,
    send_plain,
    send_response,
)
from infra.local.host.invocation import InvocationFailed, Invoker
from infra.local.host.keys import Keys
from infra.local.host.log import log_event, one_line_traceback
from infra.local.host.routes import Route, Router
from infra.local.host.static_site import StaticSite


class HttpApplication:
    """Answers one request at a time through `__call__`, as ASGI wants it."""

    def __init__(
        self,
        router: Router,
        keys: Keys,
        invoker: Invoker,
        administration: Administration,
        static_site: StaticSite | None,
    ) -> None:
        self._router = router
        self._keys = keys
        self._invoker = invoker
        self._administration = administration
        self._static_site = static_site

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":  # lifespan is off; Azure offers no web sockets either
            return
        found = self._router.find(scope["method"], scope["path"])
        try:
            if found:
                await self._call_function(*found, scope, receive, send)
            else:
                await self._call_host(scope, receive, send)
        except BodyTooLarge:
            await send_plain(send, 413)
        except ClientLeft:
            return

    async def _call_function(
        self, route: Route, params: dict[str, str], scope: Any, receive: Any, send: Any
    ) -> None:
        headers = join_headers(scope)
        query = read_query(scope["query_string"]) if scope["query_string"] else {}
        if not self._keys.allow(route.auth_level, headers, query):
            await send_plain(send, 401)
            return
        body = await read_body(headers, receive)
        request = build_request(scope, headers, query, params, body)
        try:
            response = await self._invoker.invoke(
                route.function,
                request,
                trace_parent=headers.get("traceparent"),
                trace_state=headers.get("tracestate", ""),
            )
        except InvocationFailed:
            await send_plain(send, 500)
            return
        try:
            await send_response(send, response)
        except TypeError as error:
            log_event(
                "response-unusable", function=route.function.name, error=one_line_traceback(error)
            )
            await send_plain(send, 500)

    async def _call_host(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"]
        if path.lower().startswith("/admin/"):
            headers = join_headers(scope)
            query = read_query(scope["query_string"])
            body = await read_body(headers, receive)
            allowed = self._keys.allow("admin", headers, query)
            await self._administration.answer(
                scope["method"], path, body, has_master_key=allowed, send=send
            )
        elif self._static_site and not self._router.claims(path):
            await self._static_site.answer(scope["method"], path, join_headers(scope), send)
        else:
            await send_plain(send, 404)
