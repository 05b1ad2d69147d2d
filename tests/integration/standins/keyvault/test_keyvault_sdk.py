"""Microsoft's Key Vault SDK over TLS, with tokens that the real credentials fetch."""

import ssl
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
    ServiceRequestError,
)
from azure.identity import ManagedIdentityCredential
from azure.identity.aio import DefaultAzureCredential as AsyncCredential
from azure.keyvault.secrets import SecretClient
from azure.keyvault.secrets.aio import SecretClient as AsyncSecretClient

from infra.local.standins.keyvault.certificate import CertificateFiles, ensure_certificate
from tests.integration.standins.vendor_check import assert_true_to_vendor
from tests.plugins.standins import Serve


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return tmp_path / "exchanges.jsonl"


@pytest.fixture
def files(tmp_path: Path) -> CertificateFiles:
    return ensure_certificate(tmp_path / "tls")


@pytest.fixture
def url(
    serve_standins: Serve,
    recording: Path,
    files: CertificateFiles,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    vault = {
        "name": "keyvault",
        "tls": {"certificate": str(files.certificate), "key": str(files.key)},
        "options": {"secrets": {"stripe-api-key": "sk_test_seeded"}},
    }
    identity = {"name": "managed_identity", "options": {"identity_header": "only-this-app"}}
    urls = serve_standins(vault, identity, record=recording)
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{urls['managed_identity']}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "only-this-app")
    return urls["keyvault"]


@pytest.fixture
def client(url: str, files: CertificateFiles) -> Iterator[SecretClient]:
    with (
        ManagedIdentityCredential() as credential,
        SecretClient(
            url,
            credential,
            verify_challenge_resource=False,
            connection_verify=str(files.authority),
            retry_total=0,
        ) as made,
    ):
        yield made


def test_a_seeded_secret_is_read_after_the_challenge(client: SecretClient, recording: Path) -> None:
    secret = client.get_secret("stripe-api-key")
    assert secret.value == "sk_test_seeded"
    assert secret.properties.enabled is True
    statuses = [line.partition('"status":')[2][:3] for line in recording.read_text().splitlines()]
    assert statuses == ["401", "200"]
    assert "sk_test_seeded" not in recording.read_text()
    assert_true_to_vendor(recording, exchanges=2)


def test_rotation_adds_a_version_and_the_old_one_stays_readable(
    client: SecretClient, recording: Path
) -> None:
    old = client.get_secret("stripe-api-key")
    new = client.set_secret("stripe-api-key", "sk_test_rotated", tags={"by": "drill"})
    assert client.get_secret("stripe-api-key").value == "sk_test_rotated"
    assert client.get_secret("stripe-api-key", old.properties.version).value == "sk_test_seeded"
    versions = list(client.list_properties_of_secret_versions("stripe-api-key"))
    assert [each.version for each in versions] == [old.properties.version, new.properties.version]
    assert [each.name for each in client.list_properties_of_secrets()] == ["stripe-api-key"]
    assert_true_to_vendor(recording, exchanges=7)


def test_a_disabled_version_is_refused(client: SecretClient, recording: Path) -> None:
    version = client.get_secret("stripe-api-key").properties.version
    client.update_secret_properties("stripe-api-key", version, enabled=False)
    with pytest.raises(HttpResponseError, match="disabled secret"):
        client.get_secret("stripe-api-key")
    assert_true_to_vendor(recording, exchanges=4)


def test_deleted_secrets_can_be_recovered_and_purged(client: SecretClient, recording: Path) -> None:
    client.begin_delete_secret("stripe-api-key").wait()
    with pytest.raises(ResourceNotFoundError):
        client.get_secret("stripe-api-key")
    with pytest.raises(HttpResponseError, match="recoverable"):
        client.set_secret("stripe-api-key", "again")
    client.begin_recover_deleted_secret("stripe-api-key").wait()
    assert client.get_secret("stripe-api-key").value == "sk_test_seeded"
    client.begin_delete_secret("stripe-api-key").wait()
    client.purge_deleted_secret("stripe-api-key")
    assert client.set_secret("stripe-api-key", "fresh").value == "fresh"
    assert_true_to_vendor(recording, exchanges=10)


def test_an_unknown_secret_is_not_found(client: SecretClient, recording: Path) -> None:
    with pytest.raises(ResourceNotFoundError, match="SecretNotFound"):
        client.get_secret("nobody-made-it")
    assert_true_to_vendor(recording, exchanges=2)


async def test_async_client_with_default_credential(
    url: str, files: CertificateFiles, recording: Path
) -> None:
    async with (
        AsyncCredential() as credential,
        AsyncSecretClient(
            url,
            credential,
            verify_challenge_resource=False,
            connection_verify=str(files.authority),
        ) as client,
    ):
        assert (await client.get_secret("stripe-api-key")).value == "sk_test_seeded"
        assert [each.name async for each in client.list_properties_of_secrets()] == [
            "stripe-api-key"
        ]
    assert_true_to_vendor(recording, exchanges=3)


def test_a_wrong_identity_header_gets_no_token(
    url: str, files: CertificateFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_HEADER", "someone-else")
    with (
        ManagedIdentityCredential(retry_total=0) as credential,
        SecretClient(
            url,
            credential,
            verify_challenge_resource=False,
            connection_verify=str(files.authority),
            retry_total=0,
        ) as client,
        pytest.raises(ClientAuthenticationError),
    ):
        client.get_secret("stripe-api-key")


def test_who_does_not_trust_the_authority_is_not_served(url: str) -> None:
    with (
        ManagedIdentityCredential() as credential,
        SecretClient(url, credential, verify_challenge_resource=False, retry_total=0) as client,
        pytest.raises(ServiceRequestError, match=r"(?i)certificate"),
    ):
        client.get_secret("stripe-api-key")


def test_certificate_passes_strict_verification(url: str, files: CertificateFiles) -> None:
    context = ssl.create_default_context(cafile=str(files.authority))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with pytest.raises(HTTPError) as refused:
        urllib.request.urlopen(  # noqa: S310 - always https
            f"{url}/secrets?api-version=2026-04-01", context=context, timeout=5
        )
    assert refused.value.code == 401
    refused.value.close()


def test_certificate_is_kept_between_starts(tmp_path: Path) -> None:
    first = ensure_certificate(tmp_path).authority.read_bytes()
    assert ensure_certificate(tmp_path).authority.read_bytes() == first
