"""Finds the app's functions the way Microsoft's worker does, and refuses what it would refuse.

Azure shows an app that cannot be indexed as "0 functions found" without a traceback; here the
reason is printed.
"""

import importlib
import inspect
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import azure.functions

from infra.local.host.errors import StartupError

_SETTING = re.compile(r"%([^%]+)%")
_SUPPORTED_TRIGGERS = {"httpTrigger", "queueTrigger", "timerTrigger"}


@dataclass(frozen=True)
class Function:
    """One registered function: what to call and what calls it."""

    name: str
    call: Callable[..., Any]
    is_async: bool
    trigger: Mapping[str, Any]
    wants_context: bool
    directory: str
    retry: Mapping[str, str] | None = None

    @property
    def trigger_type(self) -> str:
        return str(self.trigger["type"])

    @property
    def parameter(self) -> str:
        """Name of the argument that receives the trigger's value."""
        return str(self.trigger["name"])


def import_functions(module_name: str, root: Path) -> list[Function]:
    """Import the app and list its enabled functions, by name.

    Raises:
        StartupError: naming the function, or the import that failed.
    """
    _put_last_on_path(root)
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        raise StartupError(
            f"import {module_name} failed (Azure would show 0 functions): "
            f"{type(error).__name__}: {error}"
        ) from error
    functions = [_describe(entry) for entry in _only_app(module).get_functions()]
    enabled = [function for function in functions if not _is_disabled(function.name)]
    return sorted(enabled, key=lambda function: function.name.casefold())


def resolve_settings(text: str) -> str:
    """Replace `%NAME%` by the setting of that name, as bindings allow.

    Raises:
        StartupError: the setting is not set.
    """

    def value_of(match: re.Match[str]) -> str:
        value = os.environ.get(match[1])
        if value is None:
            raise StartupError(f"setting {match[1]} (used by a binding as %{match[1]}%) is not set")
        return value

    return _SETTING.sub(value_of, text)


def _put_last_on_path(root: Path) -> None:
    # The real worker appends the app's folder: an installed package of the same name wins.
    kept = [entry for entry in sys.path if Path(entry or ".").resolve() != root.resolve()]
    sys.path[:] = [*kept, str(root.resolve())]


def _only_app(module: Any) -> Any:
    apps = {
        id(value): value
        for value in vars(module).values()
        if isinstance(value, azure.functions.FunctionRegister)
    }
    if len(apps) != 1:
        raise StartupError(
            f"{module.__name__} must have exactly one top-level FunctionApp, found {len(apps)}"
        )
    return next(iter(apps.values()))


def _describe(entry: Any) -> Function:
    name = str(entry.get_function_name())
    bindings = [binding.get_dict_repr() for binding in entry.get_bindings()]
    triggers = [binding for binding in bindings if binding["type"] in _SUPPORTED_TRIGGERS]
    others = [b for b in bindings if b not in triggers and (b["type"], b["name"]) != _HTTP_OUT]
    if len(triggers) != 1 or others:
        kinds = ", ".join(sorted(str(binding["type"]) for binding in bindings))
        raise StartupError(
            f"{name}: the local host runs one HTTP, queue or timer trigger and no other "
            f"binding; it has {kinds}. Send with the SDK instead of an output binding"
        )
    call = entry.get_user_function()
    return Function(
        name=name,
        call=call,
        is_async=inspect.iscoroutinefunction(call),
        trigger=triggers[0],
        wants_context=_wants_context(name, call, str(triggers[0]["name"])),
        directory=str(Path(inspect.getfile(call)).parent),
        retry=entry.get_settings_dict("retry_policy"),
    )


_HTTP_OUT = ("http", "$return")


def _wants_context(name: str, call: Callable[..., Any], parameter: str) -> bool:
    parameters = set(inspect.signature(call).parameters)
    missing, extra = {parameter} - parameters, parameters - {parameter, "context"}
    if missing or extra:
        raise StartupError(
            f"{name}: its arguments must be {parameter} and, if wanted, context "
            f"(missing: {sorted(missing)}, extra: {sorted(extra)})"
        )
    return "context" in parameters


def _is_disabled(name: str) -> bool:
    # Azure's own switch, per function.
    return os.environ.get(f"AzureWebJobs.{name}.Disabled", "").lower() in {"1", "true"}
