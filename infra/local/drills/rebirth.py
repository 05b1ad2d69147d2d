"""Start again in a moment: on POSIX each life is a fresh fork of a parent that has only imported.

What a dead process knew is gone all the same; only the seconds that its imports take are saved,
which are most of a start. Elsewhere (Windows) the drill starts the whole process again.
"""

import importlib
import os
import signal
import sys
from types import FrameType

# Imported at first use by the product, and slow.
SLOW = (
    "function_app",
    "psycopg_pool",
    "psycopg.types.json",
    "azure.appconfiguration.provider.aio",
    "azure.identity.aio",
    "azure.keyvault.secrets.aio",
    "azure.storage.blob.aio",
    "azure.storage.queue.aio",
    "babel.dates",
    "babel.numbers",
    "featuremanagement.aio",
    "httpx",
    "jinja2",
    "rent_process.documents.pdf_drawing",
    "sendgrid",
    "uvicorn",
    "uvicorn.protocols.http.httptools_impl",
)


def live_again_and_again() -> None:
    """Return in every new life; the parent stays here, and ends as a life ends by itself."""
    if sys.platform == "win32":
        return
    for name in SLOW:
        importlib.import_module(name)
    while (life := os.fork()) != 0:
        code = _watch_over(life)
        if code != -signal.SIGKILL:
            sys.exit(code)


def _watch_over(life: int) -> int:
    def pass_on(number: int, _frame: FrameType | None) -> None:
        os.kill(life, number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, pass_on)
    _, status = os.waitpid(life, 0)
    return os.waitstatus_to_exitcode(status)
