"""Lists, newest first, in pages; and searches, which lag behind as Stripe's do."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from infra.local.standins.stripe.errors import Json, invalid, no_such
from infra.local.standins.stripe.ledger import now
from infra.local.standins.stripe.vendor import Stripe

PAGE = 10
COMPARE: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
}
CLAUSE = re.compile(
    r"""(?P<not>-)?(?P<field>\w+)(?:\[["'](?P<key>[^"']+)["']\])?"""
    r"""(?P<op>:|~|>=|<=|>|<)(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>\w+))"""
)


def page(found: Iterable[Json], params: Json, url: str) -> Json:
    items = [item for item in reversed(list(found)) if _dated(item, params.get("created", {}))]
    items, more = _cut(items, params)
    return {"object": "list", "data": items, "has_more": more, "url": url}


def _dated(item: Json, bounds: dict[str, int]) -> bool:
    return all(COMPARE[name](item["created"], bound) for name, bound in bounds.items())


def _cut(items: list[Json], params: Json) -> tuple[list[Json], bool]:
    limit = params.get("limit", PAGE)
    if "starting_after" in params and "ending_before" in params:
        message = "You may only specify one of these parameters: starting_after, ending_before."
        raise invalid(message, "starting_after", "parameters_exclusive")
    if "ending_before" in params:
        items = items[: _place(items, params, "ending_before")]
        return items[-limit:], len(items) > limit
    if "starting_after" in params:
        items = items[_place(items, params, "starting_after") + 1 :]
    return items[:limit], len(items) > limit


def _place(items: list[Json], params: Json, name: str) -> int:
    for place, item in enumerate(items):
        if item["id"] == params[name]:
            return place
    raise no_such("object", params[name], name, in_path=False)


def search(stripe: Stripe, found: Iterable[Json], params: Json, url: str) -> Json:
    """Clauses joined by AND (https://docs.stripe.com/search)."""
    tests = [_clause(part) for part in re.split(r"\s+AND\s+", params["query"].strip())]
    newest = now() - stripe.options.search_lag_seconds
    items = [item for item in reversed(list(found)) if item["created"] <= newest]
    items = [item for item in items if all(test(item) for test in tests)]
    start = int(params["page"]) if params.get("page", "").isdigit() else 0
    end = start + params.get("limit", PAGE)
    more = len(items) > end
    result = {"object": "search_result", "data": items[start:end], "has_more": more}
    return {**result, "next_page": str(end) if more else None, "url": url}


def _clause(text: str) -> Callable[[Json], bool]:
    match = CLAUSE.fullmatch(text)
    if match is None or (match["field"] == "metadata") != bool(match["key"]):
        raise invalid(f"We were unable to parse your search query near: {text[:80]}", "query")
    wanted = match["double"] or match["single"] or match["bare"] or ""
    names = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}

    def test(item: Json) -> bool:
        value: Any = item.get(match["field"])
        if match["key"]:
            value = (value or {}).get(match["key"])
        if match["op"] in names:
            return value is not None and COMPARE[names[match["op"]]](int(value), int(wanted))
        if match["op"] == "~":
            return wanted.lower() in str(value or "").lower()
        return str(value) == wanted

    if match["op"] in names and not wanted.isdigit():
        raise invalid(f"Field `{match['field']}` needs a number in your query", "query")
    return (lambda item: not test(item)) if match["not"] else test
