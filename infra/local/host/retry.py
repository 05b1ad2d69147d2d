"""`@retry` on a timer. The real host ignores it on queue triggers, which have their own way."""

import asyncio
from typing import Any

from infra.local.host.configuration import parse_time_span
from infra.local.host.indexing import Function
from infra.local.host.invocation import InvocationFailed, Invoker, RetryContext


async def invoke_with_retry(invoker: Invoker, function: Function, argument: Any) -> None:
    """Run, and run again after a failure as the function's policy says.

    Raises:
        InvocationFailed: the last run failed too.
    """
    policy = function.retry or {}
    limit = int(policy.get("max_retry_count") or 0)
    count, problem = 0, None
    while True:
        try:
            context = RetryContext(count, limit, problem)
            await invoker.invoke(function, argument, retry=context)
        except InvocationFailed as error:
            if count == limit:  # -1 repeats for ever
                raise
            count, problem = count + 1, error.__cause__
            await asyncio.sleep(_delay_seconds(policy, count))
        else:
            return


def _delay_seconds(policy: Any, attempt: int) -> float:
    if policy.get("strategy") == "fixed_delay":
        return parse_time_span(str(policy["delay_interval"]))
    least = parse_time_span(policy.get("minimum_interval") or "00:00:00.1")
    most = parse_time_span(policy.get("maximum_interval") or "00:01:00")
    return min(most, least * float(2 ** (attempt - 1)))
