"""Delivers events to the configured endpoint: signed, after the answer, tried again.

Events of one PaymentIntent are first tried in the order in which they happened; Stripe promises no
order, so the modes disturb it on purpose: ``hold`` keeps events back, ``duplicate`` sends each
twice, ``reorder`` sends what gathers within a moment in reverse, ``deliver`` is normal.
"""

import asyncio
import json
from typing import Any, Literal

import httpx

from infra.local.standins.profile import Record
from infra.local.standins.recording import masked
from infra.local.standins.stripe.errors import Json
from infra.local.standins.stripe.ledger import now
from infra.local.standins.stripe.signature import sign
from infra.local.standins.stripe.vendor import Options

Mode = Literal["deliver", "hold", "duplicate", "reorder"]
GATHER_SECONDS = 0.2
TIMEOUT_SECONDS = 20.0
AT_ONCE = 16  # deliveries under way at the same time
USER_AGENT = "Stripe/1.0 (+https://stripe.com/docs/webhooks)"


class Webhooks:
    def __init__(self, options: Options, record: Record, secret_fields: frozenset[str]) -> None:
        self._options, self._record, self._secret_fields = options, record, secret_fields
        self.secret = options.webhook_secret
        self.mode: Mode = "deliver"
        self.held: list[Json] = []
        self.delivered = 0
        self.failed = 0
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._client: httpx.AsyncClient | None = None

    async def start(self) -> None:
        self._client = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False)

    async def stop(self) -> None:
        self.forget()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    def forget(self) -> None:
        """Drop everything that is under way or held."""
        self.held.clear()
        self._lanes.clear()
        for task in self._tasks:
            task.cancel()

    def set_mode(self, mode: Mode) -> None:
        self.mode = mode
        if mode != "hold":
            self.release()

    def release(self, *, backwards: bool = False) -> None:
        events, self.held = self.held, []
        for event in reversed(events) if backwards else events:
            self.send(event)

    def enqueue(self, event: Json) -> None:
        if self.mode in ("hold", "reorder"):
            self.held.append(event)
            if self.mode == "reorder" and len(self.held) == 1:
                self._spawn(self._release_later())
            return
        self.send(event)
        if self.mode == "duplicate":
            self.send(event)

    def send(self, event: Json) -> None:
        subject = event["data"]["object"]
        lane = subject.get("payment_intent") or subject["id"]
        before = self._lanes.get(lane)
        first_try = self._spawn(self._first_try(event, before))
        self._lanes[lane] = first_try
        first_try.add_done_callback(lambda task: self._leave(lane, task))

    def _leave(self, lane: str, task: asyncio.Task[None]) -> None:
        if self._lanes.get(lane) is task:
            del self._lanes[lane]

    def _spawn(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _release_later(self) -> None:
        await asyncio.sleep(GATHER_SECONDS)
        if self.mode == "reorder":
            self.release(backwards=True)

    async def _first_try(self, event: Json, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        async with self._room:
            if await self._deliver(event):
                return
        self._spawn(self._retry(event))

    async def _retry(self, event: Json) -> None:
        wait = self._options.webhook_retry_seconds
        for _ in range(self._options.webhook_attempts - 1):
            await asyncio.sleep(wait)
            wait *= 2
            async with self._room:
                if await self._deliver(event):
                    return
        self.failed += 1

    async def _deliver(self, event: Json) -> bool:
        """True when the endpoint has taken it (2xx)."""
        assert self._client is not None  # noqa: S101 - started with the server
        assert self._options.webhook_url is not None  # noqa: S101 - else nothing is enqueued
        body = json.dumps(event)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": sign(body, self.secret, now()),
            "User-Agent": USER_AGENT,
        }
        try:
            answer = await self._client.post(
                self._options.webhook_url, content=body.encode(), headers=headers
            )
        except httpx.HTTPError:
            return False
        self._write(event, headers, answer)
        if not answer.is_success:
            return False
        self.delivered += 1
        event["pending_webhooks"] = 0
        return True

    def _write(self, event: Json, headers: dict[str, str], answer: httpx.Response) -> None:
        self._record(
            {
                "vendor": "stripe",
                "method": "POST",
                "path": answer.request.url.path,
                "query": {},
                "request_headers": headers,
                "request_body": masked(event, self._secret_fields),
                "status": answer.status_code,
                "response_headers": dict(answer.headers),
                "response_body": answer.text or None,
            }
        )
