"""The secrets of one vault: versions, attributes, soft deletion."""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

RECOVERABLE_DAYS = 90
RECOVERY_LEVEL = "Recoverable+Purgeable"


@dataclass
class Version:
    """One version of one secret, its vendor fields by their wire names."""

    name: str
    value: str
    content_type: str | None = None
    tags: dict[str, str] | None = None
    enabled: bool = True
    not_before: int | None = None
    expires: int | None = None
    version: str = field(default_factory=lambda: secrets.token_hex(16))
    created: int = field(default_factory=lambda: int(time.time()))
    updated: int = field(default_factory=lambda: int(time.time()))

    def change(self, body: dict[str, Any]) -> None:
        """Takes content type, tags and attributes from a request; what is absent stays."""
        self.content_type = body.get("contentType", self.content_type)
        self.tags = body.get("tags", self.tags)
        attributes = body.get("attributes") or {}
        self.enabled = attributes.get("enabled", self.enabled)
        self.not_before = attributes.get("nbf", self.not_before)
        self.expires = attributes.get("exp", self.expires)

    def describe(self, base: str, *, versioned: bool) -> dict[str, Any]:
        """All but the value, as lists show it."""
        attributes = {
            "enabled": self.enabled,
            "nbf": self.not_before,
            "exp": self.expires,
            "created": self.created,
            "updated": self.updated,
            "recoveryLevel": RECOVERY_LEVEL,
            "recoverableDays": RECOVERABLE_DAYS,
        }
        item: dict[str, Any] = {
            "id": f"{base}/secrets/{self.name}" + (f"/{self.version}" if versioned else ""),
            "attributes": {name: value for name, value in attributes.items() if value is not None},
            "tags": self.tags or {},
        }
        if self.content_type is not None:
            item["contentType"] = self.content_type
        return item


class Vault:
    """Live and deleted secrets by name; each a list of versions, the latest last."""

    def __init__(self, seed: dict[str, str]) -> None:
        self.live: dict[str, list[Version]] = {}
        self.deleted: dict[str, tuple[int, list[Version]]] = {}
        for name, value in seed.items():
            self.add(name, value)

    def add(self, name: str, value: str) -> Version:
        version = Version(name, value)
        self.live.setdefault(name, []).append(version)
        return version

    def find(self, name: str, version: str = "") -> Version | None:
        versions = self.live.get(name, [])
        if not version:
            return versions[-1] if versions else None
        return next((each for each in versions if each.version == version), None)

    def delete(self, name: str) -> bool:
        versions = self.live.pop(name, None)
        if versions is None:
            return False
        self.deleted[name] = int(time.time()), versions
        return True

    def recover(self, name: str) -> Version | None:
        _, versions = self.deleted.pop(name, (0, []))
        if not versions:
            return None
        self.live[name] = versions
        return versions[-1]
