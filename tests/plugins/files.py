"""Fixture `files`: the real blob emulator, and the settings that lead the product there."""

import tempfile
from collections.abc import AsyncIterator, Iterator

import pytest

from infra.local.stack.containers import create_containers
from shared import blobs
from shared.settings import get_settings
from tests.plugins.azurite import ACCOUNT, KEY, running_emulator


@pytest.fixture(scope="session")
def blob_emulator() -> Iterator[str]:
    """Its connection string; one emulator a test session, with every container."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        running_emulator("blob", folder) as port,
    ):
        connection_string = (
            f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};"
            f"BlobEndpoint=http://127.0.0.1:{port}/{ACCOUNT};"
        )
        create_containers(connection_string)
        yield connection_string


@pytest.fixture
async def files(blob_emulator: str, environment: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """``shared.blobs`` reaches the emulator; returns the connection string."""
    environment.setenv("BLOB_CONNECTION_STRING", blob_emulator)
    get_settings.cache_clear()
    yield blob_emulator
    await blobs.close_blobs()
