"""One received message: what the function sees of it, its lease, and what becomes of it.

The rules are those of `QueueProcessor.cs` and `UpdateQueueMessageVisibilityCommand.cs`.
"""

import asyncio
import base64
import binascii
import json
from typing import Any

from azure.core.exceptions import AzureError, ResourceExistsError, ResourceNotFoundError
from azure.functions.meta import Datum
from azure.functions.queue import QueueMessageInConverter
from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueClient

from infra.local.host.log import log_event

# LinearSpeedupStrategy: a failed renewal is tried again in half the time, but not more often.
_MINIMUM_RENEWAL_SECONDS = 60.0
# Storage's answers that mean "the message is no longer ours".
_LOST = {"PopReceiptMismatch", "MessageNotFound", "QueueNotFound", "QueueBeingDeleted"}


class Undecodable(Exception):  # noqa: N818 - an outcome, not an error of the host
    """The text is not base64."""


def decode_text(content: str, *, base64_encoded: bool) -> bytes:
    """The message's bytes.

    Raises:
        Undecodable: `base64` is configured and the text is something else.
    """
    if not base64_encoded:
        return content.encode()
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise Undecodable from None


def build_argument(message: QueueMessage, body: bytes, queue_name: str) -> Any:
    """The function's `QueueMessage`, made by the worker's own converter.

    Raises:
        ValueError: the body is not UTF-8, or overwrites metadata with an unusable value.
    """
    text = body.decode()
    metadata = {
        "QueueTrigger": Datum(text, "string"),
        "Id": Datum(message.id, "string"),
        "PopReceipt": Datum(message.pop_receipt, "string"),
        "DequeueCount": Datum(str(message.dequeue_count), "json"),
        "sys": Datum(json.dumps({"QueueName": queue_name}), "json"),
    }
    moments = {
        "ExpirationTime": message.expires_on,
        "InsertionTime": message.inserted_on,
        "NextVisibleTime": message.next_visible_on,
    }
    metadata |= {
        name: Datum(json.dumps(moment.isoformat()), "json")
        for name, moment in moments.items()
        if moment  # a run by hand has none
    }
    _overwrite(metadata, text)
    return QueueMessageInConverter.decode(Datum(text, "string"), trigger_metadata=metadata)


class Lease:
    """Keeps one message invisible while its function runs: renewed at half of its time."""

    def __init__(self, queue: QueueClient, message: QueueMessage, seconds: float) -> None:
        self._queue = queue
        self._message = message
        self._seconds = seconds
        self.pop_receipt = message.pop_receipt

    async def keep(self) -> None:
        """Renew until cancelled, or until the message belongs to somebody else."""
        delay = self._seconds / 2
        while True:
            await asyncio.sleep(delay)
            try:
                renewed = await self._queue.update_message(
                    self._message.id,
                    pop_receipt=self.pop_receipt,
                    visibility_timeout=round(self._seconds),
                )
            except AzureError as error:
                log_event("lease-not-renewed", message=self._message.id, reason=_reason(error))
                if _is_lost(error):
                    return
                delay = max(delay / 2, min(_MINIMUM_RENEWAL_SECONDS, self._seconds / 4))
            else:
                self.pop_receipt = renewed.pop_receipt
                delay = self._seconds / 2

    async def release(self, seconds: float) -> None:
        """Make the message visible again after that time."""
        await _unless_lost(
            self._queue.update_message(
                self._message.id, pop_receipt=self.pop_receipt, visibility_timeout=round(seconds)
            )
        )

    async def delete(self) -> None:
        """Take the message off the queue."""
        await _unless_lost(self._queue.delete_message(self._message.id, self.pop_receipt))


async def copy_to(poison: QueueClient, content: str) -> None:
    """Put a copy, as a new message, on the poison queue; make the queue if it is absent."""
    try:
        await poison.send_message(content)
    except ResourceNotFoundError:
        try:
            await poison.create_queue()
        except ResourceExistsError:
            log_event("poison-queue-exists", queue=poison.queue_name)
        await poison.send_message(content)


async def _unless_lost(call: Any) -> None:
    try:
        await call
    except AzureError as error:
        if not _is_lost(error):
            raise
        log_event("message-lost", reason=_reason(error))


def _is_lost(error: AzureError) -> bool:
    return str(_reason(error)) in _LOST


def _reason(error: AzureError) -> str:
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code) or type(error).__name__)


def _overwrite(metadata: dict[str, Datum], text: str) -> None:
    # Utility.ApplyBindingData: top-level keys of a JSON object win, whatever their case.
    if not text.lstrip().startswith("{"):
        return
    try:
        document = json.loads(text)
    except ValueError:
        return
    known = {name.casefold(): name for name in metadata}
    for key, value in document.items():
        if value is None or isinstance(value, list):
            continue
        name = known.get(key.casefold(), key)
        as_text = isinstance(value, str)
        metadata[name] = Datum(
            value if as_text else json.dumps(value), "string" if as_text else "json"
        )
