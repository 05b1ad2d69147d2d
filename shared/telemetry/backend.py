"""The road from a recorded item to the SDK: a bounded buffer and one thread of our own.

Recording is one append. The thread imports the SDK, so that no request waits for that, and sends
what has gathered. When the buffer is full the oldest item goes: telemetry never slows a request.
"""

import atexit
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from shared.settings import Settings, SettingsError, get_settings

logger = logging.getLogger(__name__)

CAPACITY = 8192  # items; about 8 MB at the worst
BATCH = 250
INTERVAL_SECONDS = 2.0
EXIT_SECONDS = 3.0  # a host that shuts down gives little more

Send = Callable[[Sequence[Any]], None]


class _Pump:
    """Owns buffer and thread. ``open_sender`` runs in the thread."""

    def __init__(self, open_sender: Callable[[], Send]) -> None:
        self._open_sender = open_sender
        self.buffer: deque[Any] = deque(maxlen=CAPACITY)
        self._wake = threading.Event()
        self._idle = threading.Condition()
        self._passes = 0
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="telemetry", daemon=True)
        self._thread.start()

    def flush(self, timeout_seconds: float) -> bool:
        """Have everything recorded so far offered to the SDK; False if that took too long."""
        with self._idle:
            # One pass may be half done and have missed the newest items: wait for the next one.
            wanted = self._passes + 2
            self._wake.set()
            return self._idle.wait_for(
                lambda: self._passes >= wanted or not self._thread.is_alive() or self._nudge(),
                timeout_seconds,
            )

    def stop(self, timeout_seconds: float) -> None:
        self._stopping = True
        self._wake.set()
        self._thread.join(timeout_seconds)

    def _nudge(self) -> bool:
        self._wake.set()
        return False

    def _run(self) -> None:
        try:
            send = self._open_sender()
        except Exception:
            logger.exception("telemetry is off: its SDK cannot be started")
            return
        while not self._stopping:
            self._wake.wait(INTERVAL_SECONDS)
            self._wake.clear()
            self._drain(send)
            with self._idle:
                self._passes += 1
                self._idle.notify_all()

    def _drain(self, send: Send) -> None:
        while self.buffer:
            batch = [self.buffer.popleft() for _ in range(min(BATCH, len(self.buffer)))]
            try:
                send(batch)
            except Exception:
                logger.exception("%s telemetry items are lost", len(batch))


_pump: _Pump | None = None
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
        from shared.telemetry import logs  # noqa: PLC0415 -- as in _decide

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
            from shared.telemetry import logs  # noqa: PLC0415 -- it records through this module

            _pump = _Pump(lambda: _open_opencensus(settings))
            logs.attach()
        _decided = True


def _open_opencensus(settings: Settings) -> Send:
    from shared.telemetry.opencensus import open_sender  # noqa: PLC0415 -- only where it is chosen

    return open_sender(settings)


atexit.register(shutdown)
