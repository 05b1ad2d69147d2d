"""Takes telemetry as Application Insights does, and shows it.

Answers 200, or 206 with the faulty items' indexes, or 400 when nothing could be taken. Pages:
``/`` (recent operations), ``/operations/{id}`` (one operation's waterfall), ``/rentals``,
``/rentals/{id}`` (one rental's waterfalls) and ``/failures``. Control: ``GET
/_control/envelopes?operation_id=&rental_id=``, ``POST /_control/reset``.

Options: ``keep`` (envelopes kept, default 50,000).
"""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from infra.local.standins.appinsights.envelopes import (
    KEPT_ENVELOPES,
    Envelope,
    Ring,
    decode,
    envelope_fault,
)
from infra.local.standins.appinsights.viewer import Viewer
from infra.local.standins.faults import FAULT_STATUS
from infra.local.standins.profile import Profile, Record

# The exporters join the endpoint, which ends in a slash, and the path, which starts with one.
TRACK_PATHS = ("/v2.1/track", "//v2.1/track", "/v2/track", "//v2/track")


PROFILE = Profile("appinsights", recorded_paths=TRACK_PATHS)


def _fault(index: int, status: int, message: str) -> dict[str, Any]:
    return {"index": index, "statusCode": status, "message": message}


def _answer(status: int, received: int, faults: list[dict[str, Any]]) -> JSONResponse:
    accepted = received - len(faults)
    body = {"itemsReceived": received, "itemsAccepted": accepted, "errors": faults}
    return JSONResponse(body, status, {"Retry-After": "1"} if status in (429, 503) else {})


class Track:
    def __init__(self, ring: Ring) -> None:
        self._ring = ring

    async def take(self, request: Request) -> Response:
        encoding = request.headers.get("content-encoding", "").lower()
        try:
            items = decode(await request.body(), encoding)
        except ValueError:
            return _answer(400, 0, [])  # not even the items can be counted
        if status := request.scope.get(FAULT_STATUS):
            faults = [_fault(index, status, "Try again later") for index in range(len(items))]
            return _answer(status, len(items), faults)
        faults = []
        for index, item in enumerate(items):
            if message := envelope_fault(item):
                faults.append(_fault(index, 400, message))
            else:
                self._ring.add(Envelope(item))
        status = 200 if not faults else 206 if len(faults) < len(items) else 400
        return _answer(status, len(items), faults)


def create_app(options: dict[str, Any], _record: Record) -> ASGIApp:
    ring = Ring(int(options.get("keep", KEPT_ENVELOPES)))
    track, viewer = Track(ring), Viewer(ring)

    async def envelopes(request: Request) -> Response:
        query = request.query_params
        found = ring.select(
            operation_id=query.get("operation_id", ""), rental_id=query.get("rental_id", "")
        )
        return JSONResponse({"envelopes": [each.raw for each in found]})

    async def reset(_request: Request) -> Response:
        ring.clear()
        return Response(status_code=204)

    return Starlette(
        routes=[
            *(Route(path, track.take, methods=["POST"]) for path in TRACK_PATHS),
            Route("/_control/envelopes", envelopes),
            Route("/_control/reset", reset, methods=["POST"]),
            Route("/", viewer.operations),
            Route("/operations/{operation_id}", viewer.operation),
            Route("/rentals", viewer.rentals),
            Route("/rentals/{rental_id}", viewer.rental),
            Route("/failures", viewer.failures),
        ]
    )
