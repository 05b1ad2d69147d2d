"""Runs one function once: context, time limit, thread pool for synchronous code, one log line."""

import asyncio
import os
import threading
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from infra.local.host.indexing import Function
from infra.local.host.log import log_event, log_invocation, one_line_traceback
from infra.local.host.tracing import continue_trace

_thread_local = threading.local()


class InvocationFailed(Exception):  # noqa: N818 - the trigger decides what the failure means
    """The function raised or ran out of time; `__cause__` is what it raised."""


@dataclass(frozen=True, slots=True)
class TraceContext:
    """What `context.trace_context` offers, both spellings of it as in Azure."""

    trace_parent: str
    trace_state: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def Traceparent(self) -> str:  # noqa: N802 - the worker's deprecated name
        return self.trace_parent

    @property
    def Tracestate(self) -> str:  # noqa: N802 - the worker's deprecated name
        return self.trace_state


@dataclass(frozen=True, slots=True)
class RetryContext:
    """Which repetition of a `@retry` this is; 0 for the first run."""

    retry_count: int = 0
    max_retry_count: int = 0
    exception: BaseException | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The `context` argument of a function."""

    function_name: str
    function_directory: str
    invocation_id: str
    trace_context: TraceContext
    retry_context: RetryContext
    thread_local_storage: threading.local = _thread_local


_FIRST_RUN = RetryContext()


class Invoker:
    """Shared by all triggers: asynchronous functions share the loop, others the thread pool."""

    def __init__(self, timeout_seconds: float | None) -> None:
        self._timeout_seconds = timeout_seconds
        threads = os.environ.get("PYTHON_THREADPOOL_THREAD_COUNT")
        self._threads = ThreadPoolExecutor(int(threads) if threads else None, "function")

    async def invoke(
        self,
        function: Function,
        argument: Any,
        *,
        trace_parent: str | None = None,
        trace_state: str = "",
        retry: RetryContext = _FIRST_RUN,
    ) -> Any:
        """Run the function and return what it returned.

        Raises:
            InvocationFailed: it raised, or ran longer than `functionTimeout`.
        """
        trace = TraceContext(continue_trace(trace_parent), trace_state)
        context = Context(function.name, function.directory, str(uuid.uuid4()), trace, retry)
        started = time.perf_counter()
        outcome, failure = "succeeded", None
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await self._call(function, argument, context)
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        except Exception as error:
            outcome, failure = "failed", error
            raise InvocationFailed(function.name) from error
        finally:
            seconds = time.perf_counter() - started
            log_invocation(function.name, context.invocation_id, seconds, outcome)
            if failure:
                trace_text = one_line_traceback(failure)
                log_event("exception", id=context.invocation_id, error=trace_text)

    def close(self) -> None:
        """Let no further synchronous function start; those running cannot be interrupted."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _call(self, function: Function, argument: Any, context: Context) -> Any:
        arguments = {function.parameter: argument}
        if function.wants_context:
            arguments["context"] = context
        if function.is_async:
            _thread_local.invocation_id = context.invocation_id
            result = await function.call(**arguments)
        else:
            loop = asyncio.get_running_loop()
            result = await loop.run_in_executor(
                self._threads, _call_in_thread, function, arguments, context
            )
        if result is not None and function.trigger_type != "httpTrigger":
            # The real worker fails the invocation too: there is no $return binding.
            raise RuntimeError(f"{function.name} returned {type(result).__name__}, expected None")
        return result


def _call_in_thread(function: Function, arguments: dict[str, Any], context: Context) -> Any:
    _thread_local.invocation_id = context.invocation_id
    return function.call(**arguments)
