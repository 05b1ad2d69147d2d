"""The host's own calls under /admin: is it up, and run this function now.

`/admin/host/ping` and `/admin/host/status` answer anybody, as Core Tools does on a developer's
machine: this host listens on 127.0.0.1 only. Running a function needs the master key, as in Azure.
"""

import asyncio
import json
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from infra.local.host.http_messages import send_plain
from infra.local.host.indexing import Function
from infra.local.host.log import log_event, one_line_traceback

_JSON = [(b"content-type", b"application/json; charset=utf-8")]
# Runs a function with the text of the call's "input".
ManualRun = Callable[[Function, str], Awaitable[None]]


class Administration:
    """What operators and tests ask of the host itself."""

    def __init__(
        self,
        functions: Iterable[Function],
        manual_runs: Mapping[str, ManualRun],
    ) -> None:
        self._functions = {function.name.casefold(): function for function in functions}
        self._manual_runs = manual_runs
        self._started = time.monotonic()
        self._id = uuid.uuid4().hex
        self._running: set[asyncio.Task[None]] = set()

    async def answer(
        self,
        method: str,
        path: str,
        body: bytes,
        *,
        has_master_key: bool,
        send: Any,
    ) -> None:
        """Route by hand: four calls do not need more."""
        match [part.casefold() for part in path.strip("/").split("/")[1:]]:
            case ["host", "ping"]:
                await send_plain(send, 200)
            case ["host", "status"]:
                await send_plain(send, 200, self._status(), _JSON)
            case ["functions", *rest] if not has_master_key:
                log_event("admin-refused", call="/".join(rest), reason="master key")
                await send_plain(send, 401)
            case ["functions"] if method == "GET":
                await send_plain(send, 200, self._list(), _JSON)
            case ["functions", name] if method == "POST" and name in self._functions:
                await self._run(self._functions[name], body, send)
            case _:
                await send_plain(send, 404)

    async def drain(self, seconds: float) -> None:
        """Let runs that were started by hand finish."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)

    def _status(self) -> bytes:
        uptime = int((time.monotonic() - self._started) * 1000)
        return json.dumps({"id": self._id, "state": "Running", "processUptime": uptime}).encode()

    def _list(self) -> bytes:
        entries = [
            {"name": function.name, "config": {"bindings": [_jsonable(function.trigger)]}}
            for function in self._functions.values()
        ]
        return json.dumps(entries).encode()

    async def _run(self, function: Function, body: bytes, send: Any) -> None:
        run = self._manual_runs.get(function.trigger_type)
        try:
            given = json.loads(body).get("input", "") if body else ""
        except (ValueError, AttributeError):
            await send_plain(send, 400)
            return
        if run is None:  # an HTTP function is run by calling its route
            await send_plain(send, 400)
            return
        text = given if isinstance(given, str) else json.dumps(given)
        task = asyncio.create_task(_quietly(run(function, text)))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await send_plain(send, 202)


async def _quietly(run: Awaitable[None]) -> None:
    # 202 has been answered: a failure is for the log, where the invocation's own line is.
    try:
        await run
    except Exception as error:  # noqa: BLE001 - nobody awaits this task
        log_event("manual-run-failed", error=one_line_traceback(error).splitlines()[-1])


def _jsonable(binding: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: [str(item.value) for item in value]
        if isinstance(value, (list, tuple))
        else getattr(value, "value", value)
        for key, value in binding.items()
    }
