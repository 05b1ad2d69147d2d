"""Which SDK sends what is recorded: chosen once, by a setting, with the first item."""

import atexit
import threading
from importlib import import_module
from typing import Any

from shared.settings import Settings, SettingsError, get_settings
from shared.telemetry import logs
from shared.telemetry.pump import Pump, Send
from shared.telemetry.sampling import Sampler

EXIT_SECONDS = 3.0  # a host that shuts down gives little more

_pump: Pump | None = None
_decided = False
_lock = threading.Lock()


def start() -> None:
    """Choose the backend unless it is chosen, so that log lines count from the first span on."""
    if not _decided:
        _decide()


def record(item: object) -> None:
    """Take an item; never raises, never waits."""
    if not _decided:
        _decide()
    if _pump is not None:
        _pump.buffer.append(item)


def flush(timeout_seconds: float = EXIT_SECONDS) -> bool:
    """Send what is buffered: for tests, drills and the end of short programs."""
    return _pump is None or _pump.flush(timeout_seconds)


def shutdown() -> None:
    """Send what is buffered and forget the backend; the next item starts it anew."""
    global _pump, _decided
    with _lock:
        pump, _pump, _decided = _pump, None, False
    if pump is not None:
        logs.detach()
        pump.stop(EXIT_SECONDS)


def _decide() -> None:
    """Choose the backend, once. Incomplete settings are somebody else's error to report."""
    global _pump, _decided  # noqa: PLW0603 -- one backend per process
    with _lock:
        if _decided:
            return
        try:
            settings = get_settings()
        except SettingsError:
            return
        if settings.telemetry_backend != "none" and settings.applicationinsights_connection_string:
            _pump = Pump(lambda: _open_sender(settings))
            logs.attach(record)
        _decided = True


def _open_sender(settings: Settings) -> Send:
    """Runs in the pump's thread: only the chosen SDK is imported."""
    module: Any = import_module(f"shared.telemetry.{settings.telemetry_backend}")
    send: Send = module.open_sender(settings)
    sampler = Sampler(settings.telemetry_sampling_percent)
    return lambda items: send(sampler.keep(items))


atexit.register(shutdown)
