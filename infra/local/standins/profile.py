"""What the shared layers must know about one vendor."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp

Record = Callable[[dict[str, Any]], None]
"""Takes one exchange as ``recording`` writes it."""


@dataclass(frozen=True)
class Profile:
    """One vendor.

    ``vendor`` is the name under which exchanges are recorded, None for no recording. Only paths
    that start with one of ``recorded_paths`` are. ``secret_fields`` are names of body fields
    whose values are masked. ``refuse`` makes the vendor's answer to an injected fault status;
    None leaves faults to the app, which finds the status in ``scope["standins.fault_status"]`` and
    the delay in ``scope["standins.fault_seconds"]``.
    """

    vendor: str | None
    recorded_paths: tuple[str, ...] = ("/",)
    secret_fields: frozenset[str] = frozenset()
    refuse: Callable[[int], ASGIApp] | None = None
