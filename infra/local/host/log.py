"""One line per happening on stderr: time, then key=value pairs. Never a body, never a header."""

import asyncio
import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

# Libraries that report every request of theirs at INFO: noise beside the host's own lines.
_CHATTY = ("azure", "httpx", "httpcore", "uvicorn", "asyncio", "aiohttp", "opencensus")


def log_event(event: str, **fields: Any) -> None:
    """Write one line; values with spaces or quotes are JSON strings."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    pairs = "".join(f" {key}={_plain(value)}" for key, value in fields.items())
    sys.stderr.write(f"{now} {event}{pairs}\n")


def log_invocation(function: str, invocation_id: str, seconds: float, outcome: str) -> None:
    """The line of a run that raised nothing: written for each request, so nothing is quoted."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    sys.stderr.write(
        f"{now} invocation function={function} id={invocation_id} "
        f"duration_ms={seconds * 1000:.1f} outcome={outcome}\n"
    )


def one_line_traceback(error: BaseException) -> str:
    """The whole traceback, so that a developer sees where it broke without a second run."""
    return "".join(traceback.format_exception(error)).rstrip()


def report_crash(task: asyncio.Task[None]) -> None:
    """For tasks that nobody awaits: a listener that died must not die in silence."""
    if not task.cancelled() and (error := task.exception()):
        log_event("listener-crashed", task=task.get_name(), error=one_line_traceback(error))


def configure_logging() -> None:
    """Give the app's own log records the same one-line form as the host's."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLineFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


class _OneLineFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        now = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        text = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            text = f"{text}\n{one_line_traceback(record.exc_info[1])}"
        return f"{now} log level={record.levelname} logger={record.name} message={_plain(text)}"


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.1f}"
    text = str(value)
    if text and not any(character in text for character in ' "\n\r\t='):
        return text
    return json.dumps(text, ensure_ascii=False)
