"""Files, against the real emulator."""

import asyncio
from uuid import uuid4

import httpx
import pytest

from infra.local.stack.ports import Ports
from shared import blobs
from shared.blobs import Blob
from shared.errors import Unavailable

PDF = Blob(b"%PDF-1.7 first", "application/pdf")


async def test_what_was_put_is_read_until_it_is_deleted(files: str) -> None:
    assert files
    name = f"{uuid4()}/agreement.pdf"
    await blobs.put("documents", name, PDF)
    assert await blobs.get("documents", name) == PDF
    assert await blobs.get("photos", name) is None
    await blobs.delete("documents", name)
    assert await blobs.get("documents", name) is None


async def test_a_repeat_replaces_and_a_second_deletion_is_no_error(files: str) -> None:
    assert files
    name = f"{uuid4()}/front.jpg"
    await blobs.put("photos", name, Blob(b"first", "image/jpeg"))
    await blobs.put("photos", name, Blob(b"second", "image/jpeg"))
    assert await blobs.get("photos", name) == Blob(b"second", "image/jpeg")
    await blobs.delete("photos", name)
    await blobs.delete("photos", name)


async def test_a_file_has_no_public_address(files: str) -> None:
    name = f"{uuid4()}/agreement.pdf"
    await blobs.put("documents", name, PDF)
    endpoint = files.partition("BlobEndpoint=")[2].rstrip(";")
    async with httpx.AsyncClient() as stranger:
        answered = await stranger.get(f"{endpoint}/documents/{name}")
    assert answered.status_code in {403, 404}
    assert PDF.content not in answered.content


async def test_storage_that_is_down_is_unavailable(environment: pytest.MonkeyPatch) -> None:
    port = Ports.free().blob
    environment.setenv(
        "BLOB_CONNECTION_STRING",
        "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;"
        f"BlobEndpoint=http://127.0.0.1:{port}/a;",
    )
    environment.setattr(blobs, "TIMEOUT_SECONDS", 0.2)
    try:
        calls = (
            blobs.put("documents", "x", PDF),
            blobs.get("documents", "x"),
            blobs.delete("documents", "x"),
        )
        for outcome in await asyncio.gather(*calls, return_exceptions=True):
            assert isinstance(outcome, Unavailable)
    finally:
        await blobs.close_blobs()


async def test_without_settings_it_says_which_are_missing(environment: pytest.MonkeyPatch) -> None:
    assert environment
    with pytest.raises(Unavailable, match="BLOB_SERVICE_URI"):
        await blobs.get("documents", "x")
