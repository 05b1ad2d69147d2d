"""Who may call a function: header `x-functions-key`, then `?code=`; the master key opens all."""

import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass

from infra.local.host.errors import StartupError
from infra.local.host.routes import Route


@dataclass(frozen=True)
class Keys:
    """The keys of this run; they come from the environment, never from the command line."""

    function_key: str | None
    master_key: str | None

    def allow(self, auth_level: str, headers: dict[str, str], query: dict[str, str]) -> bool:
        """Whether the request may call a function of that level."""
        if auth_level == "anonymous":
            return True
        given = headers.get("x-functions-key") or query.get("code")
        if not given:
            return False
        if _same(given, self.master_key):
            return True
        return auth_level == "function" and _same(given, self.function_key)


def read_keys(function_key_env: str, master_key_env: str, routes: Iterable[Route]) -> Keys:
    """Read both keys.

    Raises:
        StartupError: a function asks for a key and none is set.
    """
    keys = Keys(os.environ.get(function_key_env) or None, os.environ.get(master_key_env) or None)
    guarded = [route.function.name for route in routes if route.auth_level == "function"]
    if guarded and keys.function_key is None:
        raise StartupError(f"set {function_key_env}: {', '.join(guarded)} ask for a function key")
    return keys


def _same(given: str, key: str | None) -> bool:
    return key is not None and hmac.compare_digest(given.encode(), key.encode())
