"""Storage clients for a trigger's `connection`, read from settings as the real host does."""

import os
from typing import Any

from azure.storage.queue.aio import QueueClient

from infra.local.host.errors import StartupError

# The SDK's default waits 15 s before its first retry: the listener's own back-off is better.
_RETRY: dict[str, Any] = {
    "initial_backoff": 0,
    "increment_base": 1,
    "random_jitter_range": 1,
    "retry_total": 2,
}


def open_queue(connection: str, name: str) -> QueueClient:
    """A client for one queue; it decodes nothing, the listener does.

    Raises:
        StartupError: neither a connection string nor a service URI is set.
    """
    for setting in (connection, f"AzureWebJobs{connection}"):
        if connection_string := os.environ.get(setting):
            return QueueClient.from_connection_string(connection_string, name, **_RETRY)
    if uri := os.environ.get(f"{connection}__queueServiceUri"):
        return QueueClient(uri, name, credential=_identity(), **_RETRY)
    raise StartupError(
        f"queue {name}: set {connection} (a connection string) or {connection}__queueServiceUri"
    )


def _identity() -> Any:
    from azure.identity.aio import DefaultAzureCredential  # noqa: PLC0415 - slow, rarely needed

    return DefaultAzureCredential()
