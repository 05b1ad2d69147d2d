"""Start cold, start fast: what importing the function app may touch and load."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Vendors and drivers are loaded by the first call that needs them.
LATE = {
    "PIL",
    "aiohttp",
    "aiosmtplib",
    "azure.appconfiguration",
    "azure.core",
    "azure.identity",
    "azure.monitor",
    "azure.storage",
    "babel",
    "featuremanagement",
    "httpx",
    "jinja2",
    "opencensus",
    "opentelemetry.sdk",
    "psycopg",
    "psycopg_pool",
    "reportlab",
    "requests",
    "sendgrid",
    "stripe",
}
# What Starlette, pydantic and the worker library need. A jump means that something heavy is
# imported at the top of a module. Our own files are small, and not counted.
MOST_MODULES = 580
OURS = {"bff", "email_notification", "function_app", "payment_process", "rent_process", "shared"}
PROGRAM = """
import json, socket, sys
class NoNetwork(socket.socket):
    def connect(self, *_): raise AssertionError("the import reaches for the network")
socket.socket = NoNetwork
import function_app
names = [each.get_function_name() for each in function_app.app.get_functions()]
print(json.dumps({"modules": sorted(sys.modules), "functions": names}))
"""


def import_app() -> dict[str, list[str]]:
    completed = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={"PATH": "/nowhere", "SYSTEMROOT": "C:\\Windows"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stderr
    found: dict[str, list[str]] = json.loads(completed.stdout)
    return found


def test_import_needs_no_environment_and_yields_every_function() -> None:
    assert import_app()["functions"] == [
        "Bff",
        "RentProcess",
        "RentProcessPaymentResults",
        "RentProcessPaymentResultsPoison",
        "RentProcessDocuments",
        "RentProcessDocumentsPoison",
        "RentProcessTimer",
        "PaymentProcess",
        "PaymentProcessPoison",
        "PaymentWebhook",
        "PaymentProcessTimer",
        "EmailNotification",
        "EmailNotificationPoison",
        "EmailNotificationTimer",
    ]


def test_import_stays_within_its_budget() -> None:
    modules = import_app()["modules"]
    loaded = {late for late in LATE if late in modules}
    assert not loaded, "import these in the function that needs them"
    assert len([each for each in modules if each.split(".")[0] not in OURS]) <= MOST_MODULES
