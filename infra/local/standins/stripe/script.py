"""Serves the stand-in for Stripe.js and the card frame that it opens."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOLDER = Path(__file__).with_name("browser")
FRAME = "elements-inner-card"
HEADERS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}


async def serve_script(_request: Request) -> Response:
    return _file("stripe.js", "text/javascript")


async def serve_frame(_request: Request) -> Response:
    return _file(f"{FRAME}.html", "text/html")


async def serve_frame_script(_request: Request) -> Response:
    return _file(f"{FRAME}.js", "text/javascript")


def _file(name: str, media_type: str) -> Response:
    return Response((FOLDER / name).read_bytes(), headers=HEADERS, media_type=media_type)


ROUTES = [
    Route("/v3", serve_script),
    Route("/v3/", serve_script),
    Route("/endive/stripe.js", serve_script),
    Route(f"/v3/{FRAME}.html", serve_frame),
    Route(f"/v3/{FRAME}.js", serve_frame_script),
]
