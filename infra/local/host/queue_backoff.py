"""How long an idle queue listener waits: the real host's `RandomizedExponentialBackoffStrategy`."""

import random

MINIMUM_SECONDS = 0.1
_SPREAD = 0.2


class Backoff:
    """100 ms after a message, then 100 ms + rand(0.8-1.2) * 2^(n-1) * 100 ms up to the maximum."""

    def __init__(self, maximum_seconds: float) -> None:
        self._maximum_seconds = max(maximum_seconds, MINIMUM_SECONDS)
        self._current_seconds = 0.0
        self._exponent = 0

    def next_delay(self, *, found_message: bool) -> float:
        """Seconds until the next poll; `found_message` since the last delay starts over."""
        if found_message:
            self._current_seconds, self._exponent = MINIMUM_SECONDS, 1
        elif self._current_seconds != self._maximum_seconds:
            self._grow()
        return self._current_seconds

    def _grow(self) -> None:
        delay = MINIMUM_SECONDS
        if self._exponent > 0:
            spread = random.uniform(1 - _SPREAD, 1 + _SPREAD)  # noqa: S311 - no secret
            delay += spread * 2 ** (self._exponent - 1) * MINIMUM_SECONDS
        if delay < self._maximum_seconds:
            self._current_seconds = delay
            self._exponent += 1
        else:
            self._current_seconds = self._maximum_seconds
