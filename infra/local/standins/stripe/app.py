"""Stripe's API, pages and browser script on one server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from infra.local.standins.profile import Profile, Record
from infra.local.standins.stripe import script
from infra.local.standins.stripe.api import Api
from infra.local.standins.stripe.control import Control
from infra.local.standins.stripe.pages import Pages
from infra.local.standins.stripe.snapshot import Snapshot
from infra.local.standins.stripe.vendor import Options, Stripe
from infra.local.standins.stripe.webhooks import Webhooks

PROFILE = Profile(
    vendor="stripe",
    recorded_paths=("/v1/",),
    secret_fields=frozenset({"client_secret", "number", "cvc"}),
)


def create_app(options: dict[str, Any], record: Record) -> ASGIApp:
    stripe = Stripe(Options.model_validate(options))
    webhooks = Webhooks(stripe.options, record, PROFILE.secret_fields)
    if stripe.options.webhook_url:
        stripe.deliver = webhooks.enqueue
    api = Api(stripe)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await webhooks.start()
        async with kept(stripe, api):
            yield
            stripe.stop()
        await webhooks.stop()

    methods = ["GET", "POST", "DELETE", "OPTIONS"]
    routes = [
        Route("/v1/{rest:path}", api.__call__, methods=methods),
        *Control(stripe, api, webhooks).routes(),
        *script.ROUTES,
        *Pages(stripe).routes(),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


@asynccontextmanager
async def kept(stripe: Stripe, api: Api) -> AsyncIterator[None]:
    """The ledger is read at the start and written at the end, where a file is configured."""
    if stripe.options.state_file is None:
        yield
        return
    snapshot = Snapshot(stripe.options.state_file, stripe, api.keys)
    snapshot.load()
    keeping = asyncio.create_task(snapshot.keep())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])
        snapshot.save()
