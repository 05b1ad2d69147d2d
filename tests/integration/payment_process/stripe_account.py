"""The Stripe stand-in on a real socket, with its webhooks delivered to PaymentProcess."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from infra.local.standins.serving import Config
from payment_process.function import asgi_app
from payment_process.stripe_gateway import close_stripe
from shared.settings import get_settings
from tests.plugins.standins import serving


@contextlib.asynccontextmanager
async def _webhook_endpoint() -> AsyncIterator[str]:
    config = uvicorn.Config(asgi_app, host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # the test runner keeps its own
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/internal/payment/webhooks/stripe"
    server.should_exit = True
    await task


class Stripe:
    """The stand-in's own calls, for what a person or the network does."""

    def __init__(self, url: str, client: httpx.AsyncClient) -> None:
        self.url, self._client = url, client

    async def fault(self, path: str, kind: str, **more: Any) -> None:
        match = {"method": "POST", "path": path}
        body = {"match": match, "kind": kind, **more}
        answer = await self._client.post(f"{self.url}/_control/faults", json=body)
        assert answer.status_code == 200, answer.text

    async def step(self, intent_id: str, name: str) -> None:
        path = f"{self.url}/_control/payment_intents/{intent_id}/{name}"
        answer = await self._client.post(path)
        assert answer.status_code == 200, answer.text

    async def refund(self, intent_id: str, amount: int) -> None:
        """By hand, on the vendor's pages: no number of ours."""
        await self._call("/v1/refunds", {"payment_intent": intent_id, "amount": str(amount)})

    async def create_intent(self, metadata: dict[str, str]) -> None:
        """By whoever else has the account's key."""
        mark = {f"metadata[{name}]": value for name, value in metadata.items()}
        await self._call("/v1/payment_intents", {"amount": "1000", "currency": "brl"} | mark)

    async def _call(self, path: str, form: dict[str, str]) -> None:
        answer = await self._client.post(self.url + path, data=form, auth=("sk_test_rentacar", ""))
        assert answer.status_code == 200, answer.text

    async def webhooks(self, mode: str) -> None:
        await self._client.post(f"{self.url}/_control/webhooks", json={"mode": mode})

    async def totals(self) -> list[dict[str, int]]:
        ledger = (await self._client.get(f"{self.url}/_control/ledger")).json()
        return list(ledger["totals"].values())


@pytest.fixture
async def stripe(
    database: str, environment: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[Stripe]:
    async with _webhook_endpoint() as webhook_url, httpx.AsyncClient() as client:
        options = {
            "api_key": "sk_test_rentacar",
            "publishable_key": "pk_test_rentacar",
            "webhook_url": webhook_url,
            "webhook_secret": "whsec_test_rentacar",
            "webhook_retry_seconds": 0.05,
            "settle_seconds": 0.02,
        }
        config = {
            "record": tmp_path / "exchanges.jsonl",
            "servers": [{"name": "stripe", "options": options}],
        }
        with serving(Config.model_validate(config)) as urls:
            environment.setenv("STRIPE_API_BASE", urls["stripe"])
            environment.setenv("STRIPE_TIMEOUT_SECONDS", "1")
            get_settings.cache_clear()
            yield Stripe(urls["stripe"], client)
            await close_stripe()


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(300):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("did not happen within 3 s")
