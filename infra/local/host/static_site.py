"""Serves the built web pages beside the API, on one origin, as Azure Static Web Apps does."""

import asyncio
import hashlib
import mimetypes
from pathlib import Path
from typing import Any

from infra.local.host.errors import StartupError
from infra.local.host.http_messages import send_plain
from infra.local.host.static_rules import CONFIG_NAME, StaticRules, read_static_rules

# Windows' registry answers otherwise for some of these, so they are said here.
_MIME_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_INDEX = "index.html"


class StaticSite:
    """Answers GET and HEAD from one folder and never from outside of it."""

    def __init__(self, folder: Path) -> None:
        """Read the folder's rules.

        Raises:
            StartupError: there is no such folder, or its rules cannot be served.
        """
        if not folder.is_dir():
            raise StartupError(f"--static {folder}: no such folder; build the web pages first")
        self._folder = folder.resolve()
        self._rules: StaticRules = read_static_rules(self._folder)

    async def answer(self, method: str, path: str, headers: dict[str, str], send: Any) -> None:
        """Serve the path by rule, file or fallback."""
        if method not in {"GET", "HEAD"}:
            await send_plain(send, 405, b"", [(b"allow", b"GET, HEAD")])
            return
        rule = self._rules.rule_for(method, path)
        extra = dict(rule.headers) if rule else {}
        if rule and rule.redirect:
            location = [(b"location", rule.redirect.encode())]
            await send_plain(send, rule.status or 302, b"", location + self._headers(extra))
            return
        target = rule.rewrite if rule and rule.rewrite else path
        status = (rule.status if rule else None) or 200
        file = self._find(target)
        if file is None and (fallback := self._rules.fallback_for(path)):
            file = self._find(fallback)
        if file is None:
            status, page = 404, self._rules.not_found_page
            file = self._find(page) if page else None
        await self._send_file(file, status, extra, headers, send)

    def _find(self, path: str) -> Path | None:
        if "\\" in path or "\0" in path:
            return None
        candidate = (self._folder / path.lstrip("/")).resolve()
        if candidate.is_dir():
            candidate /= _INDEX
        inside = candidate.is_relative_to(self._folder)
        return (
            candidate if inside and candidate.is_file() and candidate.name != CONFIG_NAME else None
        )

    async def _send_file(
        self,
        file: Path | None,
        status: int,
        extra: dict[str, str],
        headers: dict[str, str],
        send: Any,
    ) -> None:
        common = self._headers(extra)
        if file is None:
            await send_plain(send, status, b"", common)
            return
        body = await asyncio.to_thread(file.read_bytes)
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        common.append((b"etag", tag.encode()))
        if status == 200 and _matches(headers.get("if-none-match", ""), tag):  # noqa: PLR2004 -- HTTP: OK
            await send_plain(send, 304, b"", common)
            return
        await send_plain(
            send, status, body, [(b"content-type", self._type_of(file).encode()), *common]
        )

    def _headers(self, extra: dict[str, str]) -> list[tuple[bytes, bytes]]:
        # A route's header wins over the global one; an empty value takes it away.
        merged = {"cache-control": "public, must-revalidate, max-age=30"}
        for source in (self._rules.global_headers, extra):
            merged |= {name.lower(): value for name, value in source.items()}
        return [(name.encode(), value.encode()) for name, value in merged.items() if value]

    def _type_of(self, file: Path) -> str:
        suffix = file.suffix.lower()
        known = self._rules.mime_types.get(suffix) or _MIME_TYPES.get(suffix)
        kind = known or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        text = kind.startswith("text/") and "charset" not in kind
        return f"{kind}; charset=utf-8" if text else kind


def _matches(if_none_match: str, tag: str) -> bool:
    tags = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return tag in tags or "*" in tags
