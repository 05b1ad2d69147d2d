"""Which items are sent: whole rentals or nothing of them, so that what is seen is complete.

Failures, warnings, events and measurements are always sent: alerts and counts rest on them. What
else is sent carries its rate, by which Application Insights multiplies (``itemCount``).
"""

import logging
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any
from zlib import crc32

from shared.telemetry.items import LogLine
from shared.telemetry.spans import Span

MOST_TRACES = 4096  # remembered; more than run at once


def is_sampled(item: object) -> bool:
    """Whether an item is sent only with its rental: what went well, and said so."""
    if isinstance(item, Span):
        return item.error is None
    return isinstance(item, LogLine) and item.level < logging.WARNING and item.error is None


class Sampler:
    """Decides by the rental's id, the same in every process; by the trace's where none is known."""

    def __init__(self, percent: float) -> None:
        self._percent = percent
        self._rental_of: OrderedDict[str, object] = OrderedDict()

    def keep(self, items: Sequence[Any]) -> Sequence[Any]:
        """What is to be sent of a batch, in its order."""
        if self._percent == 100:  # noqa: PLR2004 -- all
            return items
        self._learn(items)
        return [item for item in items if not is_sampled(item) or self._chosen(item)]

    def _learn(self, items: Sequence[Any]) -> None:
        """Which trace is about which rental: its first spans may end before that is known."""
        for item in items:
            if isinstance(item, Span | LogLine) and item.attributes.get("rental_id") is not None:
                self._rental_of[str(item.trace_id)] = item.attributes["rental_id"]
        while len(self._rental_of) > MOST_TRACES:
            self._rental_of.popitem(last=False)

    def _chosen(self, item: Span | LogLine) -> bool:
        trace_id = str(item.trace_id)
        subject = item.attributes.get("rental_id") or self._rental_of.get(trace_id, trace_id)
        return crc32(str(subject).encode()) / 2**32 * 100 < self._percent
