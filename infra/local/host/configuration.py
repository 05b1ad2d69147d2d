"""host.json as the host reads it: the few values that change how functions are run."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.host.errors import StartupError

# Azure Storage hands out at most 32 messages a call.
_MAX_BATCH = 32
# The real host's own defaults (QueuesOptions.cs, LanguageWorkerOptions, FUNCTIONS docs).
_DEFAULT_POLLING_SECONDS = 60.0
_DEFAULT_TIMEOUT_SECONDS = 300.0
# Not in host.json: QueueListener.cs has it as a constant.
QUEUE_LEASE_SECONDS = 600.0
_TIME_SPAN = re.compile(r"(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class QueueOptions:
    """How every queue function of the app polls; Azure knows them host-wide only."""

    batch_size: int = 16
    new_batch_threshold: int = 8
    max_dequeue_count: int = 5
    visibility_timeout_seconds: float = 0
    max_polling_seconds: float = _DEFAULT_POLLING_SECONDS
    base64: bool = True
    lease_seconds: float = QUEUE_LEASE_SECONDS


@dataclass(frozen=True)
class HostConfiguration:
    """What host.json says, checked."""

    route_prefix: str = "api"
    function_timeout_seconds: float | None = _DEFAULT_TIMEOUT_SECONDS
    queues: QueueOptions = QueueOptions()


def read_host_json(path: Path, lease_seconds: float = QUEUE_LEASE_SECONDS) -> HostConfiguration:
    """Read host.json.

    Raises:
        StartupError: it is missing, no JSON or holds a value that Azure would refuse.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StartupError(f"{path} is missing: run the host in the project's root") from None
    except ValueError as error:
        raise StartupError(f"{path} is not JSON: {error}") from None
    if document.get("version") != "2.0":
        raise StartupError(f'{path} must say "version": "2.0"')
    extensions = document.get("extensions", {})
    return HostConfiguration(
        route_prefix=str(extensions.get("http", {}).get("routePrefix", "api")),
        function_timeout_seconds=_timeout(document.get("functionTimeout")),
        queues=_queue_options(extensions.get("queues", {}), lease_seconds),
    )


def parse_time_span(text: str) -> float:
    """Seconds of a .NET time span `[d.]hh:mm:ss[.f]`.

    Raises:
        StartupError: the text is something else.
    """
    match = _TIME_SPAN.fullmatch(text)
    if match is None:
        raise StartupError(f'host.json: "{text}" is not a time span like "00:00:30"')
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _timeout(value: str | None) -> float | None:
    if value is None:
        return _DEFAULT_TIMEOUT_SECONDS
    # "-1" is Azure's word for "no limit".
    return None if value == "-1" else parse_time_span(value)


def _queue_options(section: dict[str, Any], lease_seconds: float) -> QueueOptions:
    batch_size = int(section.get("batchSize", 16))
    if not 1 <= batch_size <= _MAX_BATCH:
        raise StartupError(f"host.json: queues.batchSize must be 1 to {_MAX_BATCH}")
    encoding = str(section.get("messageEncoding", "base64")).lower()
    if encoding not in {"base64", "none"}:
        raise StartupError('host.json: queues.messageEncoding must be "base64" or "none"')
    return QueueOptions(
        batch_size=batch_size,
        new_batch_threshold=int(section.get("newBatchThreshold", batch_size // 2)),
        max_dequeue_count=int(section.get("maxDequeueCount", 5)),
        visibility_timeout_seconds=parse_time_span(section.get("visibilityTimeout", "00:00:00")),
        max_polling_seconds=parse_time_span(section.get("maxPollingInterval", "00:01:00")),
        base64=encoding == "base64",
        lease_seconds=lease_seconds,
    )
