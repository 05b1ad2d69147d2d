"""The stand-in's parts put together: options, ledger, clock of timers, events."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from infra.local.standins.stripe import shapes
from infra.local.standins.stripe.errors import Json
from infra.local.standins.stripe.ledger import Ledger


class Options(BaseModel):
    """What the configuration may say about this stand-in."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    base_url: str
    api_key: str = Field(pattern=r"^[sr]k_test_[\w-]+$")
    publishable_key: str = Field(pattern=r"^pk_test_[\w-]+$")
    webhook_url: str | None = None
    webhook_secret: str = Field(default="whsec_local", pattern=r"^whsec_[\w-]+$")
    webhook_attempts: int = Field(default=10, ge=1, le=20)
    webhook_retry_seconds: float = Field(default=0.5, gt=0)  # doubles with every attempt
    latency_seconds: float = Field(default=0, ge=0)
    settle_seconds: float = Field(default=0.05, ge=0)  # what Stripe does "some time later"
    search_lag_seconds: float = Field(default=60, ge=0)  # "about a minute behind"
    state_file: Path | None = None  # keeps the ledger over restarts
    raw_card_numbers: bool = False  # Stripe refuses them from servers unless it has agreed


@dataclass
class Stripe:
    """One account."""

    options: Options
    ledger: Ledger = field(default_factory=Ledger)
    deliver: Callable[[Json], None] | None = None
    request: Json = field(default_factory=dict)  # the event field: id and idempotency key
    context: Json = field(default_factory=dict)  # path, and whether a browser's key was used
    api_keys: set[str] = field(default_factory=set)  # two while one is rolled
    _timers: set[asyncio.TimerHandle] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.api_keys.add(self.options.api_key)

    def emit(self, kind: str, subject: Json, previous: Json | None = None) -> None:
        """Record an event with the object as it is now, and send it to the webhook."""
        pending = int(self.deliver is not None)
        event = shapes.event(kind, json.loads(json.dumps(subject)), previous, pending)
        event["request"] = {"id": None, "idempotency_key": None, **self.request}
        self.ledger.events[event["id"]] = event
        if self.deliver is not None:
            self.deliver(event)

    def later(self, seconds: float, act: Callable[..., None], *args: Any) -> None:
        """Do something by itself, outside any request, unless a reset comes first."""

        def run() -> None:
            self._timers.discard(handle)
            self.request = {}
            act(*args)

        handle = asyncio.get_running_loop().call_later(seconds, run)
        self._timers.add(handle)

    def stop(self) -> None:
        """Nothing happens by itself any more."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def reset(self) -> None:
        self.stop()
        self.ledger.clear()
