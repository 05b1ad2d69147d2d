"""Secrets from a Key Vault over TLS, with a managed identity."""

import asyncio
import json
import logging
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.local.standins.keyvault.certificate import CertificateFiles, ensure_certificate
from shared import secrets
from shared.errors import Unavailable
from shared.secrets import close_secrets, get_secret
from shared.settings import SettingsError, get_settings
from tests.plugins.standins import Serve

VALUE = "sk_test_seeded"


class Vault:
    def __init__(self, url: str, files: CertificateFiles, recording: Path) -> None:
        self.url, self._recording = url, recording
        self._tls = ssl.create_default_context(cafile=files.authority)

    def control(self, method: str, **body: Any) -> None:
        url = f"{self.url}/_control/faults"
        answer = httpx.request(method, url, json=body or None, verify=self._tls)
        assert answer.is_success, answer.text

    def reads(self) -> int:
        """How often a secret was answered."""
        lines = map(json.loads, self._recording.read_text().splitlines())
        return sum(line["status"] == 200 for line in lines)


@pytest.fixture
async def vault(
    serve_standins: Serve, tmp_path: Path, environment: pytest.MonkeyPatch
) -> AsyncIterator[Vault]:
    files = ensure_certificate(tmp_path / "tls")
    recording = tmp_path / "exchanges.jsonl"
    server = {
        "name": "keyvault",
        "tls": {"certificate": str(files.certificate), "key": str(files.key)},
        "options": {"secrets": {"stripe-api-key": VALUE, "smtp-password": "hunter2"}},
    }
    identity = {"name": "managed_identity", "options": {"identity_header": "only-this-app"}}
    urls = serve_standins(server, identity, record=recording)
    environment.setenv("IDENTITY_ENDPOINT", f"{urls['managed_identity']}/msi/token")
    environment.setenv("IDENTITY_HEADER", "only-this-app")
    environment.setenv("KEY_VAULT_URL", urls["keyvault"])
    environment.setenv("KEY_VAULT_CA_FILE", str(files.authority))
    environment.setenv("SECRET_CACHE_SECONDS", "0.2")
    get_settings.cache_clear()
    yield Vault(urls["keyvault"], files, recording)
    await close_secrets()


async def test_concurrent_readers_share_one_call(vault: Vault) -> None:
    values = await asyncio.gather(*(get_secret("stripe-api-key") for _ in range(20)))
    assert set(values) == {VALUE}
    assert vault.reads() == 1


async def test_fresh_value_is_not_fetched_again(vault: Vault) -> None:
    await get_secret("stripe-api-key")
    await get_secret("stripe-api-key")
    assert vault.reads() == 1


async def test_value_is_fetched_again_when_its_time_is_over(vault: Vault) -> None:
    await get_secret("stripe-api-key")
    await asyncio.sleep(0.25)
    await get_secret("stripe-api-key")
    assert vault.reads() == 2


async def test_vault_that_dies_leaves_the_known_value(
    vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    await get_secret("stripe-api-key")
    vault.control("POST", kind="close", times=None)
    await asyncio.sleep(0.25)
    with caplog.at_level(logging.WARNING):
        assert await get_secret("stripe-api-key") == VALUE
        assert await get_secret("stripe-api-key") == VALUE
    assert [VALUE in record.getMessage() for record in caplog.records].count(True) == 0
    ours = [record for record in caplog.records if record.name == "shared.secrets"]
    assert len(ours) == 1
    assert "stripe-api-key" in ours[0].getMessage()


async def test_recovered_vault_is_asked_again(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "RETRY_AFTER_SECONDS", 0.1)
    await get_secret("stripe-api-key")
    vault.control("POST", kind="close", times=None)
    await asyncio.sleep(0.25)
    await get_secret("stripe-api-key")
    vault.control("DELETE")
    await asyncio.sleep(0.15)
    before = vault.reads()
    await get_secret("stripe-api-key")
    async with asyncio.timeout(5):
        while vault.reads() == before:  # noqa: ASYNC110 -- a file, no event
            await asyncio.sleep(0.02)


async def test_slow_vault_delays_a_caller_with_a_known_value_by_a_second_at_most(
    vault: Vault,
) -> None:
    await get_secret("stripe-api-key")
    vault.control("POST", kind="delay", seconds=2.5, times=None)
    await asyncio.sleep(0.25)
    started = asyncio.get_running_loop().time()
    assert await get_secret("stripe-api-key") == VALUE
    assert asyncio.get_running_loop().time() - started < 1.5


async def test_vault_that_is_dead_from_the_start_is_unavailable(vault: Vault) -> None:
    vault.control("POST", kind="close", times=None)
    with pytest.raises(Unavailable, match="stripe-api-key"):
        await get_secret("stripe-api-key")


async def test_secret_that_does_not_exist_is_named(vault: Vault) -> None:
    assert vault
    with pytest.raises(SettingsError, match="manage-token-key does not exist"):
        await get_secret("manage-token-key")


async def test_identity_that_cannot_sign_in_is_told(
    vault: Vault, environment: pytest.MonkeyPatch
) -> None:
    assert vault
    environment.setenv("IDENTITY_HEADER", "another-app")
    with pytest.raises(SettingsError, match="stripe-api-key"):
        await get_secret("stripe-api-key")


async def test_vault_of_another_authority_is_not_trusted(
    vault: Vault, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert vault
    other = ensure_certificate(tmp_path / "other")
    environment.setenv("KEY_VAULT_CA_FILE", str(other.authority))
    get_settings.cache_clear()
    with pytest.raises(Unavailable, match="cannot be reached"):
        await get_secret("stripe-api-key")
