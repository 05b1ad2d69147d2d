"""Reads a form or query as strictly as Stripe: brackets nest, unknown names are refused.

A schema is a dict of name to type; a name that ends in ``!`` is required. A type is a nested
dict, a one-element list (of that type), or a word: ``str`` or ``str:22`` (longest), ``int`` or
``int:1:99`` (bounds), ``bool``, ``map`` (metadata), ``range`` (a number or its bounds) or
``enum:a|b``. A type that ends in ``?`` may be unset with an empty string.
"""

import re
from typing import Any
from urllib.parse import parse_qsl

from infra.local.standins.stripe.errors import Json, StripeError, invalid, missing

Schema = dict[str, Any]
KEYS_MAXIMUM, KEY_LENGTH, VALUE_LENGTH = 50, 40, 500  # https://docs.stripe.com/api/metadata
LONGEST = 5000


def read(text: str, schema: Schema) -> Json:
    """The typed parameters.

    Raises:
        StripeError: 400 for the first that Stripe would refuse.
    """
    raw: Json = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        _place(raw, name, value)
    return _object(raw, schema, "")


def _place(root: Json, name: str, value: str) -> None:
    keys = re.findall(r"^[^\[]+|(?<=\[)[^\]]*(?=\])", name) or [name]
    node = root
    for key in keys[:-1]:
        child = node.setdefault(key, {})
        if not isinstance(child, dict):
            raise invalid(f"Invalid object: {name}", name)
        node = child
    last = keys[-1] or str(len(node))
    node[last] = value


def _object(raw: Any, schema: Schema, path: str) -> Json:
    if not isinstance(raw, dict):
        raise invalid("Invalid object", path)
    known = {name.rstrip("!"): kind for name, kind in schema.items()}
    found: Json = {}
    for name, value in raw.items():
        inner = f"{path}[{name}]" if path else name
        if inner == "payment_method_types":
            raise _types_removed()
        if name not in known:
            message = f"Received unknown parameter: {inner}"
            raise invalid(message, inner, "parameter_unknown")
        found[name] = _value(value, known[name], inner)
    for name in schema:
        if name.endswith("!") and name[:-1] not in found:
            raise missing(f"{path}[{name[:-1]}]" if path else name[:-1])
    return found


def _types_removed() -> StripeError:
    """Removed in 2026-09-30.endive, where it would otherwise be merely unknown."""
    return invalid(
        "payment_method_types is no longer supported. Use automatic_payment_methods,"
        " allowed_payment_method_types or excluded_payment_method_types instead.",
        "payment_method_types",
        "payment_method_types_no_longer_supported",
    )


def _value(raw: Any, kind: Any, path: str) -> Any:
    if isinstance(kind, str) and kind.endswith("?"):
        if raw == "":
            return ""
        kind = kind[:-1]
    if isinstance(kind, dict):
        return _object(raw, kind, path)
    if isinstance(kind, list):
        return _list(raw, kind[0], path)
    if kind == "range":
        bounds = raw if isinstance(raw, dict) else {"gte": raw, "lte": raw}
        return _object(bounds, dict.fromkeys(("gt", "gte", "lt", "lte"), "int"), path)
    if kind == "map":
        return _metadata(raw, path)
    if isinstance(raw, dict):
        raise invalid(f"Invalid {kind.partition(':')[0]}: must not be an object", path)
    return _scalar(raw, kind, path)


def _list(raw: Any, kind: Any, path: str) -> list[Any]:
    if not isinstance(raw, dict) or not all(key.isdigit() for key in raw):
        raise invalid("Invalid array", path)
    return [_value(raw[key], kind, f"{path}[{key}]") for key in sorted(raw, key=int)]


def _scalar(raw: str, kind: str, path: str) -> Any:
    word, _, rest = kind.partition(":")
    if raw == "":
        message = (
            f"You passed an empty string for '{path}'. We assume empty values are an attempt to "
            f"unset a parameter; however '{path}' cannot be unset. You should remove '{path}' "
            "from your request or supply a non-empty value."
        )
        raise invalid(message, path, "parameter_invalid_empty")
    if word == "bool":
        if raw not in ("true", "false"):
            raise invalid(f"Invalid boolean: {raw}", path)
        return raw == "true"
    if word == "int":
        return _integer(raw, rest, path)
    if word == "enum":
        choices = rest.split("|")
        if raw not in choices:
            raise invalid(f"Invalid {path}: must be one of {', '.join(choices)}", path)
        return raw
    longest = int(rest or LONGEST)
    if len(raw) > longest:
        message = f"Invalid string: {raw[:10]}...; must be at most {longest} characters"
        raise invalid(message, path)
    return raw


def _integer(raw: str, bounds: str, path: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", raw):
        raise invalid(f"Invalid integer: {raw}", path, "parameter_invalid_integer")
    number = int(raw)
    low, _, high = bounds.partition(":")
    if low and number < int(low):
        message = f"This value must be greater than or equal to {low}."
        raise invalid(message, path, "parameter_invalid_integer")
    if high and number > int(high):
        message = f"This value must be less than or equal to {high}."
        raise invalid(message, path, "parameter_invalid_integer")
    return number


def _metadata(raw: Any, path: str) -> dict[str, str]:
    if raw == "":
        return {"": ""}  # clears them all; see ledger.merge_metadata
    if not isinstance(raw, dict) or not all(isinstance(value, str) for value in raw.values()):
        raise invalid("Metadata values must be strings", path)
    for key, value in raw.items():
        if len(key) > KEY_LENGTH:
            raise invalid(f"Metadata keys can have up to {KEY_LENGTH} characters.", path)
        if len(value) > VALUE_LENGTH:
            message = f"Metadata values can have up to {VALUE_LENGTH} characters"
            raise invalid(f"{message}, but you passed in a value that is {len(value)}.", path)
    if len(raw) > KEYS_MAXIMUM:
        raise invalid(f"Metadata can have up to {KEYS_MAXIMUM} keys.", path)
    return dict(raw)
