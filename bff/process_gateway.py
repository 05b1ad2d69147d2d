"""Call another function folder over one contract, with or without the network.

``InProcess`` calls the ASGI app directly, not through an HTTP client: that is what keeps the
split free of cost until it is wanted. ``OverHttp`` calls the deployed function with its key.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from shared.asgi import Answer, App, call_app
from shared.errors import Unavailable
from shared.secrets import get_secret
from shared.settings import get_settings
from shared.telemetry import current_traceparent, dependency

if TYPE_CHECKING:
    import httpx

SAFE_METHODS = frozenset({"GET", "HEAD"})
TRIES_OF_SAFE = 2


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
    """Calls an ASGI app in this process."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def call(
        self, method: str, path: str, query: bytes, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        return await call_app(self._app, method, path, query, headers, body)


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
        url = httpx.URL(self._base_url + quote(path), query=query or None)
        key = await get_secret("internal-function-key")
        for tries_left in reversed(range(TRIES_OF_SAFE if method in SAFE_METHODS else 1)):
            try:
                with dependency(self._base_url, method):
                    sent = {**headers, "x-functions-key": key, "traceparent": current_traceparent()}
                    # Bytes as ASGI holds them: of text, httpx takes ASCII only.
                    raw = [(n.encode(), value.encode("latin-1")) for n, value in sent.items()]
                    response = await self._client.request(method, url, headers=raw, content=body)
            except httpx.TransportError as error:
                if not tries_left:
                    raise Unavailable("the rental service cannot be reached") from error
            else:
                return Answer(response.status_code, dict(response.headers), response.content)
        raise AssertionError("the last try answers or raises")


def process_at(url: str | None, app: App) -> Process:
    """Choose by the deployment: a URL is called over the network, none means this process."""
    return InProcess(app) if url is None else OverHttp(url)
