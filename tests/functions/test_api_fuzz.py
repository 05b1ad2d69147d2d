"""schemathesis reads the OpenAPI document and looks for a 5xx or an answer it does not name."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bff.function import Bff
from payment_process.function import asgi_app as payment_app
from rent_process.function import asgi_app as rent_app
from shared.database import close_pools

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def api_url(market: str) -> Iterator[str]:
    """The public API behind a real socket, on a loop and pools of its own."""
    assert market
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        app = Bff(rent_app, payment_app).asgi_app
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))

        async def serve() -> None:
            await server.serve([listener])
            await close_pools()

        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.mark.timeout(300)
@pytest.mark.filterwarnings("default")  # the fuzzer's own
def test_fuzzed_calls_get_documented_answers(api_url: str) -> None:
    schema = schemathesis.openapi.from_url(f"{api_url}/api/openapi.json")
    called = set()
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()

        @settings(
            max_examples=40, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def fuzz(case: Case[Any]) -> None:
            # Readiness says 503 when there is no queue, as here: documented, and its purpose.
            is_readiness = case.operation.path.endswith("/ready")
            case.call_and_validate(checks=CHECKS[1:] if is_readiness else CHECKS)

        given(case=operation.as_strategy())(fuzz)()
        called.add(operation.label)
    assert len(called) == len(list(schema.get_all_operations()))
