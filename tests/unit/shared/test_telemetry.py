"""Spans and their context, without any backend."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from shared import telemetry
from shared.errors import Rejected, Unavailable
from shared.telemetry import (
    backend,
    current_trace_id,
    current_traceparent,
    dependency,
    event,
    metric,
    operation,
)

INCOMING = f"00-{'ab' * 16}-{'cd' * 8}-01"
RENTAL = UUID(int=7)


class Collector:
    """Takes the pump's place: what would be sent, in order."""

    def __init__(self) -> None:
        self.buffer: list[Any] = []

    def stop(self, timeout_seconds: float) -> None:
        assert timeout_seconds > 0


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    telemetry.shutdown()
    collector = Collector()
    monkeypatch.setattr(backend, "_pump", collector)
    monkeypatch.setattr(backend, "_decided", True)
    yield collector.buffer
    telemetry.shutdown()


def test_operation_goes_on_with_the_trace_of_its_message(recorded: list[Any]) -> None:
    with operation("EmailNotification", traceparent=INCOMING):
        assert current_trace_id() == "ab" * 16
    [span] = recorded
    assert (span.trace_id, span.parent_id) == ("ab" * 16, "cd" * 8)
    assert span.attributes["emitter"] == "rentacar"


@pytest.mark.parametrize(
    "traceparent",
    [
        None,
        "",
        "nonsense",
        f"00-{'0' * 32}-{'cd' * 8}-01",
        f"00-{'ab' * 16}-xx-01",
        f"ff-{'ab' * 16}-{'cd' * 8}-01",
    ],
)
def test_operation_without_a_good_parent_starts_a_trace(
    recorded: list[Any], traceparent: str | None
) -> None:
    with operation("EmailNotification", traceparent=traceparent):
        pass
    [span] = recorded
    assert span.parent_id is None
    assert re.fullmatch("[0-9a-f]{32}", span.trace_id)


def test_what_is_within_is_a_child_and_passes_its_own_identity_on(recorded: list[Any]) -> None:
    with operation("Bff"), dependency("PostgreSQL", "book") as inner:
        handed_on = current_traceparent()
    child, parent = recorded
    assert child is inner
    assert child.parent_id == parent.span_id
    assert handed_on == f"00-{parent.trace_id}-{child.span_id}-01"
    assert current_trace_id() is None


def test_traceparent_outside_any_operation_is_well_formed() -> None:
    assert re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-01", current_traceparent())


def test_rental_is_stamped_on_everything_within(recorded: list[Any]) -> None:
    with operation("Bff") as span:
        span.set(rental_id=RENTAL)
        with dependency("Stripe", "create"), operation("part", kind="internal"):
            event("booked")
    assert [each.attributes["rental_id"] for each in recorded] == [RENTAL] * 4


async def test_concurrent_operations_do_not_mix(recorded: list[Any]) -> None:
    async def work(number: int) -> str | None:
        with operation("Bff", count=number):
            await asyncio.sleep(0.01)
            with dependency("Stripe", "call"):
                await asyncio.sleep(0.01)
            return current_trace_id()

    traces = await asyncio.gather(*(work(number) for number in range(10)))
    assert len(set(traces)) == 10
    by_trace = {trace: [s for s in recorded if s.trace_id == trace] for trace in traces}
    assert all(len(spans) == 2 for spans in by_trace.values())


def test_error_is_recorded_and_passes_on(recorded: list[Any]) -> None:
    with pytest.raises(Unavailable), operation("Bff"):
        raise Unavailable("down")
    assert isinstance(recorded[0].error, Unavailable)


def test_expected_no_is_an_answer_and_not_a_failure(recorded: list[Any]) -> None:
    with pytest.raises(Rejected), operation("Bff"):
        raise Rejected("car_unavailable", "sold out")
    assert recorded[0].error is None
    assert recorded[0].attributes["code"] == "car_unavailable"


def test_without_settings_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    telemetry.shutdown()
    for name in ("DATABASE_URL_RENT", "PUBLIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with operation("Bff"):
        event("x")
        metric("y", 1)
    assert telemetry.flush()
