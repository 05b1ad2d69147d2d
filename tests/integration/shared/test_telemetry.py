"""What arrives at Application Insights, through each SDK over a real socket."""

import logging
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from shared import telemetry
from shared.errors import Rejected
from shared.settings import get_settings
from shared.telemetry import about, dependency, event, metric, operation
from tests.integration.standins.vendor_check import assert_true_to_vendor
from tests.plugins.standins import Serve

RENTAL = UUID("0198c0de-0000-7000-8000-000000000001")
INCOMING = f"00-{'ab' * 16}-{'cd' * 8}-01"
Envelopes = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return tmp_path / "exchanges.jsonl"


@pytest.fixture(params=["opencensus", "opentelemetry"])
def backend(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def insights(
    backend: str,
    serve_standins: Serve,
    recording: Path,
    tmp_path: Path,
    environment: pytest.MonkeyPatch,
) -> Iterator[str]:
    environment.setattr(tempfile, "tempdir", str(tmp_path))  # where unsent telemetry is kept
    url = serve_standins({"name": "appinsights"}, record=recording)["appinsights"]
    environment.setenv("TELEMETRY_BACKEND", backend)
    environment.setenv(
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        f"InstrumentationKey={uuid4()};IngestionEndpoint={url}/",
    )
    get_settings.cache_clear()
    telemetry.shutdown()
    yield url
    telemetry.shutdown()


@pytest.fixture
def envelopes(insights: str) -> Envelopes:
    """What has arrived so far, of one kind."""

    def read(kind: str, **query: str) -> list[dict[str, Any]]:
        assert telemetry.flush(10)
        found = httpx.get(f"{insights}/_control/envelopes", params=query).json()["envelopes"]
        return [each for each in found if each["data"]["baseType"] == kind]

    return read


def test_operation_is_a_request_and_what_it_calls_is_its_dependency(
    envelopes: Envelopes, recording: Path
) -> None:
    with (
        operation("PaymentProcess", traceparent=INCOMING, rental_id=RENTAL),
        dependency("Stripe", "confirm payment intent", attempt=2),
    ):
        pass
    [request] = envelopes("RequestData", rental_id=str(RENTAL))
    [call] = envelopes("RemoteDependencyData", rental_id=str(RENTAL))
    assert request["tags"]["ai.operation.id"] == call["tags"]["ai.operation.id"] == "ab" * 16
    assert request["tags"]["ai.operation.parentId"] == "cd" * 8
    assert request["tags"]["ai.cloud.role"] == "rentacar"
    data = request["data"]["baseData"]
    assert (data["name"], data["success"]) == ("PaymentProcess", True)
    assert data["properties"] == {"emitter": "rentacar", "rental_id": str(RENTAL)}
    assert call["tags"]["ai.operation.parentId"] == data["id"]
    assert call["data"]["baseData"]["target"] == "Stripe"
    assert call["data"]["baseData"]["properties"]["attempt"] == "2"
    assert_true_to_vendor(recording, exchanges=1)


def test_failure_is_told_with_its_stack_and_without_its_values(
    envelopes: Envelopes, recording: Path
) -> None:
    with pytest.raises(ValueError, match="ana"), operation("Bff", rental_id=RENTAL):
        raise ValueError("ana@example.com")
    [request] = envelopes("RequestData")
    assert request["data"]["baseData"]["success"] is False
    [failure] = envelopes("ExceptionData", rental_id=str(RENTAL))
    [exception] = failure["data"]["baseData"]["exceptions"]
    assert exception["typeName"] == exception["message"] == "ValueError"
    assert "test_failure_is_told" in innermost_frame(exception)
    assert "ana@" not in str(failure)
    assert failure["tags"]["ai.operation.parentId"] == request["data"]["baseData"]["id"]
    assert_true_to_vendor(recording, exchanges=1)


def test_expected_no_is_a_successful_request(envelopes: Envelopes) -> None:
    with pytest.raises(Rejected), operation("Bff"):
        raise Rejected("car_unavailable", "sold out")
    [request] = envelopes("RequestData")
    assert request["data"]["baseData"]["success"] is True
    assert request["data"]["baseData"]["responseCode"] == "car_unavailable"
    assert envelopes("ExceptionData") == []


def test_events_and_metrics_arrive(envelopes: Envelopes, recording: Path) -> None:
    with operation("Bff", traceparent=INCOMING, rental_id=RENTAL):
        event("rental_booked", {"branch": "GRU"})
        for value in (1, 2, 6):
            metric("queue_depth", value, {"queue": "email-requests"})
    [booked] = envelopes("EventData", rental_id=str(RENTAL))
    assert booked["data"]["baseData"]["name"] == "rental_booked"
    assert booked["data"]["baseData"]["properties"]["branch"] == "GRU"
    assert booked["tags"]["ai.operation.id"] == "ab" * 16
    points = [each["data"]["baseData"]["metrics"][0] for each in envelopes("MetricData")]
    assert sum(point["count"] for point in points) == 3
    assert sum(point["value"] for point in points) == 9
    assert max(point["max"] for point in points) == 6
    assert_true_to_vendor(recording, exchanges=1)


def test_our_log_lines_are_traces_of_their_operation(envelopes: Envelopes, recording: Path) -> None:
    with operation("Bff", traceparent=INCOMING, rental_id=RENTAL):
        logging.getLogger("rent_process.booking").warning("refused %s", "ana@example.com")
        logging.getLogger("somebody.else").warning("not ours")
    [line] = envelopes("MessageData", rental_id=str(RENTAL))
    assert line["data"]["baseData"]["message"] == "refused [redacted]"
    assert line["data"]["baseData"]["properties"]["logger"] == "rent_process.booking"
    assert line["tags"]["ai.operation.id"] == "ab" * 16
    assert_true_to_vendor(recording, exchanges=1)


def test_dead_endpoint_slows_nobody_and_loses_nothing(
    backend: str, insights: str, envelopes: Envelopes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"shared.telemetry.{backend}.RETRY_SECONDS", 0.3)
    fault = {"kind": "close", "times": None}
    assert httpx.post(f"{insights}/_control/faults", json=fault).is_success
    started = time.perf_counter()
    for number in range(300):
        with operation("Bff", rental_id=RENTAL, count=number):
            pass
    assert time.perf_counter() - started < 5
    assert telemetry.flush(20)
    assert httpx.delete(f"{insights}/_control/faults").is_success
    deadline = time.monotonic() + 20
    while len(envelopes("RequestData", rental_id=str(RENTAL))) < 300:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert len(envelopes("RequestData", rental_id=str(RENTAL))) == 300


def test_recording_does_not_wait_for_the_sdk_to_start(envelopes: Envelopes) -> None:
    started = time.perf_counter()
    with operation("Bff"):
        pass
    assert time.perf_counter() - started < 0.5  # the SDK alone takes seconds on a busy machine
    assert len(envelopes("RequestData")) == 1


def test_sampling_keeps_whole_rentals_and_every_failure(
    environment: pytest.MonkeyPatch, envelopes: Envelopes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "rent_process.booking")
    environment.setenv("TELEMETRY_SAMPLING_PERCENT", "30")
    get_settings.cache_clear()
    telemetry.shutdown()
    rentals = [uuid4() for _ in range(60)]
    for rental in rentals:
        with operation("Bff"), operation("RentProcess"):
            with dependency("PostgreSQL", "find"):
                pass  # ends before anybody knows whose rental it is
            about(rental)
            logging.getLogger("rent_process.booking").info("found")
            event("rental_booked")
        with operation("PaymentProcess", rental_id=rental):
            pass
    with pytest.raises(ValueError, match="x"), operation("Bff", rental_id=RENTAL):
        raise ValueError("x")
    assert len(envelopes("EventData")) == 60
    assert len(envelopes("ExceptionData")) == 1
    requests = [each for each in envelopes("RequestData") if each["data"]["baseData"]["success"]]
    assert {each["sampleRate"] for each in requests} == {30}
    seen = Counter(each["data"]["baseData"]["properties"]["rental_id"] for each in requests)
    assert set(seen.values()) == {3}, "a rental is there in part"
    assert 5 < len(seen) < 35
    traces = {each["tags"]["ai.operation.id"] for each in requests}
    for kind in ("RemoteDependencyData", "MessageData"):
        found = envelopes(kind)
        assert len(found) == len(seen)
        assert {each["tags"]["ai.operation.id"] for each in found} <= traces


def innermost_frame(exception: dict[str, Any]) -> str:
    """Each SDK tells the stack in another of the two forms that the service takes."""
    if "parsedStack" in exception:
        return str(exception["parsedStack"][0]["method"])
    return str(exception["stack"].splitlines()[-1])
