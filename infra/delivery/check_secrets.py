"""Hook ``predeploy``: no code goes out before every secret that it reads is in the vault.

Only names are listed; the pipeline's identity may not read a value.
"""

import sys
from collections.abc import Iterable

from infra.delivery.environment import DeliveryError, require
from shared.secrets import SECRET_NAMES

# Needed only where RENT_PROCESS_URL or PAYMENT_PROCESS_URL is set; one app calls itself in process.
OPTIONAL = frozenset({"internal-function-key"})


def find_missing(enabled_names: Iterable[str]) -> list[str]:
    there = set(enabled_names)
    return [name for name in SECRET_NAMES if name not in there and name not in OPTIONAL]


def list_enabled(vault_url: str) -> list[str]:
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415 -- slow, and tests need none
    from azure.keyvault.secrets import SecretClient  # noqa: PLC0415 -- likewise

    with DefaultAzureCredential() as credential, SecretClient(vault_url, credential) as client:
        listing = client.list_properties_of_secrets()
        return [each.name for each in listing if each.name and each.enabled]


def main() -> int:
    try:
        (vault_url,) = require(("KEY_VAULT_URL",))
    except DeliveryError as error:
        print(f"check_secrets: {error}", file=sys.stderr)
        return 1
    missing = find_missing(list_enabled(vault_url))
    for name in missing:
        print(f"check_secrets: {name} is missing in {vault_url}", file=sys.stderr)
    if missing:
        print("  → az keyvault secret set: docs/operations/secrets.md", file=sys.stderr)
        return 1
    print("every secret is in the vault")
    return 0


if __name__ == "__main__":
    sys.exit(main())
