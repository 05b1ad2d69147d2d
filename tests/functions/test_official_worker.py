"""Microsoft's own worker accepts and runs every function, not only our host."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.official_worker import ROOT, OfficialWorker

pytestmark = pytest.mark.timeout(600)  # the first run installs the worker's environment

SAMPLE = Path(__file__).parent / "sample_app"
APPS = [SAMPLE, *([ROOT] if (ROOT / "function_app.py").exists() else [])]


def http(function: str, path: str, **fields: Any) -> dict[str, Any]:
    url = f"http://127.0.0.1:7071{path}"
    return {"function": function, "http": {"method": "GET", "url": url, **fields}}


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_worker_indexes_and_loads_every_function_of_the_app(
    app: Path, official_worker: OfficialWorker
) -> None:
    report = official_worker.run(app, [])
    assert "error" not in report, report["error"]
    assert report["loaded"] == registered_functions(app, official_worker)


@pytest.mark.skipif(ROOT not in APPS, reason="this checkout has no function_app.py yet")
def test_worker_answers_the_health_call_through_bff(official_worker: OfficialWorker) -> None:
    report = official_worker.run(ROOT, [http("Bff", "/api/health")])
    (answer,) = report["answers"]
    assert answer["succeeded"], answer
    # Nothing else is up, so the answer may name what is missing; it must be the app's own.
    assert answer["status"] in {"200", "503"}
    assert json.loads(answer["body"])


def test_worker_runs_asgi_functions(official_worker: OfficialWorker) -> None:
    call = http("Asgi", "/asgi/x?a=1", headers={"x-one": "1"}, body="text")
    (answer,) = official_worker.run(SAMPLE, [call])["answers"]
    seen = json.loads(answer["body"])
    assert (seen["path"], seen["query"], seen["body"]) == ("/asgi/x", "a=1", "text")
    assert seen["client"] is None
    assert seen["headers"]["x-one"] == "1"


def test_worker_runs_queue_timer_and_poison_functions(
    official_worker: OfficialWorker, tmp_path: Path
) -> None:
    record = tmp_path / "record.jsonl"
    invocations: list[dict[str, Any]] = [
        {"function": "Work", "queue": '{"name": "first"}'},
        {"function": "WorkPoison", "queue": "not even JSON"},
        {"function": "Tick", "timer": True},
    ]
    report = official_worker.run(SAMPLE, invocations, SAMPLE_RECORD=str(record))
    assert [answer["succeeded"] for answer in report["answers"]] == [True, True, True], report
    lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    assert [line["function"] for line in lines] == ["Work", "WorkPoison", "Tick"]
    assert lines[0]["count"] == 1


def test_worker_reports_an_exception_as_a_failed_invocation(
    official_worker: OfficialWorker,
) -> None:
    (answer,) = official_worker.run(SAMPLE, [http("Broken", "/broken")])["answers"]
    assert answer == {"succeeded": False, "error": "RuntimeError: broken on purpose"}


@pytest.mark.parametrize(
    ("signature", "complaint"),
    [
        ("(req: func.HttpRequest, extra: str) -> func.HttpResponse", "extra"),
        ("(request: func.HttpRequest) -> func.HttpResponse", "req"),
        ("(req: func.QueueMessage) -> func.HttpResponse", "annotation"),
        ("(req: func.HttpRequest) -> func.HttpResponse | None", "return annotation"),
    ],
)
def test_worker_refuses_signatures_that_registering_accepts(
    signature: str, complaint: str, official_worker: OfficialWorker, tmp_path: Path
) -> None:
    # The reason for this file: app.get_functions() is content with all of these.
    head = "import azure.functions as func\napp = func.FunctionApp()\n"
    source = f"{head}@app.route('x')\ndef X{signature}:\n    return None\n"
    (tmp_path / "function_app.py").write_text(source, encoding="utf-8")
    assert complaint in official_worker.run(tmp_path, [])["error"]


def registered_functions(app: Path, official_worker: OfficialWorker) -> list[str]:
    """What the app registers, asked in a process of its own: an app can be listed only once."""
    code = (
        "import function_app as f; print(*[x.get_function_name() for x in f.app.get_functions()])"
    )
    completed = subprocess.run(  # noqa: S603 - our own one-liner
        [official_worker.python, "-c", code], cwd=app, capture_output=True, text=True, check=True
    )
    return sorted(completed.stdout.split())
