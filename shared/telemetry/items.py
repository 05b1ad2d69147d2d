"""What is recorded besides spans. Made in the caller's thread, so each is small and quick."""

from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING, Literal
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.telemetry.spans import Span

Attribute = str | int | float | bool | UUID | None
Kind = Literal["server", "internal", "client"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A custom event."""

    name: str
    attributes: "Mapping[str, Attribute]"
    at: float  # seconds since 1970
    trace_id: str | None
    span_id: str | None

    @classmethod
    def now(
        cls, name: str, attributes: "Mapping[str, Attribute]", span: "Span | None"
    ) -> "Occurrence":
        if span is None:
            return cls(name, dict(attributes), time(), None, None)
        return cls(name, span.inherit(attributes), time(), span.trace_id, span.span_id)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One sample of a metric."""

    name: str
    value: float
    attributes: "Mapping[str, Attribute]"
    at: float


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of our own log, with the operation in which it was written."""

    message: str
    level: int  # as in module logging
    attributes: "Mapping[str, Attribute]"
    at: float
    trace_id: str | None
    span_id: str | None
    error: BaseException | None
