"""What Bicep's outputs tell the hooks: azd puts them into the environment."""

import os
from collections.abc import Mapping


class DeliveryError(RuntimeError):
    """The deployment must stop here; the message says what to do about it."""


def require(names: tuple[str, ...], environment: Mapping[str, str] = os.environ) -> list[str]:
    """The values of ``names``, in order.

    Raises:
        DeliveryError: naming all that are missing.
    """
    missing = [name for name in names if not environment.get(name, "").strip()]
    if missing:
        raise DeliveryError(f"{', '.join(missing)} is not set: run `azd provision` first")
    return [environment[name].strip() for name in names]
