"""Every setting that the code reads, in one frozen model, read at first use.

No host and no secret has a default: what is missing is reported, all of it at once. Secrets are
not here but in ``shared.secrets``.
"""

import os
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class SettingsError(RuntimeError):
    """The environment is incomplete or wrong; the message names every setting concerned."""


class Settings(BaseModel):
    """Field ``stripe_api_base`` is read from the environment variable ``STRIPE_API_BASE``."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=str.upper,
        str_strip_whitespace=True,
        str_min_length=1,
    )

    # PostgreSQL: one login role per schema.
    database_url_rent: str
    database_url_payment: str
    database_url_email: str
    database_auth: Literal["password", "entra"] = "password"
    # With "entra": the managed identity that is each role. Unset: the host's own identity.
    database_client_id_rent: str | None = None
    database_client_id_payment: str | None = None
    database_client_id_email: str | None = None

    # Storage queues. The names are those of the Functions binding connection "RentalQueue".
    rental_queue_connection: str | None = Field(default=None, alias="RentalQueue")
    rental_queue_uri: str | None = Field(default=None, alias="RentalQueue__queueServiceUri")

    # Files. In Azure the address, an identity signs in; locally the connection string.
    blob_connection_string: str | None = None
    blob_service_uri: str | None = None

    # Where the parts find each other. Unset: called in process.
    rent_process_url: str | None = None
    payment_process_url: str | None = None
    internal_timeout_seconds: float = Field(default=20, gt=0)

    # The public face: links in e-mails, redirects after 3-D Secure.
    public_base_url: str

    # Secrets, features, telemetry. A private authority is trusted through the CA file.
    key_vault_url: str | None = None
    key_vault_ca_file: str | None = None
    secret_cache_seconds: float = Field(default=300, gt=0)
    app_configuration_endpoint: str | None = None
    app_configuration_connection_string: str | None = None
    feature_refresh_seconds: float = Field(default=10, gt=0, le=30)
    telemetry_backend: Literal["opencensus", "opentelemetry", "none"] = "opencensus"
    telemetry_sampling_percent: float = Field(default=100, gt=0, le=100)  # of the rentals
    applicationinsights_connection_string: str | None = None
    applicationinsights_authentication_string: str | None = None  # "ClientId=...;Authorization=AAD"

    # Sign-in.
    oidc_issuer: str
    oidc_audience: str
    oidc_roles_claim: str = "roles"
    oidc_web_client_id: str  # the pages' registration at the provider
    oidc_web_scope: str = "openid profile"  # and, where the provider asks for it, the API's own

    # Vendors.
    stripe_api_base: str
    stripe_js_url: str
    stripe_publishable_key: str
    stripe_timeout_seconds: float = Field(default=10, gt=0)
    stripe_webhook_tolerance_seconds: int = Field(default=300, gt=0)
    sendgrid_api_base: str
    sendgrid_timeout_seconds: float = Field(default=10, gt=0)
    smtp_host: str
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_username: str | None = None
    smtp_tls: Literal["none", "starttls", "tls"] = "starttls"
    email_from: str

    # Send right after the commit; off, only the timer's sweep sends (benchmarks, drills).
    outbox_relay: bool = True

    # How often something may be tried (shared/contracts/limits.py). 0: as often as you like.
    limit_email_per_hour: int = Field(default=10, ge=0)
    limit_address_per_hour: int = Field(default=30, ge=0)
    limit_card_per_hour: int = Field(default=10, ge=0)
    # The header in which the front door names who called it. Unset: nobody is known by address.
    client_address_header: str | None = None

    # How long things last.
    offer_lifetime_seconds: int = Field(default=1800, gt=0)
    hold_card_seconds: int = Field(default=900, gt=0)
    hold_pix_seconds: int = Field(default=3600, gt=0)
    hold_boleto_seconds: int = Field(default=518_400, gt=0)  # three days to pay, three to clear


@cache
def get_settings() -> Settings:
    """Read the environment once.

    Raises:
        SettingsError: naming every missing or wrong setting.
    """
    try:
        return Settings.model_validate(dict(os.environ))
    except ValidationError as error:
        faults = ", ".join(f"{fault['loc'][0]} ({fault['msg']})" for fault in error.errors())
        raise SettingsError(f"settings are missing or wrong: {faults}") from None
