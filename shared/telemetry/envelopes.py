"""Our items in Application Insights' wire format: plain dictionaries, ready for JSON."""

import traceback
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from shared.errors import AppError
from shared.telemetry.attributes import clean, redact
from shared.telemetry.items import LogLine, Measurement, Occurrence
from shared.telemetry.spans import Span

PREFIX = "Microsoft.ApplicationInsights."
STACK_FRAMES = 40
Envelope = dict[str, Any]


def to_envelopes(items: Sequence[Any], key: str, tags: Mapping[str, str]) -> list[Envelope]:
    """One or two envelopes an item; measurements of one kind become one."""
    bare = [*_of_measurements(each for each in items if isinstance(each, Measurement))]
    for item in items:
        if isinstance(item, Span):
            bare += _of_span(item)
        elif isinstance(item, Occurrence):
            bare.append(_of_occurrence(item))
        elif isinstance(item, LogLine):
            bare.append(_of_log_line(item))
    for envelope in bare:
        envelope["iKey"] = key
        envelope["tags"] = {**tags, **envelope["tags"]}
    return bare


def _envelope(
    kind: str, at: float, data: Envelope, trace: tuple[str | None, str | None] = (None, None)
) -> Envelope:
    tags = {"ai.operation.id": trace[0], "ai.operation.parentId": trace[1]}
    return {
        "ver": 1,
        "name": PREFIX + kind.removesuffix("Data"),
        "time": datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z"),
        "tags": {name: value for name, value in tags.items() if value},
        "data": {"baseType": kind, "baseData": {"ver": 2, **data}},
    }


def _of_span(span: Span) -> Iterator[Envelope]:
    properties = clean(span.attributes)
    status = properties.get("status_code") or properties.get("code")
    data: Envelope = {
        "id": span.span_id,
        "name": span.name,
        "duration": _duration(span.duration_seconds),
        "success": span.error is None,
        "properties": properties,
    }
    if span.kind == "server":
        data["responseCode"] = status or ("0" if span.error is None else "500")
        kind = "RequestData"
    else:
        data["resultCode"] = status or ("0" if span.error is None else "500")
        data["type"] = "InProc" if span.kind == "internal" else span.target
        data["target"] = span.target or ""
        kind = "RemoteDependencyData"
    trace = (span.trace_id, span.parent_id)
    envelope = _envelope(kind, span.started_at, data, trace)
    envelope["name"] = PREFIX + ("Request" if span.kind == "server" else "RemoteDependency")
    envelope["tags"]["ai.operation.name"] = span.name
    yield envelope
    if span.error is not None:
        at = span.started_at + span.duration_seconds
        yield _of_error(span.error, at, properties, (span.trace_id, span.span_id))


def _of_error(
    error: BaseException,
    at: float,
    properties: Mapping[str, str],
    trace: tuple[str | None, str | None],
) -> Envelope:
    """Messages of errors that are not ours may hold a row's values: only their type is told."""
    frames = traceback.extract_tb(error.__traceback__)[-STACK_FRAMES:]
    stack = [
        {"level": level, "method": frame.name, "fileName": frame.filename, "line": frame.lineno}
        for level, frame in enumerate(reversed(frames))
    ]
    exception = {
        "id": 1,
        "typeName": type(error).__qualname__,
        "message": redact(str(error)) if isinstance(error, AppError) else type(error).__qualname__,
        "hasFullStack": bool(stack),
        "parsedStack": stack,
    }
    data = {"exceptions": [exception], "severityLevel": 3, "properties": dict(properties)}
    return _envelope("ExceptionData", at, data, trace)


def _of_occurrence(item: Occurrence) -> Envelope:
    data = {"name": item.name, "properties": clean(item.attributes)}
    return _envelope("EventData", item.at, data, (item.trace_id, item.span_id))


def _of_log_line(item: LogLine) -> Envelope:
    trace = (item.trace_id, item.span_id)
    properties = clean(item.attributes)
    if item.error is not None:
        return _of_error(item.error, item.at, properties, trace)
    severity = min(max(item.level // 10 - 1, 0), 4)
    data = {"message": redact(item.message), "severityLevel": severity, "properties": properties}
    return _envelope("MessageData", item.at, data, trace)


def _of_measurements(items: Iterable[Measurement]) -> Iterator[Envelope]:
    groups: defaultdict[tuple[str, tuple[tuple[str, str], ...]], list[Measurement]]
    groups = defaultdict(list)
    for item in items:
        groups[item.name, tuple(sorted(clean(item.attributes).items()))].append(item)
    for (name, properties), samples in groups.items():
        values = [sample.value for sample in samples]
        point = {
            "name": name,
            "kind": "Aggregation",
            "value": sum(values),
            "count": len(values),
            "min": min(values),
            "max": max(values),
        }
        yield _envelope(
            "MetricData", samples[-1].at, {"metrics": [point], "properties": dict(properties)}
        )


def _duration(seconds: float) -> str:
    """``d.hh:mm:ss.ffffff``, as .NET writes a time span."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    days, hours = divmod(hours, 24)
    return f"{days}.{hours:02}:{minutes:02}:{rest:09.6f}"
