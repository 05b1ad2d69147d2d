"""The process that ``bench layers`` measures: a plan on standard input, a table on output."""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from starlette.types import ASGIApp, Message

from bff.function import Bff
from infra.local.bench import bare_booking
from infra.local.host.configuration import QUEUE_LEASE_SECONDS, read_host_json
from infra.local.host.indexing import import_functions
from infra.local.host.server import Host, HostOptions, new_event_loop
from payment_process.function import asgi_app as payment_app
from rent_process.booking import service
from rent_process.function import asgi_app as rent_app
from rent_process.pricing.offer import verify
from shared.contracts.caller import Caller
from shared.contracts.renter import RentalRequest
from shared.database import close_pools
from shared.features import close_features
from shared.secrets import close_secrets, get_keys

AT_ONCE = 8
Call = Callable[[bytes], Awaitable[object]]


async def main() -> None:
    plan = json.load(sys.stdin)
    ours, bare = ([each.encode() for each in plan[side]] for side in ("ours", "bare"))
    with tempfile.TemporaryDirectory() as state:
        host = _host(Path(state))
        async with bare_booking.pool:
            layers = {name: (call, ours) for name, call in (await _our_layers(host, ours)).items()}
            layers["the bare endpoint"] = (_over_asgi(bare_booking.app, "/bookings"), bare)
            _print_table(await _measure(layers, plan["rounds"], plan["requests"]))
        await host.stop()
    await asyncio.gather(close_pools(), close_features(), close_secrets())


def _host(state: Path) -> Host:
    root = Path.cwd()
    options = HostOptions(0, None, state, "INTERNAL_FUNCTION_KEY", "FUNCTIONS_MASTER_KEY")
    configuration = read_host_json(root / "host.json", QUEUE_LEASE_SECONDS)
    return Host(import_functions("function_app", root), configuration, options)


async def _our_layers(host: Host, bodies: list[bytes]) -> dict[str, Call]:
    keys = await get_keys("offer-signing-key")
    parsed = {body: RentalRequest.model_validate_json(body) for body in bodies}
    bff = Bff(rent_app, payment_app).asgi_app

    async def validate(body: bytes) -> None:
        RentalRequest.model_validate_json(body)

    async def verify_offer(body: bytes) -> None:
        verify(parsed[body].offer, keys, datetime.now(UTC))

    async def book(body: bytes) -> None:
        await service.book(parsed[body], uuid4().hex, Caller(), datetime.now(UTC))

    return {
        "a request's validation": validate,
        "an offer's verification": verify_offer,
        "book(), with offer and SQL": book,
        "RentProcess, with all above": _over_asgi(rent_app, "/internal/rent/rentals"),
        "BFF, with RentProcess": _over_asgi(bff, "/api/rentals"),
        "local host, with BFF": _over_asgi(host.application, "/api/rentals"),
    }


def _over_asgi(app: ASGIApp, path: str) -> Call:
    fixed = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "client": None,
        "server": None,
    }

    async def call(body: bytes) -> None:
        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            if message.get("status", 202) != 202:  # noqa: PLR2004 -- HTTP: accepted
                raise RuntimeError(f"{path} answered {message['status']}")

        sent = {
            "host": "127.0.0.1",
            "content-type": "application/json",
            "content-length": str(len(body)),
            "idempotency-key": uuid4().hex,
        }
        headers = [(name.encode(), value.encode()) for name, value in sent.items()]
        await app({**fixed, "headers": headers}, receive, send)

    return call


async def _measure(
    layers: dict[str, tuple[Call, list[bytes]]], rounds: int, requests: int
) -> dict[str, float]:
    """Milliseconds of CPU a call, by layer; the first round only warms up."""
    found: dict[str, list[float]] = {name: [] for name in layers}
    for _ in range(rounds + 1):
        for name, (call, bodies) in layers.items():
            found[name].append(await _cpu_ms(call, bodies, requests))
    return {name: sorted(values[1:])[rounds // 5] for name, values in found.items()}


async def _cpu_ms(call: Call, bodies: list[bytes], requests: int) -> float:
    waiting = islice(cycle(bodies), requests)

    async def work() -> None:
        for body in waiting:
            await call(body)

    began = time.process_time()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return (time.process_time() - began) / requests * 1000


def _print_table(found: dict[str, Any]) -> None:
    bare = found["the bare endpoint"]
    print(f"CPU of one booking, {AT_ONCE} at once, Python {sys.version.split()[0]}\n")
    for name, value in found.items():
        print(f"  {name:<28}{value:6.2f} ms{value / bare:7.2f} of bare")


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(main())
