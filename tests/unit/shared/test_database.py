"""With Entra, every schema signs in as its own identity, under its own role's name."""

from typing import Any

import pytest
from azure.identity.aio import ManagedIdentityCredential

from shared.database import POOL_SIZE, Schema, _new_pool
from shared.settings import Settings

REQUIRED = {
    name: "x"
    for name, field in Settings.model_fields.items()
    if field.is_required() and not name.startswith("database_url")
}


def settings(**more: str) -> Settings:
    urls = {
        f"database_url_{schema}": f"postgresql://{schema}@db.example:6432/rentacar"
        for schema in POOL_SIZE
    }
    given = {**REQUIRED, **urls, **more}
    return Settings.model_validate({name.upper(): value for name, value in given.items()})


def arguments(pool: Any) -> dict[str, Any]:
    assert isinstance(pool.kwargs, dict)
    return pool.kwargs


@pytest.mark.parametrize("schema", ["rent", "payment", "email"])
async def test_entra_signs_in_as_the_schemas_role_and_identity(
    schema: Schema, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_ID", "the-hosts")
    # The managed identity of App Service and Functions is asked here, under the client id's name.
    monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:9/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "x")
    identities = {f"database_client_id_{name}": f"id-of-{name}" for name in POOL_SIZE}
    given = arguments(_new_pool(schema, settings(database_auth="entra", **identities)))
    assert given["user"] == schema
    assert given["prepare_threshold"] is None
    credential = given["credential"]
    asked = [
        getattr(each._credential, "_client")._identity_config  # noqa: B009 -- of a private type
        for each in credential.credentials
        if isinstance(each, ManagedIdentityCredential)
    ]
    await credential.close()
    assert asked == [{"client_id": f"id-of-{schema}"}]


async def test_password_leaves_the_address_alone() -> None:
    given = arguments(_new_pool("rent", settings()))
    assert "user" not in given
    assert "credential" not in given
