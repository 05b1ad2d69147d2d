"""How one run of a function is carried out, whatever triggers it."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from infra.local.host.indexing import Function
from infra.local.host.invocation import InvocationFailed, Invoker


def make_function(call: Callable[..., Any], *, is_async: bool) -> Function:
    trigger = {"type": "timerTrigger", "name": "value"}
    return Function("Handler", call, is_async, trigger, False, ".")


async def most_at_once(invoker: Invoker, runs: int) -> int:
    """How many of so many synchronous runs were seen side by side."""
    running, seen, lock = 0, [0], threading.Lock()

    def call(value: int) -> None:
        nonlocal running
        with lock:
            running += 1
            seen.append(running)
        time.sleep(0.2)
        with lock:
            running -= 1

    function = make_function(call, is_async=False)
    await asyncio.gather(*(invoker.invoke(function, number) for number in range(runs)))
    return max(seen)


@pytest.mark.parametrize("threads", [1, 3])
async def test_thread_pool_has_the_size_of_its_setting(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_THREADPOOL_THREAD_COUNT", str(threads))
    assert await most_at_once(Invoker(None), 4) == threads


async def test_thread_pool_has_processors_plus_four_by_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PYTHON_THREADPOOL_THREAD_COUNT", raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr("os.process_cpu_count", lambda: 2, raising=False)  # Python 3.13
    assert await most_at_once(Invoker(None), 9) == 6


async def test_asynchronous_functions_share_one_loop_and_thread() -> None:
    seen: set[tuple[int, int]] = set()

    async def call(value: int) -> None:
        seen.add((id(asyncio.get_running_loop()), threading.get_ident()))

    function, invoker = make_function(call, is_async=True), Invoker(None)
    await asyncio.gather(*(invoker.invoke(function, number) for number in range(3)))
    assert seen == {(id(asyncio.get_running_loop()), threading.get_ident())}


async def test_failure_is_logged_on_one_line_with_its_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def call(value: int) -> None:
        raise RuntimeError("broken on purpose")

    with pytest.raises(InvocationFailed) as caught:
        await Invoker(None).invoke(make_function(call, is_async=True), 1)
    assert isinstance(caught.value.__cause__, RuntimeError)
    invocation, exception = capsys.readouterr().err.splitlines()
    assert "function=Handler" in invocation
    assert "outcome=failed" in invocation
    assert "broken on purpose" in exception


async def test_run_over_the_time_limit_fails(capsys: pytest.CaptureFixture[str]) -> None:
    async def call(value: int) -> None:
        await asyncio.sleep(10)

    with pytest.raises(InvocationFailed):
        await Invoker(0.1).invoke(make_function(call, is_async=True), 1)
    assert "TimeoutError" in capsys.readouterr().err
