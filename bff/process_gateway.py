"""Call another function folder over one contract, with or without the network.

``InProcess`` calls the ASGI app directly, not through an HTTP client: that is what keeps the
split free of cost until it is wanted. ``OverHttp`` calls the deployed function with its key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from starlette.types import ASGIApp, Message

from shared.errors import Unavailable
from shared.secrets import get_secret
from shared.settings import get_settings

if TYPE_CHECKING:
    import httpx

SAFE_METHODS = frozenset({"GET", "HEAD"})
TRIES_OF_SAFE = 2


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Process(Protocol):
    """Something that answers HTTP-shaped calls."""

    async def call(
        self, method: str, path: str, query: bytes, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        """Answer one call.

        Raises:
            Unavailable: it cannot be reached in time.
        """


class InProcess:
    """Calls an ASGI app in this process: one coroutine, no socket, no copy of the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def call(
        self, method: str, path: str, query: bytes, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query,
            "headers": [(n.encode("latin-1"), v.encode("latin-1")) for n, v in headers.items()],
            "client": None,
            "server": ("in-process", 80),
        }
        exchange = _Exchange(body)
        await self._app(scope, exchange.receive, exchange.send)
        return exchange.answer()


class _Exchange:
    """The two callables of an ASGI call, and what came of it."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._start: Message = {}
        self._parts: list[bytes] = []

    async def receive(self) -> Message:
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._parts.append(message.get("body", b""))

    def answer(self) -> Answer:
        headers = {n.decode("latin-1"): v.decode("latin-1") for n, v in self._start["headers"]}
        return Answer(self._start["status"], headers, b"".join(self._parts))


class OverHttp:
    """Calls the deployed function app; only calls that change nothing are tried again."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._client: httpx.AsyncClient | None = None

    async def call(
        self, method: str, path: str, query: bytes, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        import httpx  # noqa: PLC0415 -- import budget: only the split deployment needs it

        if self._client is None:
            self._client = httpx.AsyncClient(timeout=get_settings().internal_timeout_seconds)
        url = httpx.URL(self._base_url + path, query=query or None)
        sent = {**headers, "x-functions-key": await get_secret("internal-function-key")}
        for tries_left in reversed(range(TRIES_OF_SAFE if method in SAFE_METHODS else 1)):
            try:
                response = await self._client.request(method, url, headers=sent, content=body)
            except httpx.TransportError as error:
                if not tries_left:
                    raise Unavailable("the rental service cannot be reached") from error
            else:
                return Answer(response.status_code, dict(response.headers), response.content)
        raise AssertionError("the last try answers or raises")


def process_at(url: str | None, app: ASGIApp) -> Process:
    """Choose by the deployment: a URL is called over the network, none means this process."""
    return InProcess(app) if url is None else OverHttp(url)
