"""Write, read and delete files. None has a public address: whoever serves it asks who reads."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

from shared.errors import Unavailable
from shared.settings import get_settings

if TYPE_CHECKING:
    from azure.storage.blob.aio import BlobClient, BlobServiceClient

# One for each capability that keeps files; in Azure infra/app/storage_blobs.bicep makes them.
Container = Literal["documents", "photos"]
CONTAINERS: tuple[Container, ...] = ("documents", "photos")
TIMEOUT_SECONDS = 10  # files are small: a document, a photo of a few megabytes
_services: "WeakKeyDictionary[asyncio.AbstractEventLoop, BlobServiceClient]" = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Blob:
    """A file as it was stored."""

    content: bytes
    content_type: str


async def put(container: Container, name: str, blob: Blob) -> None:
    """Store under ``name``, replacing what is there: a repeat is harmless.

    Raises:
        Unavailable: the storage cannot be reached.
    """
    from azure.core.exceptions import AzureError  # noqa: PLC0415 -- import budget
    from azure.storage.blob import ContentSettings  # noqa: PLC0415 -- likewise

    settings = ContentSettings(content_type=blob.content_type)
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await _client(container, name).upload_blob(
                blob.content, overwrite=True, content_settings=settings
            )
    except (AzureError, TimeoutError) as error:
        raise Unavailable(f"the files of {container} cannot be reached") from error


async def get(container: Container, name: str) -> Blob | None:
    """None: there is no such file.

    Raises:
        Unavailable: the storage cannot be reached.
    """
    from azure.core.exceptions import AzureError, ResourceNotFoundError  # noqa: PLC0415 -- as above

    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            download = await _client(container, name).download_blob()
            content = await download.readall()
    except ResourceNotFoundError:
        return None
    except (AzureError, TimeoutError) as error:
        raise Unavailable(f"the files of {container} cannot be reached") from error
    kind = download.properties.content_settings.content_type or "application/octet-stream"
    return Blob(content, kind)


async def delete(container: Container, name: str) -> None:
    """Delete; that there was no such file is no error, so a repeat is harmless.

    Raises:
        Unavailable: the storage cannot be reached.
    """
    from azure.core.exceptions import AzureError, ResourceNotFoundError  # noqa: PLC0415 -- as above

    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await _client(container, name).delete_blob()
    except ResourceNotFoundError:
        return
    except (AzureError, TimeoutError) as error:
        raise Unavailable(f"the files of {container} cannot be reached") from error


async def close_blobs() -> None:
    """Close this loop's client: tests and short programs end cleanly with it."""
    service = _services.pop(asyncio.get_running_loop(), None)
    if service is not None:
        await service.close()


def _client(container: Container, name: str) -> "BlobClient":
    loop = asyncio.get_running_loop()
    if loop not in _services:
        _services[loop] = _new_service()
    return _services[loop].get_blob_client(container, name)


def _new_service() -> "BlobServiceClient":
    from azure.storage.blob.aio import BlobServiceClient  # noqa: PLC0415 -- import budget

    settings = get_settings()
    # One retry here: whoever stores is a queue message or a request that comes again.
    options: dict[str, Any] = {"retry_total": 1, "connection_timeout": TIMEOUT_SECONDS}
    if settings.blob_connection_string is not None:
        return BlobServiceClient.from_connection_string(settings.blob_connection_string, **options)
    if settings.blob_service_uri is None:
        raise Unavailable("neither BLOB_CONNECTION_STRING nor BLOB_SERVICE_URI is set")
    from azure.identity.aio import DefaultAzureCredential  # noqa: PLC0415 -- import budget

    return BlobServiceClient(
        settings.blob_service_uri, credential=DefaultAzureCredential(), **options
    )
