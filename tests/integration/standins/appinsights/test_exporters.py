"""The exporters that the product uses, and hand-made requests, against the stand-in."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from opencensus.trace.samplers import AlwaysOnSampler
from opencensus.trace.span import SpanKind
from opencensus.trace.tracer import Tracer

from tests.integration.standins.vendor_check import assert_true_to_vendor
from tests.plugins.standins import Serve

KEY = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return tmp_path / "exchanges.jsonl"


@pytest.fixture
def url(serve_standins: Serve, recording: Path) -> str:
    server = {"name": "appinsights", "options": {"keep": 50}}
    return serve_standins(server, record=recording)["appinsights"]


def envelope(name: str = "POST /rentals", **changes: Any) -> dict[str, Any]:
    base = {"ver": 2, "id": "1", "name": name, "duration": "0.00:00:00.250"}
    outcome = {"success": True, "responseCode": "202", "properties": {"rental_id": "r-1"}}
    return {
        "ver": 1,
        "name": "Microsoft.ApplicationInsights.Request",
        "time": datetime.now(UTC).isoformat(),
        "iKey": KEY,
        "tags": {"ai.operation.id": "op-1", "ai.cloud.role": "bff"},
        "data": {"baseType": "RequestData", "baseData": {**base, **outcome}},
        **changes,
    }


def kept(url: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = httpx.get(f"{url}/_control/envelopes", params=query).json()[
        "envelopes"
    ]
    return found


@pytest.mark.filterwarnings("ignore:.*getdefaultlocale:DeprecationWarning")  # opencensus' own
def test_opencensus_spans_arrive_in_one_operation(
    url: str, recording: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from opencensus.ext.azure.trace_exporter import AzureExporter  # noqa: PLC0415 - warns at import

    monkeypatch.setenv("APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL", "true")
    exporter = AzureExporter(
        connection_string=f"InstrumentationKey={KEY};IngestionEndpoint={url}/",
        storage_path=str(tmp_path / "telemetry"),
        export_interval=0.1,
    )
    tracer = Tracer(exporter=exporter, sampler=AlwaysOnSampler())
    with tracer.span("POST /api/rentals") as outer:
        outer.span_kind = SpanKind.SERVER
        outer.add_attribute("rental_id", "r-7")
        with tracer.span("INSERT rent.rental") as inner:
            inner.span_kind = SpanKind.CLIENT
            inner.add_attribute("component", "SQL")  # without it the exporter sends type null
    exporter._worker.stop(timeout=5)
    exporter.storage.close()
    [child, parent] = sorted(kept(url), key=lambda each: each["data"]["baseType"])
    assert child["data"]["baseType"] == "RemoteDependencyData"
    assert child["tags"]["ai.operation.id"] == parent["tags"]["ai.operation.id"]
    assert kept(url, rental_id="r-7") == [parent]
    assert kept(url, operation_id=parent["tags"]["ai.operation.id"]) == kept(url)
    assert_true_to_vendor(recording, exchanges=1)


@pytest.mark.parametrize(
    ("encode", "headers"),
    [
        (lambda items: json.dumps(items).encode(), {}),
        (lambda items: gzip.compress(json.dumps(items).encode()), {"Content-Encoding": "gzip"}),
        (
            lambda items: "\n".join(json.dumps(item) for item in items).encode(),
            {"Content-Type": "x-json-stream"},
        ),
    ],
)
@pytest.mark.parametrize("path", ["/v2.1/track", "//v2.1/track"])
def test_arrays_lines_and_gzip_are_taken(
    url: str,
    encode: Callable[[list[Any]], bytes],
    headers: dict[str, str],
    path: str,
) -> None:
    sent = {"Content-Type": "application/json", **headers}
    answer = httpx.post(url + path, content=encode([envelope(), envelope()]), headers=sent)
    assert answer.status_code == 200
    assert answer.json() == {"itemsReceived": 2, "itemsAccepted": 2, "errors": []}
    assert len(kept(url)) == 2


def test_faulty_items_are_named_and_the_others_taken(url: str, recording: Path) -> None:
    items = [envelope(), envelope(iKey="x"), envelope(time="soon"), envelope(data={})]
    answer = httpx.post(f"{url}/v2.1/track", json=items)
    assert answer.status_code == 206
    assert [fault["index"] for fault in answer.json()["errors"]] == [1, 2, 3]
    assert len(kept(url)) == 1
    assert httpx.post(f"{url}/v2.1/track", json=items[1:]).status_code == 400
    assert httpx.post(f"{url}/v2.1/track", content=b"{").status_code == 400
    assert_true_to_vendor(recording, exchanges=2, only="response")


@pytest.mark.parametrize("status", [402, 429, 500, 503])
def test_an_injected_fault_takes_nothing_and_speaks_as_the_vendor(
    url: str, recording: Path, status: int
) -> None:
    httpx.post(f"{url}/_control/faults", json={"kind": "status", "status": status})
    answer = httpx.post(f"{url}/v2.1/track", json=[envelope(), envelope()])
    assert answer.status_code == status
    assert answer.json()["itemsAccepted"] == 0
    assert kept(url) == []
    assert_true_to_vendor(recording, exchanges=1)


def test_only_the_latest_are_kept_and_reset_forgets_them(url: str) -> None:
    httpx.post(f"{url}/v2.1/track", json=[envelope(str(number)) for number in range(60)])
    assert [each["data"]["baseData"]["name"] for each in kept(url)] == [
        str(number) for number in range(10, 60)
    ]
    httpx.post(f"{url}/_control/reset")
    assert kept(url) == []


def test_pages_show_operations_and_a_waterfall(url: str) -> None:
    started = datetime.now(UTC)
    call = {"ver": 2, "id": "2", "name": "<Stripe> confirm", "duration": "0.00:00:00.100"}
    child = envelope(
        time=(started + timedelta(milliseconds=50)).isoformat(),
        tags={"ai.operation.id": "op-1", "ai.operation.parentId": "1"},
        data={"baseType": "RemoteDependencyData", "baseData": {**call, "success": False}},
    )
    httpx.post(f"{url}/v2.1/track", json=[envelope(time=started.isoformat()), child])
    listed = httpx.get(url).text
    assert "POST /rentals" in listed
    assert 'href="/operations/op-1"' in listed
    assert "POST /rentals" not in httpx.get(url, params={"rental_id": "other"}).text
    waterfall = httpx.get(f"{url}/operations/op-1").text
    assert waterfall.index("POST /rentals</span>") < waterfall.index("&lt;Stripe&gt; confirm")
    assert "padding-left: 1.2rem" in waterfall
    assert "left: 20.00%; width: 40.00%" in waterfall
    assert "1 failed" in waterfall
    unknown = httpx.get(f"{url}/operations/nothing")
    assert unknown.status_code == 404
