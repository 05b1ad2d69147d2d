"""Our items in Application Insights' wire format: plain dictionaries, ready for JSON."""

import traceback
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from shared.errors import AppError
from shared.telemetry.attributes import clean, redact
from shared.telemetry.items import LogLine, Measurement, Occurrence
from shared.telemetry.sampling import is_sampled
from shared.telemetry.spans import Span

PREFIX = "Microsoft.ApplicationInsights."
STACK_FRAMES = 40
Envelope = dict[str, Any]


def to_envelopes(
    items: Sequence[Any], key: str, tags: Mapping[str, str], percent: float = 100
) -> list[Envelope]:
    """One or two envelopes an item; measurements of one kind become one.

    ``percent`` of the items that are sampled at all have been kept.
    """
    measured = summarise(each for each in items if isinstance(each, Measurement))
    bare = [_of_summary(summary) for summary in measured]
    for item in items:
        made = [*_of_item(item)]
        if percent < 100 and is_sampled(item):  # noqa: PLR2004 -- all
            for envelope in made:
                envelope["sampleRate"] = percent
        bare += made
    for envelope in bare:
        envelope["iKey"] = key
        envelope["tags"] = {**tags, **envelope["tags"]}
    return bare


def _of_item(item: object) -> Iterator[Envelope]:
    if isinstance(item, Span):
        yield from _of_span(item)
    elif isinstance(item, Occurrence):
        yield _of_occurrence(item)
    elif isinstance(item, LogLine):
        yield _of_log_line(item)


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
    result = result_of(properties, failed=span.error is not None)
    data: Envelope = {
        "id": span.span_id,
        "name": span.name,
        "duration": _duration(span.duration_seconds),
        "success": span.error is None,
        "properties": properties,
    }
    if span.kind == "server":
        data["responseCode"] = result
        kind = "RequestData"
    else:
        data["resultCode"] = result
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


def result_of(properties: Mapping[str, Any], *, failed: bool) -> str:
    """What came of it: an HTTP status, the code of a refusal, else 0 or 500."""
    known = properties.get("status_code") or properties.get("code")
    return str(known or ("500" if failed else "0"))


def message_of(error: BaseException) -> str:
    """Messages of errors that are not ours may hold a row's values: only their type is told."""
    return redact(str(error)) if isinstance(error, AppError) else type(error).__qualname__


def _of_error(
    error: BaseException,
    at: float,
    properties: Mapping[str, str],
    trace: tuple[str | None, str | None],
) -> Envelope:
    frames = traceback.extract_tb(error.__traceback__)[-STACK_FRAMES:]
    stack = [
        {"level": level, "method": frame.name, "fileName": frame.filename, "line": frame.lineno}
        for level, frame in enumerate(reversed(frames))
    ]
    exception = {
        "id": 1,
        "typeName": type(error).__qualname__,
        "message": message_of(error),
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


class Summary(NamedTuple):
    """Measurements of one name and one set of properties, summed up."""

    name: str
    properties: Mapping[str, str]
    at: float  # of the last one, seconds since 1970
    number: int
    total: float
    minimum: float
    maximum: float


def summarise(items: Iterable[Measurement]) -> list[Summary]:
    groups: defaultdict[tuple[str, tuple[tuple[str, str], ...]], list[Measurement]]
    groups = defaultdict(list)
    for item in items:
        groups[item.name, tuple(sorted(clean(item.attributes).items()))].append(item)
    summaries = []
    for (name, properties), samples in groups.items():
        values = [sample.value for sample in samples]
        count, total, least, most = len(values), sum(values), min(values), max(values)
        last = samples[-1].at
        summaries.append(Summary(name, dict(properties), last, count, total, least, most))
    return summaries


def _of_summary(summary: Summary) -> Envelope:
    point = {
        "name": summary.name,
        "kind": "Aggregation",
        "value": summary.total,
        "count": summary.number,
        "min": summary.minimum,
        "max": summary.maximum,
    }
    data = {"metrics": [point], "properties": dict(summary.properties)}
    return _envelope("MetricData", summary.at, data)


def _duration(seconds: float) -> str:
    """``d.hh:mm:ss.ffffff``, as .NET writes a time span."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    days, hours = divmod(hours, 24)
    return f"{days}.{hours:02}:{minutes:02}:{rest:09.6f}"
