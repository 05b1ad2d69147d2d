"""Which function answers a request: route templates as ASP.NET Core reads them.

Routes are tried in the order of function names (the real host's `WebJobsRouteBuilder`), without
regard to case; the first whose path and method match wins. A wrong method is no match: 404.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from infra.local.host.errors import StartupError
from infra.local.host.indexing import Function, resolve_settings

# The constraints that a template may carry here; ASP.NET has more, and none is used.
_CONSTRAINTS = {
    "": r"[^/]+",
    "int": r"-?\d+",
    "alpha": r"[A-Za-z]+",
    "guid": r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
}
_PARAMETER = re.compile(r"\{(\*{0,2})(\w+)(?::(\w+))?(\?)?\}")
_RESERVED = ("admin", "runtime")


@dataclass(frozen=True)
class Route:
    """A compiled template; `methods` empty means all."""

    function: Function
    pattern: re.Pattern[str]
    names: tuple[str, ...]
    methods: frozenset[str]
    auth_level: str


class Router:
    """All HTTP functions' routes, in the order in which they are tried."""

    def __init__(self, functions: Iterable[Function], prefix: str) -> None:
        http = [function for function in functions if function.trigger_type == "httpTrigger"]
        http.sort(key=lambda function: function.name.casefold())
        self._routes = [_compile_route(function, prefix) for function in http]

    @property
    def routes(self) -> list[Route]:
        return self._routes

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The first match and its route parameters."""
        wanted = path.strip("/")
        for route in self._routes:
            if route.methods and method not in route.methods:
                continue
            match = route.pattern.fullmatch(wanted)
            if match:
                values = zip(route.names, match.groups(), strict=True)
                return route, {name: value for name, value in values if value is not None}
        return None

    def claims(self, path: str) -> bool:
        """Whether some function owns the path, whatever the method."""
        wanted = path.strip("/")
        return any(route.pattern.fullmatch(wanted) for route in self._routes)


def _compile_route(function: Function, prefix: str) -> Route:
    trigger = function.trigger
    route = resolve_settings(str(trigger.get("route") or function.name))
    if route.strip("/").lower().startswith(_RESERVED):
        raise StartupError(
            f'{function.name}: route "{route}" conflicts with the host\'s own /admin and /runtime; '
            "choose another first segment"
        )
    template = f"{prefix}/{route}" if prefix else route.removeprefix("/")
    if "//" in template:
        raise StartupError(
            f'{function.name}: route "{template}" has an empty segment and Azure would not start; '
            'set "routePrefix": "" in host.json and write the whole route, or drop the leading "/"'
        )
    pattern, names = _compile_template(function.name, template.strip("/"))
    return Route(
        function,
        re.compile(pattern, re.IGNORECASE | re.DOTALL),
        names,
        frozenset(_text(method).upper() for method in trigger.get("methods") or ()),
        _text(trigger.get("authLevel") or "function").lower(),
    )


def _compile_template(name: str, template: str) -> tuple[str, tuple[str, ...]]:
    pattern, names = "", []
    for segment in filter(None, template.split("/")):
        match = _PARAMETER.fullmatch(segment)
        slash = "/" if pattern else ""
        if match is None:
            if "{" in segment or "}" in segment:
                raise StartupError(f'{name}: the local host cannot read "{segment}" in its route')
            pattern += slash + re.escape(segment)
            continue
        star, parameter, constraint, optional = match.groups()
        if (constraint or "") not in _CONSTRAINTS:
            raise StartupError(f'{name}: the local host knows no route constraint "{constraint}"')
        names.append(parameter)
        value = ".*" if star else _CONSTRAINTS[constraint or ""]
        group = f"{slash}({value})"
        pattern += f"(?:{group})?" if star or optional else group
    return pattern, tuple(names)


def _text(value: Any) -> str:
    return str(getattr(value, "value", value))
