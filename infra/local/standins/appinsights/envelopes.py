"""What was received: decoded, checked item by item, kept in a bounded ring."""

import gzip
import json
import re
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

KEPT_ENVELOPES = 50_000
BASE_TYPES = {
    "AvailabilityData": "availability",
    "EventData": "event",
    "ExceptionData": "exception",
    "MessageData": "trace",
    "MetricData": "metric",
    "PageViewData": "page view",
    "PageViewPerfData": "page view",
    "RemoteDependencyData": "dependency",
    "RequestData": "request",
}
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
DURATION = re.compile(r"(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Envelope:
    """One item of telemetry, read through the names that a person knows."""

    raw: dict[str, Any]

    @cached_property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = self.raw["data"]["baseData"]
        return data

    @property
    def kind(self) -> str:
        return BASE_TYPES[self.raw["data"]["baseType"]]

    @property
    def operation_id(self) -> str:
        return str((self.raw.get("tags") or {}).get("ai.operation.id", ""))

    @property
    def parent_id(self) -> str:
        return str((self.raw.get("tags") or {}).get("ai.operation.parentId", ""))

    @property
    def role(self) -> str:
        return str((self.raw.get("tags") or {}).get("ai.cloud.role", ""))

    @property
    def properties(self) -> dict[str, Any]:
        properties: dict[str, Any] = self.data.get("properties") or {}
        return properties

    @property
    def rental_id(self) -> str:
        return str(self.properties.get("rental_id") or "")

    @property
    def id(self) -> str:
        return str(self.data.get("id", ""))

    @property
    def name(self) -> str:
        exceptions = self.data.get("exceptions") or [{}]
        metrics = self.data.get("metrics") or [{}]
        found = self.data.get("name") or self.data.get("message") or metrics[0].get("name")
        return str(found or exceptions[0].get("message") or self.kind)

    @cached_property
    def started_at(self) -> datetime:
        return _parse_time(self.raw["time"])

    @cached_property
    def duration(self) -> timedelta:
        found = DURATION.fullmatch(str(self.data.get("duration", "")))
        if found is None:
            return timedelta()
        days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
        return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)

    @property
    def failed(self) -> bool:
        return self.kind == "exception" or self.data.get("success") is False


class Ring:
    """The latest envelopes, oldest first."""

    def __init__(self, size: int = KEPT_ENVELOPES) -> None:
        self._kept: deque[Envelope] = deque(maxlen=size)

    def add(self, envelope: Envelope) -> None:
        self._kept.append(envelope)

    def clear(self) -> None:
        self._kept.clear()

    def select(self, *, operation_id: str = "", rental_id: str = "") -> list[Envelope]:
        return [
            each
            for each in self._kept
            if (not operation_id or each.operation_id == operation_id)
            and (not rental_id or each.rental_id == rental_id)
        ]


def decode(body: bytes, encoding: str) -> list[Any]:
    """The items of a request: a JSON array, one object, or JSON lines; gzip undone.

    Raises:
        ValueError: it is none of these.
    """
    try:
        if encoding == "gzip":
            body = gzip.decompress(body)
        elif encoding == "deflate":
            body = zlib.decompress(body)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(str(error)) from error
    try:
        items = json.loads(body)
    except ValueError:
        items = [json.loads(line) for line in body.splitlines() if line.strip()]
    return items if isinstance(items, list) else [items]


def envelope_fault(item: Any) -> str | None:
    """Why the vendor would refuse one item; None when it takes it."""
    return next(_envelope_faults(item), None)


def _envelope_faults(item: Any) -> Iterator[str]:
    if not isinstance(item, dict):
        yield "Invalid item: not an object"
        return
    if not item.get("name"):
        yield "Field 'name' on type 'Envelope' is required but missing or empty"
    if not GUID.fullmatch(str(item.get("iKey", ""))):
        yield "Invalid instrumentation key"
    try:
        _parse_time(str(item.get("time")))
    except ValueError:
        yield "Field 'time' on type 'Envelope' is not of the expected type"
    data = item.get("data")
    if not isinstance(data, dict) or data.get("baseType") not in BASE_TYPES:
        yield "Field 'baseType' on type 'Data' is not a known type"
    elif not isinstance(data.get("baseData"), dict):
        yield "Field 'baseData' on type 'Data' is required but missing or empty"


def _parse_time(text: str) -> datetime:
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
