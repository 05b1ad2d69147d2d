"""The environment of the functions process, composed in this one place.

The names are those of ``shared/settings.py``; a test holds this module and
``local.settings.example.json`` against that model. Secrets are in the Key Vault stand-in.
"""

from dataclasses import dataclass
from typing import Any

from infra.local.stack import generated_secrets
from infra.local.stack.database import ROLES, database_url, role_password
from infra.local.stack.ports import Ports

HOST = "127.0.0.1"
OIDC_AUDIENCE = "rentacar"
APPCONFIGURATION_CREDENTIAL = "local"
INSTRUMENTATION_KEY = "00000000-0000-4000-8000-000000000001"  # the stand-in takes any
# The account name and key that Azurite publishes in its documentation: no secret.
_STORAGE_ACCOUNT = "devstoreaccount1"
_STORAGE_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where each part is reached."""

    ports: Ports

    @property
    def web(self) -> str:
        return f"http://{HOST}:{self.ports.web}"

    @property
    def api(self) -> str:
        return f"{self.web}/api"

    @property
    def mail(self) -> str:
        return f"http://{HOST}:{self.ports.mail}"

    @property
    def mail_api(self) -> str:
        """MailDev 3 serves ``GET /email`` below ``/api``."""
        return f"{self.mail}/api"

    @property
    def smtp(self) -> str:
        return f"smtp://{HOST}:{self.ports.smtp}"

    @property
    def stripe(self) -> str:
        return f"http://{HOST}:{self.ports.stripe}"

    @property
    def sendgrid(self) -> str:
        return f"http://{HOST}:{self.ports.sendgrid}"

    @property
    def appconfiguration(self) -> str:
        return f"http://{HOST}:{self.ports.appconfiguration}"

    @property
    def keyvault(self) -> str:
        return f"https://localhost:{self.ports.keyvault}"

    @property
    def managed_identity(self) -> str:
        return f"http://{HOST}:{self.ports.managed_identity}"

    @property
    def appinsights(self) -> str:
        return f"http://{HOST}:{self.ports.appinsights}"

    @property
    def issuer(self) -> str:
        return f"http://{HOST}:{self.ports.identity}"

    @property
    def blob(self) -> str:
        return f"http://{HOST}:{self.ports.blob}/{_STORAGE_ACCOUNT}"

    @property
    def storage_connection_string(self) -> str:
        endpoint = f"http://{HOST}:{self.ports.queue}/{_STORAGE_ACCOUNT}"
        return (
            f"DefaultEndpointsProtocol=http;AccountName={_STORAGE_ACCOUNT};"
            f"AccountKey={_STORAGE_KEY};BlobEndpoint={self.blob};QueueEndpoint={endpoint};"
        )


def compose_environment(
    addresses: Addresses,
    secrets: dict[str, str],
    *,
    database_server: str,
    database_name: str,
    key_vault_ca_file: str,
) -> dict[str, str]:
    """Every setting that the functions need, by environment variable name."""
    storage = addresses.storage_connection_string
    return {
        "FUNCTIONS_WORKER_RUNTIME": "python",
        "AzureWebJobsStorage": storage,
        "RentalQueue": storage,
        "BLOB_CONNECTION_STRING": storage,
        **_databases(database_server, database_name),
        "PUBLIC_BASE_URL": addresses.web,
        "KEY_VAULT_URL": addresses.keyvault,
        "KEY_VAULT_CA_FILE": key_vault_ca_file,
        "IDENTITY_ENDPOINT": f"{addresses.managed_identity}/msi/token",
        "IDENTITY_HEADER": secrets["identity-header"],
        "APP_CONFIGURATION_CONNECTION_STRING": (
            f"Endpoint={addresses.appconfiguration};Id={APPCONFIGURATION_CREDENTIAL};"
            f"Secret={secrets['appconfiguration-secret']}"
        ),
        "FEATURE_REFRESH_SECONDS": "1",
        "APPLICATIONINSIGHTS_CONNECTION_STRING": (
            f"InstrumentationKey={INSTRUMENTATION_KEY};IngestionEndpoint={addresses.appinsights}/"
        ),
        # Statsbeat would call a Microsoft host.
        "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "true",
        "OIDC_ISSUER": addresses.issuer,
        "OIDC_AUDIENCE": OIDC_AUDIENCE,
        "OIDC_WEB_CLIENT_ID": "rentacar-web",
        "STRIPE_API_BASE": addresses.stripe,
        "STRIPE_JS_URL": f"{addresses.stripe}/v3/",
        "STRIPE_PUBLISHABLE_KEY": secrets["stripe-publishable-key"],
        "SENDGRID_API_BASE": addresses.sendgrid,
        "SMTP_HOST": HOST,
        "SMTP_PORT": str(addresses.ports.smtp),
        "SMTP_TLS": "none",
        "EMAIL_FROM": "RentACar <rentals@rentacar.example>",
        # Whoever tries this out is one renter with a handful of test cards.
        "LIMIT_EMAIL_PER_HOUR": "0",
        "LIMIT_ADDRESS_PER_HOUR": "0",
        "LIMIT_CARD_PER_HOUR": "0",
        # Not in Key Vault alone: the host itself checks callers against it.
        "INTERNAL_FUNCTION_KEY": secrets["internal-function-key"],
    }


def _databases(server: str, name: str) -> dict[str, str]:
    return {
        f"DATABASE_URL_{role.upper()}": database_url(
            server, name, role, role_password(server, role)
        )
        for role in ROLES
    }


def example_settings() -> dict[str, Any]:
    """What ``local.settings.example.json`` says: the usual ports, secrets by their names."""
    named = {name: f"<{name}>" for name in generated_secrets.names()}
    values = compose_environment(
        Addresses(Ports()),
        named,
        database_server=f"postgresql://postgres@{HOST}:{Ports().postgres}/postgres",
        database_name="rentacar",
        key_vault_ca_file=".local/up/certificates/ca.pem",
    )
    return {"IsEncrypted": False, "Values": values}
