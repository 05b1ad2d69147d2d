"""The OpenTelemetry backend: our items as OpenTelemetry's, sent by Microsoft's exporters.

Their envelopes are those of the OpenCensus backend, except for what is evened out here because
alerts and dashboards read it: a result that is no HTTP status, and the sampling rate of a log line.
"""

import logging
import os
import time
import traceback
from collections.abc import Sequence
from typing import Any

from azure.monitor.opentelemetry.exporter import (
    AzureMonitorLogExporter,
    AzureMonitorMetricExporter,
    AzureMonitorTraceExporter,
)
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Histogram,
    HistogramDataPoint,
    Metric,
    MetricsData,
    ResourceMetrics,
    ScopeMetrics,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from shared.settings import Settings
from shared.telemetry.attributes import clean, redact
from shared.telemetry.credential import credential_of
from shared.telemetry.envelopes import STACK_FRAMES, Summary, message_of, result_of, summarise
from shared.telemetry.items import LogLine, Measurement, Occurrence
from shared.telemetry.pump import Send
from shared.telemetry.sampling import is_sampled
from shared.telemetry.spans import Span

RETRY_SECONDS = 5
TIMEOUT_SECONDS = 5.0
RATE = "_MS.sampleRate"  # by this name the exporter takes it from an attribute
SCOPE = InstrumentationScope("rentacar")
KINDS = {"server": SpanKind.SERVER, "client": SpanKind.CLIENT, "internal": SpanKind.INTERNAL}


class _Traces(AzureMonitorTraceExporter):
    """Tells a result in our words, such as ``car_unavailable``; the exporter knows HTTP's only."""

    def _span_to_envelope(self, span: ReadableSpan) -> Any:
        envelope: Any = super()._span_to_envelope(span)
        data, attributes = envelope.data.base_data, dict(span.attributes or {})
        result = result_of(attributes, failed=not span.status.is_ok)
        if span.kind is SpanKind.SERVER:
            data.response_code = result
        else:
            data.result_code = result
            data.type = "InProc" if span.kind is SpanKind.INTERNAL else data.target
        return envelope


class _Logs(AzureMonitorLogExporter):
    """Lines carry the rate at which they were kept, as spans do."""

    def _log_to_envelope(self, readable_log_record: ReadableLogRecord) -> Any:
        envelope: Any = super()._log_to_envelope(readable_log_record)
        properties = envelope.data.base_data.properties
        properties.pop("logger_name", None)  # the scope's, which says nothing
        rate = properties.pop(RATE, None)
        if rate is not None:
            envelope.sample_rate = float(rate)
        return envelope


def open_sender(settings: Settings) -> Send:
    """Start the exporters; what it returns sends a batch and keeps on disk what could not go."""
    # They would report on themselves, and ask for orders, at addresses of Microsoft's.
    for name in ("STATSBEAT_DISABLED_ALL", "SDKSTATS_DISABLED", "CONTROLPLANE_DISABLED"):
        os.environ.setdefault(f"APPLICATIONINSIGHTS_{name}", "true")
    os.environ.setdefault("APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED", "true")
    logging.getLogger("azure.monitor.opentelemetry").setLevel(logging.ERROR)
    options: dict[str, Any] = {
        "connection_string": settings.applicationinsights_connection_string,
        "credential": credential_of(settings),
        "storage_min_retry_interval": RETRY_SECONDS,
        "timeout": TIMEOUT_SECONDS,
        "retry_total": 0,  # a batch that could not go waits on disk instead
    }
    traces, lines = _Traces(**options), _Logs(**options)
    metrics = AzureMonitorMetricExporter(**options)
    made = _Converter(settings.telemetry_sampling_percent)
    next_retry = 0.0

    def send(items: Sequence[Any]) -> None:
        nonlocal next_retry
        if spans := [made.span(each) for each in items if isinstance(each, Span)]:
            traces.export(spans)
        if records := [made.record(each) for each in items if isinstance(each, _RECORDS)]:
            lines.export(records)
        if samples := [each for each in items if isinstance(each, Measurement)]:
            metrics.export(made.metrics(summarise(samples)))
        if time.monotonic() >= next_retry:  # else what waits is sent after the next success only
            traces._transmit_from_storage()  # noqa: SLF001 -- no other way
            next_retry = time.monotonic() + RETRY_SECONDS

    return send


_RECORDS = (Occurrence, LogLine)


class _Converter:
    """Our items as OpenTelemetry's."""

    def __init__(self, percent: float) -> None:
        self._percent = percent
        service = {"service.name": os.environ.get("WEBSITE_SITE_NAME", "rentacar")}
        if instance := os.environ.get("WEBSITE_INSTANCE_ID"):
            service["service.instance.id"] = instance
        self._resource = Resource(service)

    def _attributes(self, item: Span | Occurrence | LogLine) -> dict[str, Any]:
        attributes: dict[str, Any] = dict(clean(item.attributes))
        if self._percent < 100 and is_sampled(item):  # noqa: PLR2004 -- all
            attributes[RATE] = self._percent
        return attributes

    def span(self, span: Span) -> ReadableSpan:
        attributes = self._attributes(span)
        events: tuple[Event, ...] = ()
        ended_at = span.started_at + span.duration_seconds
        if span.error is not None:
            facts = clean(span.attributes) | _exception(span.error)
            events = (Event("exception", facts, _nanoseconds(ended_at)),)
        if span.target:
            attributes["peer.service"] = span.target
        return ReadableSpan(
            span.name,
            context=_context(span.trace_id, span.span_id),
            parent=None if span.parent_id is None else _context(span.trace_id, span.parent_id),
            resource=self._resource,
            attributes=attributes,
            events=events,
            kind=KINDS[span.kind],
            status=Status(StatusCode.OK if span.error is None else StatusCode.ERROR),
            start_time=_nanoseconds(span.started_at),
            end_time=_nanoseconds(ended_at),
            instrumentation_scope=SCOPE,
        )

    def record(self, item: Occurrence | LogLine) -> ReadableLogRecord:
        attributes = self._attributes(item)
        body, severity = None, SeverityNumber.INFO
        if isinstance(item, Occurrence):
            attributes["microsoft.custom_event.name"] = item.name
        else:
            severity = _severity(item.level)
            if item.error is not None:
                attributes |= _exception(item.error)
            else:
                body = redact(item.message)
        record = LogRecord(
            timestamp=_nanoseconds(item.at),
            trace_id=int(item.trace_id or "0", 16),
            span_id=int(item.span_id or "0", 16),
            severity_number=severity,
            body=body,
            attributes=attributes,
        )
        return ReadableLogRecord(record, self._resource, SCOPE)

    def metrics(self, summaries: Sequence[Summary]) -> MetricsData:
        metrics = [
            Metric(
                summary.name,
                None,
                None,
                Histogram([_point(summary)], AggregationTemporality.DELTA),
            )
            for summary in summaries
        ]
        scopes = [ScopeMetrics(SCOPE, metrics, "")]
        return MetricsData([ResourceMetrics(self._resource, scopes, "")])


def _point(summary: Summary) -> HistogramDataPoint:
    at = _nanoseconds(summary.at)
    return HistogramDataPoint(
        attributes=dict(summary.properties),
        start_time_unix_nano=at,
        time_unix_nano=at,
        count=summary.number,
        sum=summary.total,
        bucket_counts=[summary.number],
        explicit_bounds=[],
        min=summary.minimum,
        max=summary.maximum,
    )


def _exception(error: BaseException) -> dict[str, str]:
    """As the conventions name it; the stack without the message and without any source text."""
    frames = traceback.extract_tb(error.__traceback__)[-STACK_FRAMES:]
    lines = (f'  File "{each.filename}", line {each.lineno}, in {each.name}' for each in frames)
    return {
        "exception.type": type(error).__qualname__,
        "exception.message": message_of(error),
        "exception.stacktrace": "\n".join(lines),
    }


def _context(trace_id: str, span_id: str) -> SpanContext:
    return SpanContext(int(trace_id, 16), int(span_id, 16), False, TraceFlags(1))


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1e9)


def _severity(level: int) -> SeverityNumber:
    """Python's 10, 20, ... 50 are OpenTelemetry's 5, 9, ... 21."""
    return SeverityNumber(min(max(level // 10 * 4 + 1, 1), 21))
