r"""The vendor's filter language: ``abc``, ``abc*``, ``a,b``; ``\`` escapes, ``\0`` is no label.

Source: learn.microsoft.com/azure/azure-app-configuration/rest-api-key-value, "Supported filters".
"""

import re
from collections.abc import Callable, Iterable

from infra.local.standins.appconfiguration.store import Setting

NULL = "\0"
MAXIMUM_ALTERNATIVES = 5


class InvalidFilterError(ValueError):
    """A filter that the vendor refuses; the message says why."""


def select(
    settings: Iterable[Setting], key: str | None, label: str | None, tags: Iterable[str] = ()
) -> list[Setting]:
    """The settings that match all filters; a filter that is absent matches everything."""
    key_matches, label_matches = _matcher(key), _matcher(label)
    wanted = [tuple(tag.partition("=")[::2]) for tag in tags]
    return [
        each
        for each in settings
        if key_matches(each.key)
        and label_matches(each.label or NULL)
        and all(_tag(each, name) == value for name, value in wanted)
    ]


def _tag(setting: Setting, name: str) -> str | None:
    return setting.tags.get(name)


def _matcher(text: str | None) -> Callable[[str], bool]:
    if text is None or text in ("", "*"):
        return lambda _value: True
    alternatives = re.findall(r"(?:\\.|[^,\\])+", text, flags=re.DOTALL)
    if len(alternatives) > MAXIMUM_ALTERNATIVES:
        raise InvalidFilterError(f"at most {MAXIMUM_ALTERNATIVES} alternatives are allowed")
    patterns = [_pattern(each) for each in alternatives]
    return lambda value: any(pattern.fullmatch(value) for pattern in patterns)


def _pattern(alternative: str) -> re.Pattern[str]:
    if alternative in (NULL, r"\0"):
        return re.compile(NULL)
    wildcard = alternative.endswith("*") and not alternative.endswith(r"\*")
    literal = re.sub(r"\\(.)", r"\1", alternative.removesuffix("*") if wildcard else alternative)
    if wildcard and re.search(r"(?<!\\)\*", alternative[:-1]):
        raise InvalidFilterError("an asterisk may only stand at the end")
    return re.compile(re.escape(literal) + (".*" if wildcard else ""), re.DOTALL)
