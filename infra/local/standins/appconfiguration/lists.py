"""Lists of key-values, keys and labels, page by page.

Each page of key-values has an ETag of its own. A client that polls sends it back and gets 304
while the page is unchanged; the link to the next page then stands in the ``Link`` header only.
"""

from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from infra.local.standins.appconfiguration import filters
from infra.local.standins.appconfiguration.answers import Answers, etags, query, selected_fields
from infra.local.standins.appconfiguration.store import Store, page_etag

Item = TypeVar("Item")


class Lists:
    def __init__(self, store: Store, answers: Answers, page_size: int) -> None:
        self._store, self._answers, self._page_size = store, answers, page_size

    async def key_values(self, request: Request) -> Response:
        asked = query(request)
        tags = [value for name, value in request.query_params.multi_items() if name == "tags"]
        found = filters.select(self._store.all(), asked.get("key"), asked.get("label"), tags)
        page, link = self._page(request, found)
        etag = page_etag(page)
        if etag in etags(request.headers.get("if-none-match")):
            headers = {"ETag": f'"{etag}"'}
            if link is not None:
                headers["Link"] = f'<{link}>; rel="next"'
            return self._answers.empty(304, **headers)
        wanted = etags(request.headers.get("if-match"))
        if wanted and not wanted & {etag, "*"}:
            return self._answers.empty(412, ETag=f'"{etag}"')
        fields = selected_fields(request)
        items = [each.to_json(fields) for each in page]
        return self._answers.page("kvset", {"items": items, "etag": etag}, link, etag)

    async def keys(self, request: Request) -> Response:
        found = filters.select(self._store.all(), query(request).get("name"), None)
        names = [{"name": key} for key in sorted({each.key for each in found})]
        return self._named("keyset", request, names)

    async def labels(self, request: Request) -> Response:
        found = filters.select(self._store.all(), None, query(request).get("name"))
        labels = sorted({each.label for each in found}, key=lambda label: label or "")
        return self._named("labelset", request, [{"name": label} for label in labels])

    def _named(self, kind: str, request: Request, items: list[dict[str, Any]]) -> Response:
        page, link = self._page(request, items)
        return self._answers.page(kind, {"items": page}, link)

    def _page(self, request: Request, items: Sequence[Item]) -> tuple[list[Item], str | None]:
        """The page asked for by ``After`` (here the number of items before it) and the next."""
        after = query(request).get("after", "0")
        start = int(after) if after.isdigit() else 0
        end = start + self._page_size
        if end >= len(items):
            return list(items[start:end]), None
        kept = [
            (name, value)
            for name, value in request.query_params.multi_items()
            if name.lower() != "after"
        ]
        return list(items[start:end]), f"{request.url.path}?{urlencode([*kept, ('after', end)])}"
