"""Telemetry: all that product code knows of it. Which SDK sends it is a setting.

::

    with operation("PaymentProcess", traceparent=message.traceparent, rental_id=rental_id):
        with dependency("Stripe", "confirm payment intent", attempt=2):
            ...
        event("payment_captured", {"purpose": "PREPAY"})
        metric("queue_depth", 3, {"queue": "email-requests"})

Attributes are those of ``attributes.ALLOWED`` and nothing personal; ``rental_id``, once set, stands
on everything within. Nothing here raises, waits or imports an SDK in the caller's thread.
"""

import random
from collections.abc import Mapping
from time import time
from uuid import UUID

from shared.telemetry.backend import flush, record, shutdown, start
from shared.telemetry.items import Attribute, Kind, Measurement, Occurrence
from shared.telemetry.spans import Span, current_span, parse_traceparent

__all__ = [
    "Span",
    "about",
    "current_span",
    "current_trace_id",
    "current_traceparent",
    "dependency",
    "event",
    "flush",
    "metric",
    "operation",
    "shutdown",
]


def operation(
    name: str,
    *,
    traceparent: str | None = None,
    kind: Kind = "server",
    **attributes: Attribute,
) -> Span:
    """A unit of work of ours: ``server`` for a request or message, ``internal`` for a part of one.

    ``traceparent`` (W3C) says who caused it; without it, or with a bad one, the operation around
    it did, or it starts a trace.
    """
    if kind == "server":
        attributes["emitter"] = "rentacar"
    start()
    return Span(name, kind, attributes, record, parent=parse_traceparent(traceparent))


def dependency(target: str, name: str, **attributes: Attribute) -> Span:
    """A call to somebody else: ``target`` is the vendor or store, ``name`` what it is asked."""
    start()
    return Span(name, "client", attributes, record, target=target)


def about(rental_id: UUID) -> None:
    """Say whose rental it is that the current operation works on, as soon as that is known."""
    span = current_span()
    if span is not None:
        span.set(rental_id=rental_id)


def event(name: str, attributes: Mapping[str, Attribute] | None = None) -> None:
    """Something the business counts has happened."""
    record(Occurrence.now(name, attributes or {}, current_span()))


def metric(name: str, value: float, attributes: Mapping[str, Attribute] | None = None) -> None:
    """One measurement; those of one name and attributes are summed up before they are sent."""
    record(Measurement(name, float(value), dict(attributes or {}), time()))


def current_traceparent() -> str:
    """What to put into a message or header now; outside any operation, a trace of its own."""
    span = current_span()
    if span is None:
        # Identifiers, not secrets.
        trace_id, span_id = random.getrandbits(128), random.getrandbits(64)
        return f"00-{trace_id:032x}-{span_id:016x}-01"
    return span.traceparent


def current_trace_id() -> str | None:
    """The operation id to search for, or None outside any operation."""
    span = current_span()
    return None if span is None else span.trace_id
