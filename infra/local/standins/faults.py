"""Failures on demand: the vendor is slow, says 503, hangs up, or acts and never answers.

``POST /_control/faults`` with::

    {"match": {"method": "POST", "path": "/v1/payment_intents/*/confirm"},
     "kind": "delay" | "status" | "close" | "drop_answer",
     "seconds": 0.5, "status": 503, "times": 1, "skip": 0}

``*`` stands for one path segment, ``**`` for any. ``times`` null lasts until ``DELETE
/_control/faults``; ``skip`` lets the first requests through; ``GET`` lists. ``close`` hangs up
before the vendor acts, ``drop_answer`` after it has acted (and the exchange is recorded, because
it took place). The first fault that matches is taken.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

CONTROL = "/_control/faults"
HANG_UP = "standins.hang_up"
FAULT_STATUS = "standins.fault_status"
FAULT_SECONDS = "standins.fault_seconds"


class Match(BaseModel):
    model_config = ConfigDict(extra="forbid")
    method: str = "*"
    path: str = "/**"

    def matches(self, method: str, path: str) -> bool:
        if self.method not in ("*", method):
            return False
        pattern = re.escape(self.path).replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
        return re.fullmatch(pattern, path) is not None


class Fault(BaseModel):
    model_config = ConfigDict(extra="forbid")
    match: Match = Match()
    kind: Literal["delay", "status", "close", "drop_answer"]
    seconds: float = Field(default=0, ge=0)
    status: int = Field(default=500, ge=400, le=599)
    times: int | None = Field(default=1, ge=1)
    skip: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _delay_has_a_length(self) -> "Fault":
        if self.kind == "delay" and self.seconds <= 0:
            raise ValueError("a delay needs seconds > 0")
        return self


class Faults:
    """The faults that wait for their request."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that this request meets, used up by one."""
        for fault in self.waiting:
            if not fault.match.matches(method, path):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times == 0:
                    self.waiting.remove(fault)
            return fault
        return None


class FaultInjection:
    """Outermost ASGI layer: control calls, and what happens to the connection."""

    def __init__(self, app: ASGIApp, *, app_waits: bool = False) -> None:
        self._app, self._faults, self._app_waits = app, Faults(), app_waits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path == CONTROL:
            await (await self._control(Request(scope, receive)))(scope, receive, send)
            return
        if path == "/_control/reset":
            self._faults.waiting.clear()
        exempt = path.startswith("/_control/")
        fault = None if exempt else self._faults.take(scope["method"], path)
        await self._meet(fault, scope, receive, send)

    async def _meet(self, fault: Fault | None, scope: Scope, receive: Receive, send: Send) -> None:
        if fault is None:
            await self._app(scope, receive, send)
        elif fault.kind == "close":
            await hang_up(scope, receive)
        elif fault.kind == "drop_answer":
            await self._app(scope, receive, _discard)
            await hang_up(scope, receive)
        elif fault.kind == "status":
            await self._app({**scope, FAULT_STATUS: fault.status}, receive, send)
        elif self._app_waits:
            await self._app({**scope, FAULT_SECONDS: fault.seconds}, receive, send)
        else:
            await asyncio.sleep(fault.seconds)
            await self._app(scope, receive, send)

    async def _control(self, request: Request) -> Response:
        if request.method == "POST":
            try:
                self._faults.waiting.append(Fault.model_validate_json(await request.body()))
            except ValidationError as error:
                return JSONResponse({"errors": _plain(error)}, status_code=422)
        elif request.method == "DELETE":
            self._faults.waiting.clear()
        return JSONResponse({"faults": [fault.model_dump() for fault in self._faults.waiting]})


def _plain(error: ValidationError) -> list[dict[str, Any]]:
    return [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]


class StatusRefusals:
    """Innermost layer for apps that leave an injected status to their ``Profile.refuse``."""

    def __init__(self, app: ASGIApp, refuse: Callable[[int], ASGIApp]) -> None:
        self._app, self._refuse = app, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = scope.get(FAULT_STATUS)
        if status is None:
            await self._app(scope, receive, send)
            return
        await Request(scope, receive).body()
        await self._refuse(status)(scope, receive, send)


class HangUpProtocol(HttpToolsProtocol):
    """HTTP/1.1 that lets the layers above cut the connection, which ASGI has no word for."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn types it wider than it is
        super().connection_made(transport)
        app = self.app

        async def with_hang_up(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, HANG_UP: transport.abort}, receive, send)

        self.app = with_hang_up


async def hang_up(scope: Scope, receive: Receive) -> None:
    scope[HANG_UP]()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _discard(_message: Message) -> None:
    """Takes the answer that the client will never see."""
