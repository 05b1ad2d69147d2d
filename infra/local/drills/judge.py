"""The independent judge of the drills: SQL over what is stored, asked as the administrator."""

import json
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

import psycopg

from infra.local.load.renters import Trip
from shared.sql import load_queries

QUERIES = load_queries(__file__, "judge.sql")
_VIEWS = ("periods", "stretches", "capacities")


class Judge:
    """Answers named questions of ``judge.sql``, each with one number."""

    def __init__(self, database_url: str) -> None:
        self._connection = psycopg.connect(database_url, autocommit=True)
        for view in _VIEWS:
            self._connection.execute(QUERIES[view])

    def ask(self, question: str, **parameters: Any) -> int:
        row = self._connection.execute(QUERIES[question], parameters).fetchone()
        if row is None:
            raise AssertionError("every question has an answer")
        return int(row[0])

    def refused_though_free(self, refused: Iterable[Trip]) -> int:
        """How many of the refused trips would still fit between those that were sold."""
        rows = [
            {name: str(getattr(trip, name)) for name in Trip.__dataclass_fields__}
            for trip in refused
        ]
        return self.ask("refused_though_free", refused=json.dumps(rows))

    def rows(self, question: str, **parameters: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(QUERIES[question], parameters).fetchall()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()
