"""Timer triggers: the rules of TimerListener.cs and ScheduleMonitor.cs."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import azure.functions as func
import pytest

from infra.local.host.errors import StartupError
from infra.local.host.indexing import Function
from infra.local.host.invocation import Context, Invoker
from infra.local.host.timer_listener import TimerListener
from infra.local.host.timer_schedule import Schedule
from infra.local.host.timer_state import ScheduleStatus, StateFile

EVERY_SECOND = "* * * * * *"
EVERY_MINUTE = "0 * * * * *"


def make_listener(
    handler: Callable[..., Awaitable[Any]],
    folder: Path,
    schedule: str = EVERY_SECOND,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    retry: dict[str, str] | None = None,
    **binding: Any,
) -> TimerListener:
    async def call(timer: func.TimerRequest, context: Context) -> Any:
        return await handler(timer, context)

    trigger = {"type": "timerTrigger", "name": "timer", "schedule": schedule, **binding}
    function = Function("Handler", call, True, trigger, True, ".", retry)
    return TimerListener(function, Invoker(None), folder, clock)


async def run_for(listener: TimerListener, seconds: float) -> None:
    listener.start()
    await asyncio.sleep(seconds)
    await listener.stop(5)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("0 */5 * * * *", "2026-03-01T10:02:00", "2026-03-01T10:05:00"),
        ("*/15 * * * * *", "2026-03-01T10:02:00", "2026-03-01T10:02:15"),
        ("0 30 4 * * *", "2026-03-01T10:02:00", "2026-03-02T04:30:00"),
        ("30 * * * *", "2026-03-01T10:02:00", "2026-03-01T10:30:00"),  # five: second 0
        ("0 0 9 * * MON-FRI", "2026-02-28T00:00:00", "2026-03-02T09:00:00"),
        # Both days given: NCRONTAB wants both (the first Monday that is a 13th), cron either.
        ("0 0 0 13 * 1", "2026-03-01T00:00:00", "2026-04-13T00:00:00"),
        ("0 0 0 29 2 *", "2026-03-01T00:00:00", "2028-02-29T00:00:00"),
    ],
)
def test_schedules_are_ncrontab_in_utc(expression: str, after: str, expected: str) -> None:
    assert Schedule(expression).after(moment(after)) == moment(expected)


@pytest.mark.parametrize(
    "expression", ["", "* * *", "60 * * * * *", "0 0 0 L * *", "0 0 0 * * 7", "0 0 0 * * 1#2", "x"]
)
def test_what_ncrontab_does_not_know_stops_the_host(expression: str) -> None:
    with pytest.raises(StartupError, match="NCRONTAB"):
        Schedule(expression)


async def test_runs_on_each_occurrence_and_not_before(tmp_path: Path) -> None:
    runs: list[float] = []

    async def handler(_timer: func.TimerRequest, _context: Context) -> None:
        runs.append(time.time())

    await run_for(make_listener(handler, tmp_path), 3.2)
    seconds = [int(at) for at in runs]
    assert seconds == list(range(seconds[0], seconds[0] + len(runs)))  # none missed, none twice
    assert len(runs) >= 3


async def test_runs_never_overlap_and_an_overrun_is_followed_by_one_immediate_run(
    tmp_path: Path,
) -> None:
    spans: list[tuple[float, float]] = []
    enough = asyncio.Event()

    async def handler(_timer: func.TimerRequest, _context: Context) -> None:
        begin = time.monotonic()
        await asyncio.sleep(2.5 if not spans else 0.1)
        spans.append((begin, time.monotonic()))
        if len(spans) == 3:
            enough.set()

    listener = make_listener(handler, tmp_path)
    listener.start()
    await asyncio.wait_for(enough.wait(), 10)
    await listener.stop(5)
    (_, first_end), (second_begin, second_end), (third_begin, _) = spans[:3]
    assert 0 <= second_begin - first_end < 0.4  # at once, though two occurrences were missed
    assert third_begin - second_end > 0.2  # and only one run for both of them


async def test_error_does_not_stop_the_schedule(tmp_path: Path) -> None:
    runs: list[int] = []

    async def handler(_timer: func.TimerRequest, _context: Context) -> None:
        runs.append(1)
        raise RuntimeError("always")

    await run_for(make_listener(handler, tmp_path), 2.2)
    assert len(runs) >= 2


async def test_missed_occurrences_give_one_past_due_run(tmp_path: Path) -> None:
    last = moment("2026-03-01T10:00:00")
    StateFile(tmp_path, "Handler").write(ScheduleStatus(last, last + timedelta(minutes=1), last))
    past_due: list[bool] = []

    async def handler(timer: func.TimerRequest, _context: Context) -> None:
        past_due.append(timer.past_due)

    def clock() -> datetime:  # the host was down for three hours
        return moment("2026-03-01T13:00:30")

    await run_for(make_listener(handler, tmp_path, EVERY_MINUTE, clock), 0.3)
    assert past_due == [True]
    status = StateFile(tmp_path, "Handler").read()
    assert status is not None
    assert status.next_at == moment("2026-03-01T13:01:00")


async def test_no_run_was_missed_when_the_next_one_is_still_to_come(tmp_path: Path) -> None:
    last = moment("2026-03-01T13:00:00")
    StateFile(tmp_path, "Handler").write(ScheduleStatus(last, last + timedelta(minutes=1), last))
    runs: list[Any] = []

    async def handler(timer: func.TimerRequest, _context: Context) -> None:
        runs.append(timer)

    listener = make_listener(handler, tmp_path, EVERY_MINUTE, lambda: moment("2026-03-01T13:00:30"))
    await run_for(listener, 0.3)
    assert runs == []


async def test_changed_schedule_is_not_past_due(tmp_path: Path) -> None:
    last = moment("2026-03-01T10:00:00")
    StateFile(tmp_path, "Handler").write(ScheduleStatus(last, last + timedelta(hours=1), last))
    runs: list[Any] = []

    async def handler(timer: func.TimerRequest, _context: Context) -> None:
        runs.append(timer)

    listener = make_listener(handler, tmp_path, EVERY_MINUTE, lambda: moment("2026-03-01T13:00:30"))
    await run_for(listener, 0.3)
    assert runs == []


async def test_new_timer_records_its_next_occurrence_so_that_it_cannot_be_missed(
    tmp_path: Path,
) -> None:
    async def handler(_timer: func.TimerRequest, _context: Context) -> None:
        raise AssertionError("not due yet")

    listener = make_listener(handler, tmp_path, EVERY_MINUTE, lambda: moment("2026-03-01T13:00:30"))
    await run_for(listener, 0.1)
    status = StateFile(tmp_path, "Handler").read()
    assert status is not None
    assert (status.last_at, status.next_at) == (None, moment("2026-03-01T13:01:00"))


async def test_schedule_below_a_minute_keeps_no_state(tmp_path: Path) -> None:
    async def handler(_timer: func.TimerRequest, _context: Context) -> None:
        return

    await run_for(make_listener(handler, tmp_path, EVERY_SECOND), 1.2)
    assert StateFile(tmp_path, "Handler").read() is None


async def test_use_monitor_false_keeps_no_state(tmp_path: Path) -> None:
    async def handler(_timer: func.TimerRequest, _context: Context) -> None:
        return

    await run_for(make_listener(handler, tmp_path, EVERY_MINUTE, useMonitor=False), 0.1)
    assert StateFile(tmp_path, "Handler").read() is None


async def test_run_on_startup_runs_at_once_and_is_not_past_due(tmp_path: Path) -> None:
    past_due: list[bool] = []

    async def handler(timer: func.TimerRequest, _context: Context) -> None:
        past_due.append(timer.past_due)

    listener = make_listener(handler, tmp_path, "0 0 0 1 1 *", runOnStartup=True)
    await run_for(listener, 0.2)
    assert past_due == [False]


async def test_retry_repeats_a_failed_timer_and_counts(tmp_path: Path) -> None:
    counts: list[int] = []

    async def handler(_timer: func.TimerRequest, context: Context) -> None:
        counts.append(context.retry_context.retry_count)
        raise RuntimeError("always")

    retry = {"strategy": "fixed_delay", "max_retry_count": "2", "delay_interval": "00:00:00.05"}
    listener = make_listener(handler, tmp_path, "0 0 0 1 1 *", retry=retry, runOnStartup=True)
    await run_for(listener, 0.6)
    assert counts == [0, 1, 2]


async def test_stop_lets_the_running_timer_finish(tmp_path: Path) -> None:
    finished: list[bool] = []

    async def handler(_timer: func.TimerRequest, _context: Context) -> None:
        await asyncio.sleep(0.4)
        finished.append(True)

    listener = make_listener(handler, tmp_path, "0 0 0 1 1 *", runOnStartup=True)
    await run_for(listener, 0.1)
    assert finished == [True]


async def test_stop_cancels_a_timer_that_does_not_finish(tmp_path: Path) -> None:
    async def handler(_timer: func.TimerRequest, _context: Context) -> None:
        await asyncio.sleep(60)

    listener = make_listener(handler, tmp_path, "0 0 0 1 1 *", runOnStartup=True)
    listener.start()
    await asyncio.sleep(0.1)
    began = time.monotonic()
    await listener.stop(0.2)
    assert time.monotonic() - began < 1


def test_damaged_state_counts_as_none(tmp_path: Path) -> None:
    file = tmp_path / "timers" / "Handler.json"
    file.parent.mkdir()
    for text in ("", "{}", '{"last": 1}', "[]"):
        file.write_text(text, encoding="utf-8")
        assert StateFile(tmp_path, "Handler").read() is None
