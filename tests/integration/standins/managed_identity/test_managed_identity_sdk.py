"""Microsoft's credentials against the managed identity stand-in."""

import httpx
import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential
from azure.identity.aio import ManagedIdentityCredential as AsyncCredential

from infra.local.standins import tokens
from tests.plugins.standins import Serve

SCOPE = "https://vault.azure.net/.default"


@pytest.fixture
def endpoint(serve_standins: Serve, monkeypatch: pytest.MonkeyPatch) -> str:
    options = {"identity_header": "only-this-app", "client_ids": ["a-known-identity"]}
    urls = serve_standins({"name": "managed_identity", "options": options})
    found = f"{urls['managed_identity']}/msi/token"
    monkeypatch.setenv("IDENTITY_ENDPOINT", found)
    monkeypatch.setenv("IDENTITY_HEADER", "only-this-app")
    return found


def test_default_credential_gets_a_token_for_the_resource(endpoint: str) -> None:
    assert endpoint
    with DefaultAzureCredential(managed_identity_client_id="a-known-identity") as credential:
        token = credential.get_token(SCOPE)
    assert tokens.fault(f"Bearer {token.token}", "https://vault.azure.net") is None
    claims = jwt.decode(token.token, options={"verify_signature": False})
    assert claims["exp"] == token.expires_on


def test_an_unknown_identity_gets_none(endpoint: str) -> None:
    assert endpoint
    with (
        ManagedIdentityCredential(client_id="nobody", retry_total=0) as credential,
        pytest.raises(ClientAuthenticationError),
    ):
        credential.get_token(SCOPE)


async def test_async_credential(endpoint: str) -> None:
    assert endpoint
    async with AsyncCredential(client_id="a-known-identity") as credential:
        token = await credential.get_token("https://appconfig.azure.com/.default")
    assert tokens.fault(f"Bearer {token.token}", "https://appconfig.azure.com") is None


def test_incomplete_requests_are_refused(endpoint: str) -> None:
    header = {"X-IDENTITY-HEADER": "only-this-app"}
    query = {"api-version": "2019-08-01", "resource": "https://vault.azure.net"}
    assert httpx.get(endpoint, params=query).status_code == 401
    assert httpx.get(endpoint, headers=header, params={"resource": "x"}).status_code == 400
    version = {"api-version": "2019-08-01"}
    assert httpx.get(endpoint, headers=header, params=version).status_code == 400


def test_tokens_are_refused_when_expired_forged_or_for_another_audience() -> None:
    expired, _ = tokens.issue("https://a.example", lifetime_seconds=-1)
    forged, _ = tokens.issue("https://a.example", key="another-key-that-is-long-enough-for-hs256")
    other, _ = tokens.issue("https://b.example")
    faults = [
        tokens.fault(header, "https://a.example") or ""
        for header in (
            "",
            "Basic abc",
            f"Bearer {expired}",
            f"Bearer {forged}",
            f"Bearer {other}",
            "Bearer x",
        )
    ]
    expected = ["missing", "missing", "expired", "signature", "audience", "signature"]
    assert all(word in fault for word, fault in zip(expected, faults, strict=True)), faults
