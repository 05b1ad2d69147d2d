"""What a boleto is registered to. Never stored here, never logged."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Payer:
    name: str = field(repr=False)
    email: str = field(repr=False)
    tax_id: str | None = field(repr=False)
    address: dict[str, Any] = field(repr=False)
