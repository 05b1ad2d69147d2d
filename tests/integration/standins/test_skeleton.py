"""The layers that every stand-in shares, around a tiny vendor, over a real socket."""

import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from infra.local.standins.profile import Profile, Record

Serve = Callable[..., dict[str, str]]


class TinyVendor(ModuleType):
    """Counts what it did, so that a test can tell an act from an answer."""

    PROFILE = Profile("tiny", secret_fields=frozenset({"number"}), refuse=None)

    def __init__(self) -> None:
        super().__init__("infra.local.standins.tiny.app")
        self.acts = 0

    def create_app(self, _options: dict[str, Any], _record: Record) -> Starlette:
        async def act(request: Request) -> JSONResponse:
            self.acts += 1
            await request.body()
            return JSONResponse({"acts": self.acts})

        return Starlette(routes=[Route("/act/{name}", act, methods=["GET", "POST"])])


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> TinyVendor:
    tiny = TinyVendor()
    tiny.PROFILE = Profile(
        "tiny",
        secret_fields=frozenset({"number"}),
        refuse=lambda status: JSONResponse({"refused": status}, status_code=status),
    )
    monkeypatch.setitem(sys.modules, "infra.local.standins.tiny.app", tiny)
    return tiny


@pytest.fixture
def url(vendor: TinyVendor, serve_standins: Serve, tmp_path: Path) -> str:
    assert vendor.acts == 0
    return serve_standins({"name": "tiny"}, record=tmp_path / "exchanges.jsonl")["tiny"]


def recorded(tmp_path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (tmp_path / "exchanges.jsonl").read_text().splitlines()]


def set_fault(url: str, **fault: Any) -> None:
    assert httpx.post(f"{url}/_control/faults", json=fault).status_code == 200


def test_exchange_is_recorded_decoded_with_its_secrets_masked(url: str, tmp_path: Path) -> None:
    httpx.post(
        f"{url}/act/a?x=1&y=2&y=3",
        data={"card[number]": "4242424242424242", "card[exp_year]": "2030"},
        headers={"Authorization": "Bearer sk_test_abcdef", "Api-Key": "hunter2"},
    )
    [exchange] = recorded(tmp_path)
    assert exchange["vendor"] == "tiny"
    assert exchange["path"] == "/act/a"
    assert exchange["query"] == {"x": "1", "y": ["2", "3"]}
    assert exchange["request_body"] == {"card[number]": "***4242", "card[exp_year]": "2030"}
    assert exchange["request_headers"]["authorization"] == "Bearer sk_test_***"
    assert "hunter2" not in json.dumps(exchange)
    assert exchange["status"] == 200
    assert exchange["response_body"] == {"acts": 1}


def test_gzip_and_json_lines_are_recorded_as_data(url: str, tmp_path: Path) -> None:
    body = gzip.compress(b'{"a":1}\n{"a":2}\n')
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/x-json-stream"}
    httpx.post(f"{url}/act/a", content=body, headers=headers)
    httpx.get(f"{url}/act/a")
    first, second = recorded(tmp_path)
    assert first["request_body"] == [{"a": 1}, {"a": 2}]
    assert second["request_body"] is None


def test_status_fault_answers_as_the_vendor_refuses_and_does_not_act(
    url: str, vendor: TinyVendor, tmp_path: Path
) -> None:
    set_fault(url, kind="status", status=503, match={"method": "POST", "path": "/act/*"}, times=2)
    assert httpx.get(f"{url}/act/a").status_code == 200
    assert [httpx.post(f"{url}/act/a").json() for _ in range(3)] == [
        {"refused": 503},
        {"refused": 503},
        {"acts": 2},
    ]
    assert vendor.acts == 2
    assert [each["status"] for each in recorded(tmp_path)] == [200, 503, 503, 200]


def test_close_hangs_up_before_the_act_and_drop_answer_after_it(
    url: str, vendor: TinyVendor, tmp_path: Path
) -> None:
    set_fault(url, kind="close")
    set_fault(url, kind="drop_answer")
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{url}/act/a")
    assert vendor.acts == 0
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{url}/act/a")
    assert vendor.acts == 1
    assert httpx.get(f"{url}/act/a").json() == {"acts": 2}
    assert len(recorded(tmp_path)) == 2


def test_delay_holds_the_answer_back(url: str) -> None:
    set_fault(url, kind="delay", seconds=0.3, skip=1)
    assert httpx.get(f"{url}/act/a").elapsed.total_seconds() < 0.2
    assert httpx.get(f"{url}/act/a").elapsed.total_seconds() >= 0.3
    assert httpx.get(f"{url}/act/a").elapsed.total_seconds() < 0.2


def test_faults_are_listed_and_cleared_and_wrong_ones_refused(url: str) -> None:
    set_fault(url, kind="close", times=None)
    assert len(httpx.get(f"{url}/_control/faults").json()["faults"]) == 1
    assert httpx.delete(f"{url}/_control/faults").json() == {"faults": []}
    wrong = [{"kind": "explode"}, {"kind": "delay"}, {"kind": "close", "often": 3}]
    answers = [httpx.post(f"{url}/_control/faults", json=each).status_code for each in wrong]
    assert answers == [422, 422, 422]
    set_fault(url, kind="close", times=None)
    httpx.post(f"{url}/_control/reset")
    assert httpx.get(f"{url}/act/a").status_code == 200


def test_a_taken_port_is_an_error(serve_standins: Serve, url: str) -> None:
    with pytest.raises(OSError, match=r"in use|only one usage"):
        serve_standins({"name": "tiny", "port": int(url.rpartition(":")[2])})
