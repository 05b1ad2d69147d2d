"""Runs one timer function on schedule: the real host's `TimerListener.cs`, `ScheduleMonitor.cs`.

Never two runs at once; a run that overruns the next occurrences is followed by one immediate run;
occurrences missed while the host was down give one past-due run; an error changes nothing.
"""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from azure.functions.meta import Datum
from azure.functions.timer import TimerRequestConverter

from infra.local.host.indexing import Function, resolve_settings
from infra.local.host.invocation import InvocationFailed, Invoker
from infra.local.host.log import log_event, report_crash
from infra.local.host.retry import invoke_with_retry
from infra.local.host.timer_schedule import Schedule
from infra.local.host.timer_state import ScheduleStatus, StateFile

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class TimerListener:
    """One function's timer; `start` once, `stop` once."""

    def __init__(
        self, function: Function, invoker: Invoker, state_folder: Path, clock: Clock = utc_now
    ) -> None:
        self._function = function
        self._invoker = invoker
        self._clock = clock
        self._schedule = Schedule(resolve_settings(str(function.trigger["schedule"])))
        monitored = function.trigger.get("useMonitor", True) and not self._schedule.is_frequent
        self._state = StateFile(state_folder, function.name) if monitored else None
        self._one_at_a_time = asyncio.Lock()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run_forever(), name=f"timer {self._function.name}")
        self._loop.add_done_callback(report_crash)

    async def stop(self, seconds: float) -> None:
        """Start no further run; let the running one finish for that long, then cancel it."""
        if self._loop is None:
            return
        if self._one_at_a_time.locked():
            try:
                async with asyncio.timeout(seconds), self._one_at_a_time:
                    self._loop.cancel()
            except TimeoutError:
                log_event("timer-cancelled", function=self._function.name)
        self._loop.cancel()
        await asyncio.wait([self._loop])

    async def run_manually(self, _text: str) -> None:
        """Run now, as /admin/functions does; the schedule is not touched."""
        await self._invoke(past_due=False, status=None)

    async def _run_forever(self) -> None:
        now = self._clock()
        status, past_due = self._recover(now)
        at_once = past_due or bool(self._function.trigger.get("runOnStartup"))
        while True:
            if not at_once:
                await self._sleep_until(status.next_at)
            started = self._clock()
            await self._run_once(past_due=past_due, status=status)
            status = self._record(started, status, scheduled=not at_once)
            at_once = past_due = False

    async def _sleep_until(self, moment: datetime) -> None:
        # In pieces: a suspended laptop's clock jumps, and a long sleep would not notice.
        while True:
            remaining = (moment - self._clock()).total_seconds()
            if remaining <= 0:
                return
            await asyncio.sleep(min(remaining, 10))

    async def _run_once(self, *, past_due: bool, status: ScheduleStatus) -> None:
        try:
            await self._invoke(past_due=past_due, status=status)
        except InvocationFailed:
            return  # logged by the invoker; the schedule goes on

    async def _invoke(self, *, past_due: bool, status: ScheduleStatus | None) -> None:
        async with self._one_at_a_time:
            datum = Datum(json.dumps(_timer_info(past_due=past_due, status=status)), "json")
            request = TimerRequestConverter.decode(datum, trigger_metadata=None)
            await invoke_with_retry(self._invoker, self._function, request)

    def _recover(self, now: datetime) -> tuple[ScheduleStatus, bool]:
        """The status to start with, and whether an occurrence was missed."""
        status = self._state.read() if self._state else None
        if status is None:
            return self._save(ScheduleStatus(None, self._schedule.after(now), now)), False
        expected = self._schedule.after(status.last_at or status.updated_at)
        if status.next_at != expected:  # the schedule was changed since: not past due
            if now > expected:
                expected = self._schedule.after(now)
            status = self._save(ScheduleStatus(None, expected, now))
        return status, now > status.next_at

    def _record(
        self, started: datetime, status: ScheduleStatus, *, scheduled: bool
    ) -> ScheduleStatus:
        # Fired a little early: count it as on time, or the same occurrence would come twice.
        moment = max(started, status.next_at) if scheduled else started
        return self._save(ScheduleStatus(moment, self._schedule.after(moment), moment))

    def _save(self, status: ScheduleStatus) -> ScheduleStatus:
        if self._state:
            self._state.write(status)
        return status


def _timer_info(*, past_due: bool, status: ScheduleStatus | None) -> dict[str, object]:
    known = status and {
        "Last": (status.last_at or datetime.min.replace(tzinfo=UTC)).isoformat(),
        "Next": status.next_at.isoformat(),
        "LastUpdated": status.updated_at.isoformat(),
    }
    return {"Schedule": {"AdjustForDST": True}, "ScheduleStatus": known, "IsPastDue": past_due}
