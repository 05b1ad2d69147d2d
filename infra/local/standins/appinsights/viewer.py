"""Pages for a developer: operations, rentals and failures; one of them as a waterfall."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from infra.local.standins.appinsights.envelopes import Envelope, Ring

SHOWN = 100  # lines of a list
NARROWEST_BAR_PERCENT = 0.4  # a bar that can still be seen
TIMED = ("request", "dependency", "page view", "availability")


@dataclass(frozen=True)
class Operation:
    """Everything that shares one operation id."""

    id: str
    items: list[Envelope]

    @property
    def started_at(self) -> datetime:
        return min(item.started_at for item in self.items)

    @property
    def duration(self) -> timedelta:
        return max(item.started_at + item.duration for item in self.items) - self.started_at

    @property
    def name(self) -> str:
        """The first request's name: what was asked from outside."""
        timed = [item for item in self.items if item.kind in TIMED] or self.items
        return min(timed, key=lambda item: (item.kind != "request", item.started_at)).name

    @property
    def rental_ids(self) -> list[str]:
        return sorted({item.rental_id for item in self.items if item.rental_id})

    @property
    def failures(self) -> int:
        return sum(item.failed for item in self.items)


@dataclass(frozen=True)
class Rental:
    """Every operation that has to do with one rental, the oldest first."""

    id: str
    operations: list[Operation]

    @property
    def started_at(self) -> datetime:
        return min(each.started_at for each in self.operations)

    @property
    def ended_at(self) -> datetime:
        return max(each.started_at + each.duration for each in self.operations)

    @property
    def events(self) -> list[str]:
        """What the business counted, in the order of time."""
        items = [item for each in self.operations for item in each.items]
        events = [each for each in items if each.kind == "event" and each.rental_id == self.id]
        return [each.name for each in sorted(events, key=lambda each: each.started_at)]

    @property
    def failures(self) -> int:
        return sum(each.failures for each in self.operations)


@dataclass(frozen=True)
class Row:
    """One line of the waterfall; the bar's place and width are percentages of the whole."""

    item: Envelope
    depth: int
    left: float
    width: float


class Viewer:
    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self._pages = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
        )
        self._pages.filters["milliseconds"] = _milliseconds

    async def operations(self, request: Request) -> Response:
        rental_id = request.query_params.get("rental_id", "").strip()
        found = _group(self._ring.select(rental_id=rental_id))
        recent = sorted(found, key=lambda each: each.started_at, reverse=True)[:SHOWN]
        return self._page("operations.html", operations=recent, rental_id=rental_id)

    async def operation(self, request: Request) -> Response:
        operation_id = request.path_params["operation_id"]
        items = self._ring.select(operation_id=operation_id)
        if not items:
            return self._page("unknown.html", 404, id=operation_id)
        operation = Operation(operation_id, items)
        return self._page("operation.html", operation=operation, rows=list(waterfall(operation)))

    async def rentals(self, _request: Request) -> Response:
        found = sorted(self._rentals().values(), key=lambda each: each.ended_at, reverse=True)
        return self._page("rentals.html", rentals=found[:SHOWN])

    async def rental(self, request: Request) -> Response:
        rental_id = request.path_params["rental_id"]
        rental = self._rentals().get(rental_id)
        if rental is None:
            return self._page("unknown.html", 404, id=rental_id)
        parts = [(each, list(waterfall(each))) for each in rental.operations]
        return self._page("rental.html", rental=rental, parts=parts)

    async def failures(self, _request: Request) -> Response:
        failed = [each for each in self._ring.select() if each.failed]
        failed.sort(key=lambda each: each.started_at, reverse=True)
        return self._page("failures.html", failures=failed[:SHOWN])

    def _rentals(self) -> dict[str, Rental]:
        """By id; with what an operation did before it was known whose rental it is."""
        found: dict[str, Rental] = {}
        for each in sorted(_group(self._ring.select()), key=lambda each: each.started_at):
            for rental_id in each.rental_ids:
                found.setdefault(rental_id, Rental(rental_id, [])).operations.append(each)
        return found

    def _page(self, name: str, status: int = 200, **values: object) -> Response:
        return HTMLResponse(
            self._pages.get_template(name).render(values),
            status,
            {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"},
        )


def waterfall(operation: Operation) -> Iterator[Row]:
    """Depth first: each item below what caused it, siblings in the order of time."""
    ids = {item.id for item in operation.items if item.id}
    below: dict[str, list[Envelope]] = defaultdict(list)
    for item in sorted(operation.items, key=lambda each: each.started_at):
        parent = item.parent_id if item.parent_id != item.id else ""
        below[parent if parent in ids else ""].append(item)
    whole = operation.duration.total_seconds() or 1
    seen: set[int] = set()

    def rows(parent: str, depth: int) -> Iterator[Row]:
        for item in below[parent]:
            if id(item) in seen:
                continue
            seen.add(id(item))
            offset = (item.started_at - operation.started_at).total_seconds()
            left = 100 * offset / whole
            width = max(100 * item.duration.total_seconds() / whole, NARROWEST_BAR_PERCENT)
            yield Row(item, depth, min(left, 100 - NARROWEST_BAR_PERCENT), min(width, 100 - left))
            if item.id:
                yield from rows(item.id, depth + 1)

    yield from rows("", 0)


def _group(items: list[Envelope]) -> list[Operation]:
    groups: dict[str, list[Envelope]] = defaultdict(list)
    for item in items:
        if item.operation_id and item.kind != "metric":
            groups[item.operation_id].append(item)
    return [Operation(operation_id, group) for operation_id, group in groups.items()]


def _milliseconds(duration: timedelta) -> str:
    return f"{duration.total_seconds() * 1000:,.1f} ms"
