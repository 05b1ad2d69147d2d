"""The key-values of one configuration store, each change with a new ETag."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

FLAG_PREFIX = ".appconfig.featureflag/"
FLAG_CONTENT_TYPE = "application/vnd.microsoft.appconfig.ff+json;charset=utf-8"


def _new_etag() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Setting:
    """One key-value; a label of None is the vendor's null label."""

    key: str
    label: str | None
    value: str | None
    content_type: str | None = None
    description: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    locked: bool = False
    etag: str = field(default_factory=_new_etag)
    last_modified: datetime = field(default_factory=lambda: datetime.now(UTC))

    def to_json(self, fields: list[str] | None = None) -> dict[str, Any]:
        everything = {
            "etag": self.etag,
            "key": self.key,
            "label": self.label,
            "content_type": self.content_type,
            "value": self.value,
            "tags": dict(self.tags),
            "locked": self.locked,
            "last_modified": self.last_modified.isoformat(timespec="seconds"),
        }
        if self.description is not None:
            everything["description"] = self.description
        if not fields:
            return everything
        return {name: everything[name] for name in everything if name in fields or name == "key"}


class Store:
    """Ordered by key, then label, as the vendor lists them; ``changes`` counts the writes."""

    def __init__(self) -> None:
        self._settings: dict[tuple[str, str | None], Setting] = {}
        self.changes = 0

    def get(self, key: str, label: str | None) -> Setting | None:
        return self._settings.get((key, label))

    def put(self, setting: Setting) -> Setting:
        self._settings[setting.key, setting.label] = setting
        self.changes += 1
        return setting

    def delete(self, key: str, label: str | None) -> Setting | None:
        gone = self._settings.pop((key, label), None)
        self.changes += gone is not None
        return gone

    def lock(self, setting: Setting, *, locked: bool) -> Setting:
        return self.put(
            replace(setting, locked=locked, etag=_new_etag(), last_modified=datetime.now(UTC))
        )

    def all(self) -> list[Setting]:
        return sorted(self._settings.values(), key=lambda each: (each.key, each.label or ""))


def page_etag(page: list[Setting]) -> str:
    """Changes when a setting of the page changes, comes or goes."""
    return hashlib.sha256("\n".join(each.etag for each in page).encode()).hexdigest()[:43]


def feature_flag(name: str, declared: bool | Mapping[str, Any]) -> Setting:  # noqa: FBT001 - the
    # declaration's short form is a bare true or false
    """A feature flag from its declaration: ``True``, or ``{"enabled": …, "conditions": …}``."""
    details = {"enabled": declared} if isinstance(declared, bool) else dict(declared)
    value = {
        "id": name,
        "description": details.pop("description", ""),
        "enabled": bool(details.pop("enabled", False)),
        "conditions": details.pop("conditions", None) or {"client_filters": []},
        **details,
    }
    return Setting(
        key=FLAG_PREFIX + name,
        label=None,
        value=json.dumps(value),
        content_type=FLAG_CONTENT_TYPE,
    )
