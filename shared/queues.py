"""Send to Azure Storage queues. Receiving is the host's business (queue triggers)."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from shared.contracts.messages import QUEUES
from shared.errors import Unavailable
from shared.settings import get_settings
from shared.telemetry import metric

if TYPE_CHECKING:
    from azure.storage.queue.aio import QueueServiceClient

SEND_TIMEOUT_SECONDS = 5
_services: "WeakKeyDictionary[asyncio.AbstractEventLoop, QueueServiceClient]" = WeakKeyDictionary()


async def send(queue: str, body: str) -> None:
    """Put one message on ``queue``, base64-encoded as the host expects.

    Raises:
        Unavailable: the queue cannot be reached or does not exist.
    """
    from azure.core.exceptions import AzureError  # noqa: PLC0415 -- import budget
    from azure.storage.queue import TextBase64EncodePolicy  # noqa: PLC0415 -- likewise

    client = _service().get_queue_client(queue, message_encode_policy=TextBase64EncodePolicy())
    try:
        async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
            await client.send_message(body)
    except (AzureError, TimeoutError) as error:
        raise Unavailable(f"queue {queue} cannot be reached") from error


async def check() -> None:
    """Ask the queue service for a sign of life.

    Raises:
        Unavailable: there is none.
    """
    from azure.core.exceptions import AzureError  # noqa: PLC0415 -- import budget

    try:
        async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
            async for _ in _service().list_queues(results_per_page=1):
                break
    except (AzureError, TimeoutError) as error:
        raise Unavailable("the queues cannot be reached") from error


async def measure() -> None:
    """Emit depth and age of every queue and its poison queue: storage has no such metric.

    ``queue_age_seconds`` is the age of the oldest message that can be seen, 0 without one.

    Raises:
        Unavailable: a queue cannot be reached.
    """
    for name in (*QUEUES, *(f"{queue}-poison" for queue in QUEUES)):
        depth, age_seconds = await _look_at(name)
        metric("queue_depth", depth, {"queue": name})
        metric("queue_age_seconds", age_seconds, {"queue": name})


async def _look_at(queue: str) -> tuple[int, float]:
    from azure.core.exceptions import AzureError, ResourceNotFoundError  # noqa: PLC0415 -- as above

    client = _service().get_queue_client(queue)
    try:
        async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
            depth = (await client.get_queue_properties()).approximate_message_count or 0
            oldest = await client.peek_messages(max_messages=1) if depth else []
    except ResourceNotFoundError:
        return 0, 0.0  # a poison queue is made with its first message
    except (AzureError, TimeoutError) as error:
        raise Unavailable(f"queue {queue} cannot be reached") from error
    inserted_at = oldest[0].inserted_on if oldest else None
    age = datetime.now(UTC) - inserted_at if inserted_at else timedelta()
    return depth, max(age.total_seconds(), 0.0)


async def close_queues() -> None:
    """Close this loop's client: tests and short programs end cleanly with it."""
    service = _services.pop(asyncio.get_running_loop(), None)
    if service is not None:
        await service.close()


def _service() -> "QueueServiceClient":
    loop = asyncio.get_running_loop()
    if loop not in _services:
        _services[loop] = _new_service()
    return _services[loop]


def _new_service() -> "QueueServiceClient":
    from azure.storage.queue.aio import QueueServiceClient  # noqa: PLC0415 -- import budget

    settings = get_settings()
    # One retry here: a message that was not sent stays in the outbox anyway. A connection that
    # idled until the service closed it needs it now, where the SDK would wait for 18 s, past ours.
    options: dict[str, Any] = {
        "retry_total": 1,
        "initial_backoff": 0,
        "increment_base": 1,
        "random_jitter_range": 1,
        "connection_timeout": SEND_TIMEOUT_SECONDS,
    }
    if settings.rental_queue_connection is not None:
        return QueueServiceClient.from_connection_string(
            settings.rental_queue_connection, **options
        )
    if settings.rental_queue_uri is None:
        raise Unavailable("neither RentalQueue nor RentalQueue__queueServiceUri is set")
    from azure.identity.aio import DefaultAzureCredential  # noqa: PLC0415 -- import budget

    return QueueServiceClient(
        settings.rental_queue_uri, credential=DefaultAzureCredential(), **options
    )
