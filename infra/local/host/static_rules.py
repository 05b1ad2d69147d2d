"""staticwebapp.config.json as Azure Static Web Apps reads it, as far as pages need it.

Sign-in (`auth`, roles other than anonymous) is Azure's own and is refused here rather than ignored.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.host.errors import StartupError

CONFIG_NAME = "staticwebapp.config.json"
_BRACES = re.compile(r"\\\{([^{}]*)\\\}")


@dataclass(frozen=True)
class RouteRule:
    """One entry of `routes`; the first whose path and method match applies."""

    pattern: re.Pattern[str]
    methods: frozenset[str]
    headers: Mapping[str, str]
    rewrite: str | None
    redirect: str | None
    status: int | None


@dataclass(frozen=True)
class StaticRules:
    """The file's content, ready to be asked."""

    routes: tuple[RouteRule, ...] = ()
    fallback: str | None = None
    fallback_excludes: tuple[re.Pattern[str], ...] = ()
    global_headers: Mapping[str, str] = field(default_factory=dict)
    mime_types: Mapping[str, str] = field(default_factory=dict)
    not_found_page: str | None = None

    def rule_for(self, method: str, path: str) -> RouteRule | None:
        for rule in self.routes:
            if rule.pattern.fullmatch(path) and (not rule.methods or method in rule.methods):
                return rule
        return None

    def fallback_for(self, path: str) -> str | None:
        """The page that a single-page app answers unknown paths with."""
        if any(pattern.fullmatch(path) for pattern in self.fallback_excludes):
            return None
        return self.fallback


def read_static_rules(folder: Path) -> StaticRules:
    """Read the folder's configuration, if it has one.

    Raises:
        StartupError: the file is no JSON or asks for sign-in.
    """
    path = folder / CONFIG_NAME
    if not path.is_file():
        return StaticRules()
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise StartupError(f"{path} is not JSON: {error}") from None
    fallback = document.get("navigationFallback", {})
    return StaticRules(
        routes=tuple(_read_rule(entry) for entry in document.get("routes", [])),
        fallback=fallback.get("rewrite"),
        fallback_excludes=tuple(compile_glob(glob) for glob in fallback.get("exclude", [])),
        global_headers=document.get("globalHeaders", {}),
        mime_types=document.get("mimeTypes", {}),
        not_found_page=document.get("responseOverrides", {}).get("404", {}).get("rewrite"),
    )


def compile_glob(glob: str) -> re.Pattern[str]:
    """`/images/*.{png,jpg}`: a star takes anything, braces are alternatives."""
    escaped = re.escape(glob).replace(r"\*", ".*")
    alternatives = _BRACES.sub(lambda m: f"(?:{m[1].replace(',', '|')})", escaped)
    return re.compile(alternatives)


def _read_rule(entry: Mapping[str, Any]) -> RouteRule:
    roles = entry.get("allowedRoles", ["anonymous"])
    if "anonymous" not in roles:
        raise StartupError(
            f"{CONFIG_NAME}: route {entry['route']} wants a role; not available here"
        )
    return RouteRule(
        pattern=compile_glob(entry["route"]),
        methods=frozenset(method.upper() for method in entry.get("methods", [])),
        headers=entry.get("headers", {}),
        rewrite=entry.get("rewrite"),
        redirect=entry.get("redirect"),
        status=entry.get("statusCode"),
    )
