"""The secrets of one data folder: random, made once, readable by their owner alone."""

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Any

FILE_NAME = "secrets.json"


def load_or_generate(data_dir: Path) -> dict[str, str]:
    """By Key Vault name, then those that only stand-ins and clients share."""
    path = data_dir / FILE_NAME
    known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    complete = {**_generate(), **known}
    if complete != known:
        write_private(path, complete)
    return complete


def vault_secrets(known: dict[str, str]) -> dict[str, str]:
    """Those that the product reads from Key Vault."""
    return {name: value for name, value in known.items() if name in _VAULT}


def names() -> list[str]:
    return list(_generate())


_VAULT = {
    # Prefixes as the vendors', because SDKs and log masking look at them.
    "stripe-api-key": "sk_test_",
    "stripe-webhook-secret": "whsec_",
    "sendgrid-api-key": "SG.",
    "smtp-password": "",
    "offer-signing-key": "",
    "manage-token-key": "",
    "internal-function-key": "",
}


def _generate() -> dict[str, str]:
    made = {name: prefix + secrets.token_hex(32) for name, prefix in _VAULT.items()}
    made["stripe-publishable-key"] = "pk_test_" + secrets.token_hex(24)
    made["identity-header"] = secrets.token_urlsafe(24)
    made["token-key"] = secrets.token_urlsafe(48)
    made["appconfiguration-secret"] = base64.b64encode(secrets.token_bytes(32)).decode()
    return made


def write_private(path: Path, values: dict[str, Any]) -> None:
    """JSON for its owner alone; through a new file, so that nobody ever reads half of it."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(values, file, indent=2)
    draft.replace(path)
