"""HTTP triggers: one test for each thing that Azure does and a kinder host would not."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from infra.local.host.server import bind_loopback
from tests.plugins.functions_host import FUNCTION_KEY, MASTER_KEY, SampleHost

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def client(sample_host: SampleHost) -> httpx.Client:
    return sample_host.client


def echo(client: httpx.Client, path: str = "/echo/x", **request: Any) -> dict[str, Any]:
    response = client.get(path, **request)
    assert response.status_code == 200, response.text
    seen: dict[str, Any] = response.json()
    return seen


def test_function_whose_name_sorts_first_takes_an_overlapping_route(client: httpx.Client) -> None:
    # echo/{word} and ECHO/first both match; ADifferentEcho comes before Echo.
    assert client.get("/echo/first").text == "ADifferentEcho"


def test_routes_ignore_case_and_a_trailing_slash(client: httpx.Client) -> None:
    assert echo(client, "/EcHo/Word/")["route"] == {"word": "Word"}


def test_catch_all_takes_the_rest_of_the_path_and_nothing_too(client: httpx.Client) -> None:
    assert client.get("/asgi/a/b%20c").json()["path"] == "/asgi/a/b c"
    assert client.get("/asgi").json()["path"] == "/asgi"


def test_wrong_method_is_404_and_not_405(client: httpx.Client) -> None:
    assert client.put("/echo/x").status_code == 404


def test_wrong_method_on_a_function_route_is_never_answered_with_a_page(
    client: httpx.Client,
) -> None:
    assert client.delete("/echo/x").status_code == 404
    assert client.head("/echo/x").status_code == 404


def test_function_without_methods_takes_them_all(client: httpx.Client) -> None:
    assert client.request("PATCH", "/asgi/x").status_code == 200


def test_header_names_arrive_in_lower_case_and_repeats_joined_by_comma(
    client: httpx.Client,
) -> None:
    headers = [("X-Thing", "one"), ("x-thing", "two")]
    assert echo(client, headers=headers)["headers"]["x-thing"] == "one,two"


def test_empty_query_values_are_dropped_and_repeats_joined(client: httpx.Client) -> None:
    seen = echo(client, "/echo/x?a=1&A=2&empty=&name=S%C3%A3o")
    assert seen["params"] == {"a": "1,2", "name": "São"}
    assert seen["url"].endswith("/echo/x?a=1&A=2&empty=&name=S%C3%A3o")


def test_body_with_a_length_arrives_whole(client: httpx.Client) -> None:
    text = "x" * 300_000
    assert client.post("/echo/x", content=text).json()["body"] == text


def test_chunked_body_arrives_empty(client: httpx.Client) -> None:
    response = client.post("/echo/x", content=iter([b"some", b"thing"]))
    assert response.request.headers["transfer-encoding"] == "chunked"
    assert response.json()["body"] == ""


def test_body_over_the_limit_is_413(client: httpx.Client) -> None:
    address = urlsplit(str(client.base_url))
    with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
        connection.sendall(b"POST /echo/x HTTP/1.1\r\nHost: x\r\nContent-Length: 104857601\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_exception_answers_500_with_an_empty_body(client: httpx.Client) -> None:
    response = client.get("/broken")
    assert (response.status_code, response.content) == (500, b"")


def test_function_that_runs_longer_than_function_timeout_fails(client: httpx.Client) -> None:
    assert client.get("/slow/5").status_code == 500  # host.json says 2 s


def test_key_is_asked_for_and_a_wrong_one_refused(client: httpx.Client) -> None:
    assert client.get("/guarded").status_code == 401
    assert client.get("/guarded", headers={"x-functions-key": "wrong"}).status_code == 401
    assert client.get("/guarded?code=wrong").content == b""


def test_key_is_taken_from_header_or_query_and_the_header_wins(client: httpx.Client) -> None:
    assert client.get("/guarded", headers={"x-functions-key": FUNCTION_KEY}).text == "let in"
    assert client.get("/guarded", params={"code": FUNCTION_KEY}).text == "let in"
    both = client.get("/guarded", params={"code": FUNCTION_KEY}, headers={"x-functions-key": "no"})
    assert both.status_code == 401


def test_master_key_opens_everything(client: httpx.Client) -> None:
    assert client.get("/guarded", headers={"x-functions-key": MASTER_KEY}).text == "let in"


def test_invocation_continues_the_trace_with_a_span_of_its_own(client: httpx.Client) -> None:
    headers = {"traceparent": TRACEPARENT, "tracestate": "a=1"}
    seen = echo(client, headers=headers)
    version, trace_id, span_id, flags = seen["trace_parent"].split("-")
    assert (version, trace_id, flags) == ("00", TRACEPARENT.split("-")[1], "01")
    assert len(span_id) == 16
    assert span_id != TRACEPARENT.split("-")[2]
    assert seen["trace_state"] == "a=1"
    # The incoming header itself stays as it came.
    assert seen["headers"]["traceparent"] == TRACEPARENT


@pytest.mark.parametrize("header", ["", "garbage", "00-" + "0" * 32 + "-00f067aa0ba902b7-01"])
def test_unusable_trace_header_starts_a_new_trace(header: str, client: httpx.Client) -> None:
    seen = echo(client, headers={"traceparent": header})
    assert seen["trace_parent"].split("-")[1] not in {"", "0" * 32}


def test_context_names_the_function_and_the_invocation(client: httpx.Client) -> None:
    first, second = echo(client), echo(client)
    assert first["function"] == "Echo"
    assert first["invocation"] != second["invocation"]


def test_asgi_app_sees_the_full_path_no_client_and_its_cookies_survive(
    client: httpx.Client,
) -> None:
    response = client.post("/asgi/full/path?q=1", content=b"text")
    seen = response.json()
    assert (seen["path"], seen["query"], seen["body"]) == ("/asgi/full/path", "q=1", "text")
    assert seen["client"] is None
    assert response.headers.get_list("set-cookie") == ["a=1", "b=2; Path=/"]


def test_synchronous_functions_run_beside_each_other_in_threads(client: httpx.Client) -> None:
    started = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        names = list(pool.map(lambda _: client.get("/thread").text, range(4)))
    assert time.monotonic() - started < 1.15  # 4 x 0.3 s one after another
    assert all(name.startswith("function") for name in names)


def test_unknown_admin_path_is_404_and_status_says_running(client: httpx.Client) -> None:
    assert client.get("/admin/host/status").json()["state"] == "Running"
    assert client.get("/admin/host/ping").status_code == 200
    assert client.get("/admin/anything").status_code == 404


def test_running_a_function_by_hand_needs_the_master_key(sample_host: SampleHost) -> None:
    client = sample_host.client
    assert client.post("/admin/functions/Tick").status_code == 401
    with_function_key = {"x-functions-key": FUNCTION_KEY}
    assert client.post("/admin/functions/Tick", headers=with_function_key).status_code == 401


def test_queue_function_runs_by_hand_with_the_given_input(sample_host: SampleHost) -> None:
    headers = {"x-functions-key": MASTER_KEY}
    order = {"input": json.dumps({"name": "by hand"})}
    response = sample_host.client.post("/admin/functions/work", json=order, headers=headers)
    assert response.status_code == 202
    deadline = time.monotonic() + 5
    while "by hand" not in sample_host.record.read_text(encoding="utf-8"):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_log_names_the_function_and_outcome_but_no_body_and_no_key(
    sample_host: SampleHost,
) -> None:
    sample_host.client.post("/echo/x", content="very private body")
    sample_host.client.get(f"/guarded?code={FUNCTION_KEY}")
    log = sample_host.process.log()
    assert "function=Echo" in log
    assert "outcome=succeeded" in log
    assert "very private body" not in log
    assert FUNCTION_KEY not in log


def test_listening_socket_says_tcp_so_that_asyncio_sends_answers_at_once() -> None:
    # Otherwise asyncio leaves Nagle's algorithm on: 40 ms more for each answer (measured).
    with bind_loopback(0) as listening:
        assert listening.proto == socket.IPPROTO_TCP
        assert listening.getsockname()[0] == "127.0.0.1"
