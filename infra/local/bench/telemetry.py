"""What a span and a flag cost the request that uses them, beside the telemetry SDK's own tracer."""

import argparse
import asyncio
import os
import time
from collections.abc import Callable

from shared import telemetry
from shared.features import Flag, is_enabled
from shared.settings import Settings, get_settings
from shared.telemetry import dependency, operation

CALLS = 2000
ROUNDS = 9


def run(options: list[str]) -> int:
    argparse.ArgumentParser(prog="dev.py bench telemetry", description=__doc__).parse_args(options)
    _settings_of_nowhere()
    telemetry.shutdown()
    ours, theirs = _microseconds(_our_spans), _microseconds(_sdk_spans())
    print(f"two nested spans   {ours:7.1f} us ours, {theirs:7.1f} us the SDK's tracer")
    print(f"ratio              {ours / theirs:7.2f}")
    print(f"reading a flag     {asyncio.run(_flag_microseconds()):7.1f} us")
    return 0


def _settings_of_nowhere() -> None:
    """Nothing is sent: only what the caller pays is measured."""
    for name, field in Settings.model_fields.items():
        if field.is_required():
            os.environ.setdefault(name.upper(), "http://127.0.0.1:9")
    os.environ["TELEMETRY_BACKEND"] = "none"
    get_settings.cache_clear()


def _our_spans() -> None:
    with operation("Bff", rental_id="r"), dependency("PostgreSQL", "book"):
        pass


def _sdk_spans() -> Callable[[], None]:
    from opencensus.trace.base_exporter import Exporter  # noqa: PLC0415 -- only to compare
    from opencensus.trace.samplers import AlwaysOnSampler  # noqa: PLC0415 -- likewise
    from opencensus.trace.tracer import Tracer  # noqa: PLC0415 -- likewise

    class Nowhere(Exporter):  # type: ignore[misc]  # the SDK has no types
        def export(self, _spans: object) -> None:
            """Sending is not measured."""

    exporter = Nowhere()

    def spans() -> None:
        tracer = Tracer(sampler=AlwaysOnSampler(), exporter=exporter)
        with tracer.span("Bff") as span:
            span.add_attribute("rental_id", "r")
            with tracer.span("book"):
                pass

    return spans


def _microseconds(call: Callable[[], None]) -> float:
    """The median round's mean."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(CALLS):
            call()
        rounds.append((time.perf_counter() - started) / CALLS * 1e6)
    return sorted(rounds)[ROUNDS // 2]


async def _flag_microseconds() -> float:
    await is_enabled(Flag.BOOKINGS)
    started = time.perf_counter()
    for _ in range(CALLS):
        await is_enabled(Flag.BOOKINGS)
    return (time.perf_counter() - started) / CALLS * 1e6
