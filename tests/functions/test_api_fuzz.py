"""schemathesis reads the OpenAPI document and looks for a 5xx or an answer it does not name."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import httpx
import psycopg
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bff.function import Bff
from infra.local.standins.appconfiguration.app import CREDENTIAL, SECRET
from payment_process.function import asgi_app as payment_app
from rent_process.function import asgi_app as rent_app
from shared.blobs import close_blobs
from shared.contracts.photos import PHOTO_TYPES
from shared.database import close_pools
from shared.features import close_features
from shared.settings import get_settings
from tests.plugins.market import Renter, at_local
from tests.plugins.photos import photo
from tests.plugins.sign_in import SignIn
from tests.plugins.standins import Serve

BAD_REQUEST = 400
OF_SOME_PHOTOS = {"damage", "plate"}  # of a damage, of a car that was exchanged
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


# What may be a photo, and what only says so.
for media_type in PHOTO_TYPES:
    schemathesis.openapi.media_type(
        media_type, st.sampled_from([photo("JPEG"), photo("PNG"), photo("WEBP")]) | st.binary()
    )


@pytest.fixture
def api_url(
    market: str,
    sign_in: SignIn,
    serve_standins: Serve,
    blob_emulator: str,
    environment: pytest.MonkeyPatch,
) -> Iterator[str]:
    """The public API behind a real socket, on a loop and pools of its own."""
    assert market
    store = serve_standins({"name": "appconfiguration", "options": {}})["appconfiguration"]
    environment.setenv(
        "APP_CONFIGURATION_CONNECTION_STRING", f"Endpoint={store};Id={CREDENTIAL};Secret={SECRET}"
    )
    environment.setenv("BLOB_CONNECTION_STRING", blob_emulator)
    get_settings.cache_clear()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        app = Bff(rent_app, payment_app).asgi_app
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))

        async def serve() -> None:
            await server.serve([listener])
            await close_pools()
            await close_blobs()
            await close_features()

        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.mark.timeout(300)
@pytest.mark.filterwarnings("default")  # the fuzzer's own
@pytest.mark.parametrize("role", ["guest", "operator"])
def test_fuzzed_calls_get_documented_answers(
    role: str, api_url: str, market: str, sign_in: SignIn
) -> None:
    headers = {"Authorization": f"Bearer {sign_in.token('operator')}"} if role == "operator" else {}
    token = sign_in.token("operator")
    known = cycle([{}, _known_places(market) | {"reference": _car_that_is_out(api_url, token)}])
    schema = schemathesis.openapi.from_url(f"{api_url}/api/openapi.json")
    called, succeeded = set(), set()
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
            places = next(known)
            for name in case.path_parameters or {}:
                case.path_parameters[name] = places.get(name, case.path_parameters[name])
            for name in set(case.query or {}) & {"branch", "kind"}:
                case.query[name] = places.get(name, case.query[name])
            for name in set(case.query or {}) & OF_SOME_PHOTOS if places else ():
                del case.query[name]
            checks = CHECKS[1:] if is_readiness else CHECKS
            if case.call_and_validate(checks=checks, headers=headers).status_code < BAD_REQUEST:
                succeeded.add(f"{case.operation.method.upper()} {case.operation.path}")

        given(case=operation.as_strategy())(fuzz)()
        called.add(operation.label)
    assert len(called) == len(list(schema.get_all_operations()))
    lists = {x for x in called if x.startswith("GET /api/operator/") and "{reference}" not in x}
    assert succeeded & lists == (lists if role == "operator" else set())
    photos = {f"{verb} /api/{who}rentals/{{reference}}/photos"
              for verb, who in (("GET", ""), ("POST", "operator/"))}  # fmt: skip
    assert succeeded & photos == (photos if role == "operator" else set())


def _known_places(url: str) -> dict[str, str]:
    """What half of the calls are made to: something that is there."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "INSERT INTO email.dead_letter (queue, queue_message_id, body)"
            " VALUES ('email-requests', '1', '{}') RETURNING dead_letter_id"
        ).fetchone()
        connection.execute(
            "INSERT INTO rent.vehicle (plate, class_code, branch_code, model, model_year)"
            " VALUES ('RIO2A18', 'ECMR', 'GRU', 'HB20', 2026)"
        )
    assert row is not None
    known = {"id": str(row[0]), "name": "pix", "plate": "RIO2A18", "branch": "GRU"}
    return known | {"kind": "check_out"}


def _car_that_is_out(api_url: str, token: str) -> str:
    """The reference of a rental about which most of an operator's calls can be made."""
    times = {"pickup_at": at_local(10).isoformat(), "return_at": at_local(13).isoformat()}
    branches = {"pickup_branch": "GRU", "return_branch": "GRU"}
    with httpx.Client(base_url=f"{api_url}/api") as client:
        found = client.get("/offers", params={**branches, **times, "driver_age": 30}).json()
        offer = next(each["offer"] for each in found["offers"] if each["class"] == "ECMR")
        body = Renter(None).request(offer, payment={"method": "counter"})  # type: ignore[arg-type] # no client
        booked = client.post("/rentals", json=body, headers={"Idempotency-Key": "fuzz"}).json()
        reference: str = booked["reference"]
        left = client.post(
            f"/operator/rentals/{reference}/check-out",
            json={"plate": "RIO2A18", "odometer_km": 1, "fuel_eighths": 8},
            headers={"Authorization": f"Bearer {token}"},
        )
        assert left.status_code == 200, left.text
    return reference
