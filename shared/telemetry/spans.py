"""Spans: who called whom, for how long, and how it ended. Context travels in a context variable.

Written by hand instead of taken from an SDK: this runs on every request, and costs less than a
tenth of the SDK's tracer (tests/unit/shared/test_telemetry_cost.py prints both figures).
"""

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar, Token
from random import getrandbits
from time import perf_counter, time
from types import TracebackType
from typing import NamedTuple, Self

from shared.errors import Rejected
from shared.telemetry.items import Attribute, Kind

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}.*")
_current: "ContextVar[Span | None]" = ContextVar("span", default=None)


class Parent(NamedTuple):
    """Another process's span, as W3C trace context names it."""

    trace_id: str
    span_id: str


class Span:
    """A context manager; what is raised within is recorded and passes on."""

    __slots__ = (
        "_around",
        "_record",
        "_started",
        "_token",
        "attributes",
        "duration_seconds",
        "error",
        "kind",
        "name",
        "parent_id",
        "refused",
        "rental_id",
        "span_id",
        "started_at",
        "target",
        "trace_id",
    )
    _token: "Token[Span | None]"

    def __init__(
        self,
        name: str,
        kind: Kind,
        attributes: dict[str, Attribute],
        record: "Callable[[Span], None]",
        *,
        parent: "Parent | None" = None,
        target: str | None = None,
    ) -> None:
        """Under ``parent``, else under the current span, else the first of a trace."""
        self._record = record
        self.rental_id: Attribute
        self._around = around = _current.get()
        if around is not None and around.rental_id is not None:
            attributes.setdefault("rental_id", around.rental_id)
        cause = parent or around
        self.trace_id: str
        self.span_id: str
        self.name = name
        self.kind: Kind = kind
        self.attributes = attributes
        self.trace_id = f"{getrandbits(128):032x}" if cause is None else cause.trace_id
        self.parent_id = None if cause is None else cause.span_id
        self.span_id = f"{getrandbits(64):016x}"
        self.target = target
        self.error: BaseException | None = None
        self.refused = False
        self.started_at = self._started = self.duration_seconds = 0.0
        self.rental_id = attributes.get("rental_id")

    def __enter__(self) -> Self:
        self._token = _current.set(self)
        self.started_at = time()
        self._started = perf_counter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.duration_seconds = perf_counter() - self._started
        _current.reset(self._token)
        if isinstance(error, Rejected):
            self.refused = True  # an expected no is an answer, not a failure
            self.attributes["code"] = error.code
        elif error is not None:
            self.error = error
        self._record(self)

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-01"

    def set(self, **attributes: Attribute) -> None:
        """Add what became known later.

        ``rental_id`` goes to what starts afterwards too, and to the spans around this one that
        know of no rental yet: a request learns on the way whose it is.
        """
        self.attributes.update(attributes)
        self.rental_id = self.attributes.get("rental_id")
        around = self._around
        if around is not None and around.rental_id is None and self.rental_id is not None:
            around.set(rental_id=self.rental_id)

    def inherit(self, attributes: Mapping[str, Attribute]) -> dict[str, Attribute]:
        """``attributes`` with this span's ``rental_id``, unless they name another."""
        if self.rental_id is None:
            return dict(attributes)
        return {"rental_id": self.rental_id, **attributes}


def current_span() -> Span | None:
    return _current.get()


def parse_traceparent(value: str | None) -> Parent | None:
    """Read a ``traceparent`` header; None where it is absent or malformed."""
    match = _TRACEPARENT.fullmatch(value) if value else None
    if match is None or not int(match[1], 16) or not int(match[2], 16):
        return None
    return Parent(match[1], match[2])
