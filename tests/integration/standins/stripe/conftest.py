"""The stand-in on a free port, the real SDK in front of it, and a webhook endpoint."""

import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from stripe import Event, RequestsClient, StripeClient, Webhook

Serve = Callable[..., dict[str, str]]
SECRET, PUBLISHABLE, SIGNING = "sk_test_secret", "pk_test_browser", "whsec_signing"
NEVER_REDIRECTS: Any = {"enabled": True, "allow_redirects": "never"}


@dataclass
class Endpoint:
    """Takes webhooks; ``answers`` are the statuses of the next ones, then 200."""

    url: str = ""
    events: list[Any] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def types(self) -> list[str]:
        return [event.type for event in self.events]

    def wait_for(self, kind: str, count: int = 1, seconds: float = 5) -> list[Any]:
        """The events of that type, once there are that many."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = [event for event in list(self.events) if event.type == kind]
            if len(found) >= count:
                return found
            time.sleep(0.01)
        pytest.fail(f"{count} {kind} did not come; came: {self.types()}")


def _handler(endpoint: Endpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            event: Event = Webhook.construct_event(
                body.decode(), self.headers["Stripe-Signature"], SIGNING
            )
            status = endpoint.answers.pop(0) if endpoint.answers else 200
            if status == 200:
                endpoint.events.append(event)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    taker = Endpoint()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(taker))
    server.daemon_threads = True
    taker.url = f"http://127.0.0.1:{server.server_port}/api/webhooks/stripe"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield taker
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def recording(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Where exchanges go; STANDIN_RECORDINGS names a folder that outlives the test."""
    folder = os.environ.get("STANDIN_RECORDINGS")
    name = re.sub(r"[^\w-]+", "_", request.node.name)
    return (Path(folder) if folder else tmp_path) / f"{name}.jsonl"


@pytest.fixture
def options(endpoint: Endpoint) -> dict[str, Any]:
    """A test may change them before it asks for ``url``."""
    return {
        "api_key": SECRET,
        "publishable_key": PUBLISHABLE,
        "webhook_url": endpoint.url,
        "webhook_secret": SIGNING,
        "webhook_retry_seconds": 0.05,
        "settle_seconds": 0.02,
        "search_lag_seconds": 0,
        "raw_card_numbers": True,
    }


@pytest.fixture
def url(serve_standins: Serve, options: dict[str, Any], recording: Path) -> str:
    return serve_standins({"name": "stripe", "options": options}, record=recording)["stripe"]


@pytest.fixture
def sdk(url: str) -> Iterator[StripeClient]:
    """Stripe's own SDK; it tries once, so that a test sees every answer."""
    transport = RequestsClient(timeout=10)
    yield StripeClient(
        SECRET, base_addresses={"api": url}, http_client=transport, max_network_retries=0
    )
    transport.close()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped


@pytest.fixture
def http(url: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {SECRET}", "Stripe-Version": "2026-10-28.endive"}
    with httpx.Client(base_url=url, headers=headers, timeout=10) as client:
        yield client


@dataclass
class Control:
    """The stand-in's own calls."""

    url: str

    def ledger(self) -> Any:
        return httpx.get(f"{self.url}/_control/ledger").json()

    def step(self, intent: str, name: str) -> Any:
        answer = httpx.post(f"{self.url}/_control/payment_intents/{intent}/{name}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def webhooks(self, **sent: Any) -> Any:
        answer = httpx.post(f"{self.url}/_control/webhooks", json=sent)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, **sent: Any) -> None:
        answer = httpx.post(f"{self.url}/_control/faults", json=sent)
        assert answer.status_code == 200, answer.text


@pytest.fixture
def control(url: str) -> Control:
    return Control(url)


Pay = Callable[..., Any]


@pytest.fixture
def pay(sdk: StripeClient) -> Pay:
    """Create and confirm an intent in one call."""

    def create(method: str | None = "pm_card_visa", **more: Any) -> Any:
        params: dict[str, Any] = {
            "amount": 12300,
            "currency": "brl",
            "confirm": True,
            "automatic_payment_methods": NEVER_REDIRECTS,
            **({"payment_method": method} if method else {}),
            **more,
        }
        return sdk.v1.payment_intents.create(params)  # type: ignore[arg-type]  # what the types forbid is sent on purpose

    return create


@pytest.fixture
def exchanges(recording: Path) -> Callable[[], list[Any]]:
    def read() -> list[Any]:
        return [json.loads(line) for line in recording.read_text("utf-8").splitlines()]

    return read
