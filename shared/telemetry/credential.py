"""Who sends the telemetry, where local authentication is off."""

from typing import Any

from shared.settings import Settings


def credential_of(settings: Settings) -> Any:
    """The identity that Functions itself is told to use; None where a key is enough."""
    text = settings.applicationinsights_authentication_string
    if not text:
        return None
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415 -- only where it is used

    parts = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
    return DefaultAzureCredential(managed_identity_client_id=parts.get("ClientId"))
