"""Send prepared requests over keep-alive connections as fast as answers come; a process of its own.

Raw sockets under httptools' parser: on two cores a client library would cost more than what is
measured. Bounded by the number of requests and by time. Reads a JSON plan on standard input,
prints one JSON line.
"""

import asyncio
import json
import secrets
import sys
import time
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import cycle

import httptools

from infra.local.host.server import new_event_loop

LONGEST_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Plan:
    """``bodies`` are sent in turn until ``requests`` are out, each under a key of its own."""

    port: int
    path: str
    bodies: list[bytes]
    requests: int
    connections: int
    method: str = "POST"
    expected_status: str = "202"
    longest_seconds: float = LONGEST_SECONDS

    def to_json(self) -> str:
        return json.dumps(asdict(self) | {"bodies": [b64encode(b).decode() for b in self.bodies]})

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        values = json.loads(text)
        return cls(**values | {"bodies": [b64decode(b) for b in values["bodies"]]})


@dataclass
class Measured:
    """One round, as the generator saw it."""

    seconds: float = 0
    cpu_seconds: float = 0  # the generator's own
    statuses: dict[str, int] = field(default_factory=dict)
    median_ms: float = 0
    p99_ms: float = 0

    @classmethod
    def from_json(cls, text: str) -> "Measured":
        return cls(**json.loads(text))

    @property
    def per_second(self) -> float:
        return sum(self.statuses.values()) / self.seconds


class _Connection(asyncio.Protocol):
    """Has one request in flight; the answer to it sends the next."""

    def __init__(self, requests: Iterator[bytes], round_: "_Round") -> None:
        self._requests, self._round = requests, round_
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._sent_at = 0.0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # TCP: a two-way transport
        self._send_next()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._round.note(self._parser.get_status_code(), time.perf_counter() - self._sent_at)
        self._parser = httptools.HttpResponseParser(self)
        self._send_next()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.done.done():
            self._round.note(0, 0)  # the server closed although an answer was due
            self.done.set_result(None)

    def _send_next(self) -> None:
        request = next(self._requests, None)
        if self._transport is None or request is None:
            self.done.set_result(None)
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)


class _Round:
    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.latencies: list[float] = []

    def note(self, status: int, seconds: float) -> None:
        self.statuses[status] += 1
        self.latencies.append(seconds)


def _requests(plan: Plan) -> Iterator[bytes]:
    """Only the key is written anew for each: the rest is prepared."""
    prefix = secrets.token_hex(8)
    prepared = [_split(plan, body) for body in plan.bodies]
    for number, (head, tail) in zip(range(plan.requests), cycle(prepared), strict=False):
        yield b"%b%b-%012d%b" % (head, prefix.encode(), number, tail)


def _split(plan: Plan, body: bytes) -> tuple[bytes, bytes]:
    path = plan.path if plan.method == "POST" else body.decode()
    sent = body if plan.method == "POST" else b""
    head = (
        f"{plan.method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{plan.port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\nIdempotency-Key: "
    )
    return head.encode(), b"\r\n\r\n" + sent


async def send(plan: Plan) -> Measured:
    round_, requests = _Round(), _requests(plan)
    loop = asyncio.get_running_loop()
    began, cpu_began = time.perf_counter(), time.process_time()
    async with asyncio.timeout(plan.longest_seconds):
        made = [
            await loop.create_connection(
                lambda: _Connection(requests, round_), "127.0.0.1", plan.port
            )
            for _ in range(plan.connections)
        ]
        await asyncio.gather(*(connection.done for _, connection in made))
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu_began
    for transport, _ in made:
        transport.abort()
    ordered = sorted(round_.latencies)
    return Measured(
        seconds,
        cpu_seconds,
        {str(status): count for status, count in round_.statuses.items()},
        ordered[len(ordered) // 2] * 1000,
        ordered[len(ordered) * 99 // 100] * 1000,
    )


def main() -> None:
    plan = Plan.from_json(sys.stdin.read())
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        print(json.dumps(asdict(runner.run(send(plan)))))


if __name__ == "__main__":
    main()
