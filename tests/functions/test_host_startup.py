"""What stops the host before it serves, and how it stops when told."""

import re
import signal
import sys
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from azure.storage.queue import QueueClient, TextBase64EncodePolicy

from infra.local.host.configuration import HostConfiguration, parse_time_span, read_host_json
from infra.local.host.errors import StartupError
from infra.local.host.indexing import import_functions
from infra.local.host.server import Host, HostOptions
from tests.plugins.azurite import Azurite
from tests.plugins.functions_host import (
    SAMPLE_APP,
    read_record,
    run_host,
    sample_settings,
    wait_until_listening,
)

HOST_JSON = '{"version": "2.0", "extensions": {"http": {"routePrefix": "%s"}}}'
HEAD = "import azure.functions as func\napp = func.FunctionApp()\n"
ROUTE = (
    "@app.route({route!r}, auth_level=func.AuthLevel.ANONYMOUS)\n"
    "def {name}(req: func.HttpRequest) -> func.HttpResponse:\n    return func.HttpResponse('hi')\n"
)
Load = Callable[..., Host]
OUTPUT_BINDING = (
    "@app.timer_trigger('t', '0 * * * * *')\n"
    "@app.queue_output('o', 'q', 'S')\n"
    "def X(t: func.TimerRequest, o: func.Out[str]) -> None: ...\n"
)


def make_app(folder: Path, source: str, prefix: str = "") -> Path:
    (folder / "function_app.py").write_text(source, encoding="utf-8")
    (folder / "host.json").write_text(HOST_JSON % prefix, encoding="utf-8")
    return folder


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Does what the host does before it listens, in this process."""
    monkeypatch.setattr(sys, "path", list(sys.path))

    def load_app(source: str, prefix: str = "") -> Host:
        name = f"app_{uuid.uuid4().hex}"
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
        options = HostOptions(0, None, tmp_path, "NO_SUCH_KEY", "NO_SUCH_KEY")
        functions = import_functions(name, tmp_path)
        return Host(functions, HostConfiguration(route_prefix=prefix), options)

    return load_app


def refusal(folder: Path, *arguments: str, **environment: str) -> str:
    """What the host prints when it does not start; the exit code must say so too."""
    with run_host(folder, *arguments, **environment) as host:
        assert host.process.wait(timeout=20) == 2
    message = host.log().partition("The functions host cannot start: ")[2]
    assert message, host.log()
    return message


def test_import_error_is_shown_with_its_traceback(tmp_path: Path) -> None:
    with run_host(make_app(tmp_path, "import no_such_module\n")) as host:
        assert host.process.wait(timeout=20) == 2
    assert "No module named 'no_such_module'" in host.log()
    assert "function_app.py" in host.log()


@pytest.mark.parametrize(
    ("source", "found"), [("x = 1\n", 0), (HEAD + "other = func.FunctionApp()\n", 2)]
)
async def test_app_needs_exactly_one_function_app(source: str, found: int, load: Load) -> None:
    with pytest.raises(StartupError, match=f"exactly one top-level FunctionApp, found {found}"):
        load(source)


@pytest.mark.parametrize("route", ["admin/x", "/Admin", "runtime", "administrators"])
async def test_routes_that_start_like_the_hosts_own_are_refused(route: str, load: Load) -> None:
    with pytest.raises(StartupError, match="conflicts"):
        load(HEAD + ROUTE.format(route=route, name="X"))


async def test_route_with_a_leading_slash_under_a_prefix_is_refused(load: Load) -> None:
    with pytest.raises(StartupError, match="empty segment") as caught:
        load(HEAD + ROUTE.format(route="/{*route}", name="X"), "api")
    assert "api//{*route}" in str(caught.value)
    assert '"routePrefix": ""' in str(caught.value)


async def test_leading_slash_without_a_prefix_is_accepted(load: Load) -> None:
    load(HEAD + ROUTE.format(route="/x", name="X"))


def test_route_prefix_stands_before_every_route(tmp_path: Path) -> None:
    app = make_app(tmp_path, HEAD + ROUTE.format(route="x", name="X"), prefix="api")
    with run_host(app) as host:
        url = wait_until_listening(host).url
        assert httpx.get(f"{url}/api/x").text == "hi"
        assert httpx.get(f"{url}/x").status_code == 404


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        (ROUTE.format(route="x/{id:regex(^a$)}", name="X"), "cannot read"),
        (ROUTE.format(route="x/{id:long}", name="X"), "long"),
        (ROUTE.format(route="x", name="X").replace("(req:", "(other:"), "missing: ['req']"),
        ("@app.timer_trigger('t', 'never')\ndef X(t: func.TimerRequest) -> None: ...\n", "NCRON"),
        (
            "@app.timer_trigger('t', '%NOT_SET%')\ndef X(t: func.TimerRequest) -> None: ...\n",
            "NOT_SET",
        ),
        (
            "@app.queue_trigger('m', 'q', 'Nowhere')\ndef X(m: func.QueueMessage) -> None: ...\n",
            "set Nowhere",
        ),
        (
            "@app.blob_trigger('b', 'c/{n}', 'S')\ndef X(b: func.InputStream) -> None: ...\n",
            "blobTrigger",
        ),
        (OUTPUT_BINDING, "Send with the SDK"),
    ],
)
async def test_what_cannot_be_served_is_named(source: str, complaint: str, load: Load) -> None:
    with pytest.raises(StartupError, match=re.escape(complaint)):
        load(HEAD + source)


async def test_function_that_asks_for_a_key_needs_one_to_be_set(load: Load) -> None:
    with pytest.raises(StartupError, match="set NO_SUCH_KEY: X"):
        load(HEAD + ROUTE.format(route="x", name="X").replace("ANONYMOUS", "FUNCTION"))


def test_missing_host_json_is_named(tmp_path: Path) -> None:
    assert "host.json is missing" in refusal(tmp_path)


def test_taken_port_is_named_with_the_remedy(tmp_path: Path) -> None:
    app = make_app(tmp_path, HEAD + ROUTE.format(route="x", name="X"))
    with run_host(app) as first:
        port = httpx.URL(wait_until_listening(first).url).port
        assert "--port" in refusal(app, "--port", str(port))


def test_disabled_function_is_not_served(tmp_path: Path) -> None:
    app = make_app(tmp_path, HEAD + ROUTE.format(route="x", name="X"))
    with run_host(app, **{"AzureWebJobs.X.Disabled": "true"}) as host:
        assert httpx.get(f"{wait_until_listening(host).url}/x").status_code == 404


def test_installed_package_shadows_a_folder_of_the_app_as_in_azure(tmp_path: Path) -> None:
    (tmp_path / "httpx.py").write_text("raise RuntimeError('the app folder came first')")
    app = make_app(tmp_path, "import httpx\n" + HEAD + ROUTE.format(route="x", name="X"))
    with run_host(app) as host:
        wait_until_listening(host)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_host_within_five_seconds_after_what_runs(
    number: int, azurite: Azurite, tmp_path: Path
) -> None:
    record = tmp_path / "record.jsonl"
    settings = sample_settings(azurite, tmp_path)
    with (
        run_host(SAMPLE_APP, "--state-dir", str(tmp_path), **settings) as host,
        ThreadPoolExecutor(1) as pool,
    ):
        url = wait_until_listening(host).url
        answer = pool.submit(httpx.get, f"{url}/slow/1")
        until_recorded(record, 1, function="Slow")
        began = time.monotonic()
        assert host.stop(number) == 0
        assert time.monotonic() - began < 5
        assert answer.result().text == "done"


def test_killed_hosts_message_is_run_again_by_the_next_after_its_lease(
    azurite: Azurite, tmp_path: Path
) -> None:
    record = tmp_path / "record.jsonl"
    settings = sample_settings(azurite, tmp_path)
    arguments = ["--state-dir", str(tmp_path), "--queue-lease-seconds", "2"]
    send_work(settings, '{"name": "interrupted", "seconds": 1.5}')
    with run_host(SAMPLE_APP, *arguments, **settings) as first:
        until_recorded(record, 1, name="interrupted")
        first.process.kill()
    with run_host(SAMPLE_APP, *arguments, **settings) as second:
        assert "lease_seconds=2" in wait_until_listening(second).log()
        until_recorded(record, 2, name="interrupted")
    assert [line["count"] for line in recorded(record, name="interrupted")] == [1, 2]


def test_ten_minute_lease_and_time_spans_are_read_as_dotnet_writes_them(tmp_path: Path) -> None:
    assert parse_time_span("00:00:30") == 30
    assert parse_time_span("1.02:03:04.5") == 93784.5
    with pytest.raises(StartupError, match="time span"):
        parse_time_span("30")
    host_json = tmp_path / "host.json"
    host_json.write_text('{"version": "2.0"}')
    queues = read_host_json(host_json).queues
    assert (queues.lease_seconds, queues.batch_size, queues.new_batch_threshold) == (600, 16, 8)
    assert (queues.max_dequeue_count, queues.visibility_timeout_seconds) == (5, 0)
    assert queues.max_polling_seconds == 60


@pytest.mark.parametrize(
    "queues", ['{"batchSize": 33}', '{"batchSize": 0}', '{"messageEncoding": "rot13"}']
)
def test_queue_options_that_azure_refuses_are_refused(queues: str, tmp_path: Path) -> None:
    host_json = tmp_path / "host.json"
    host_json.write_text(f'{{"version": "2.0", "extensions": {{"queues": {queues}}}}}')
    with pytest.raises(StartupError, match="queues"):
        read_host_json(host_json)


def send_work(settings: dict[str, str], text: str) -> None:
    with QueueClient.from_connection_string(
        settings["SampleQueue"],
        settings["SampleQueueName"],
        message_encode_policy=TextBase64EncodePolicy(),
    ) as queue:
        queue.create_queue()
        queue.send_message(text)


def recorded(record: Path, **wanted: str) -> list[dict[str, object]]:
    return [line for line in read_record(record) if wanted.items() <= line.items()]


def until_recorded(record: Path, lines: int, **wanted: str) -> None:
    deadline = time.monotonic() + 60
    while len(recorded(record, **wanted)) < lines:
        assert time.monotonic() < deadline, "the function did not run"
        time.sleep(0.05)
