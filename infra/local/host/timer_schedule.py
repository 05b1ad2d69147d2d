"""NCRONTAB: six fields, seconds first, UTC.

Differs from cron where day-of-month and day-of-week are both given: both must match.
"""

import itertools
import re
from datetime import UTC, datetime, timedelta

from cronsim import CronSim, CronSimError

from infra.local.host.errors import StartupError

# NCRONTAB has none of cron's L, W and # forms, and Sunday is 0, never 7.
_VALUE = r"(?:\d+|[A-Za-z]{3})"
_FIELD = re.compile(rf"(?:{_VALUE}(?:-{_VALUE})?|\*)(?:/\d+)?")
_FIELDS = 6
_STATE_NEEDS = timedelta(minutes=1)


class Schedule:
    """A parsed expression."""

    def __init__(self, expression: str) -> None:
        """Parse it.

        Raises:
            StartupError: Azure would not accept it.
        """
        fields = expression.split()
        if len(fields) == _FIELDS - 1:  # the real host reads five fields as "at second 0"
            fields.insert(0, "0")
        self.expression = " ".join(fields)
        readable = all(_FIELD.fullmatch(term) for field in fields for term in field.split(","))
        if len(fields) != _FIELDS or not readable or "7" in fields[5]:
            raise StartupError(f'"{expression}" is not NCRONTAB: six fields, seconds first')
        try:
            self._iterate(datetime.now(UTC))
        except CronSimError as error:
            raise StartupError(f'"{expression}" is not NCRONTAB: {error}') from None

    def after(self, moment: datetime) -> datetime:
        """The first occurrence later than the moment."""
        return next(self._iterate(moment))

    @property
    def is_frequent(self) -> bool:
        """Whether it comes more than once a minute: the real host then keeps no state of it."""
        moments = list(itertools.islice(self._iterate(datetime.now(UTC)), 10))
        return any(later - earlier < _STATE_NEEDS for earlier, later in itertools.pairwise(moments))

    def _iterate(self, moment: datetime) -> CronSim:
        iterator = CronSim(self.expression, moment)
        iterator.day_and = True
        return iterator
