"""Our own log lines as telemetry, each with the operation in which it was written."""

import logging
from collections.abc import Callable

from shared.telemetry.items import LogLine
from shared.telemetry.spans import current_span

# Our packages only: what an SDK logs about its own calls is for the console.
LOGGERS = ("bff", "rent_process", "payment_process", "email_notification", "shared")


class TelemetryHandler(logging.Handler):
    """Hands a line to whoever records. Never raises, never waits."""

    record: Callable[[object], None]

    def emit(self, line: logging.LogRecord) -> None:
        span = current_span()
        attributes = {"logger": line.name}
        error = line.exc_info[1] if line.exc_info else None
        self.record(
            LogLine(
                message=line.getMessage(),
                level=line.levelno,
                attributes=attributes if span is None else span.inherit(attributes),
                at=line.created,
                trace_id=None if span is None else span.trace_id,
                span_id=None if span is None else span.span_id,
                error=error,
            )
        )


_handler = TelemetryHandler(level=logging.INFO)


def attach(record: Callable[[object], None]) -> None:
    _handler.record = record
    for name in LOGGERS:
        logging.getLogger(name).addHandler(_handler)


def detach() -> None:
    for name in LOGGERS:
        logging.getLogger(name).removeHandler(_handler)
