"""A bounded buffer and one thread of our own between a recorded item and the SDK.

Recording is one append. The thread imports the SDK, so that no request waits for that, and sends
what has gathered. When the buffer is full the oldest item goes: telemetry never slows a request.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

logger = logging.getLogger(__name__)

CAPACITY = 8192  # items; about 8 MB at the worst
BATCH = 250
INTERVAL_SECONDS = 2.0

# Takes a batch; an empty one when there is nothing new, so that it may go on with what waits.
Send = Callable[[Sequence[Any]], None]


class Pump:
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
        while True:
            batch = [self.buffer.popleft() for _ in range(min(BATCH, len(self.buffer)))]
            try:
                send(batch)
            except Exception:
                logger.exception("%s telemetry items are lost", len(batch))
            if not self.buffer:
                return
