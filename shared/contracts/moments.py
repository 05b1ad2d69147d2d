"""Times and days as requests write them (RFC 3339): a bare number is neither.

Pydantic reads "1797000000" as seconds since 1970. What is read here is the thing itself, so that
a model may be strict.
"""

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Seconds may be left out, which pages and people do.
_TIME = re.compile(
    _DAY.pattern + r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def _time(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and _TIME.fullmatch(value.upper()):
            return datetime.fromisoformat(value.upper())
    except ValueError:
        pass
    raise ValueError("is not a time with offset, as 2026-11-30T10:00:00-03:00")


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError("is not a day, as 2026-11-30")


Moment = Annotated[AwareDatetime, BeforeValidator(_time)]
Day = Annotated[date, BeforeValidator(_day)]
