"""Every statement that a runbook tells an operator to run is run here, on the real schema."""

import re
from pathlib import Path

import psycopg
import pytest

from infra.delivery.create_roles import LABELS

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations"
SOMEBODY = "00000000-0000-4000-8000-000000000000"


def statements() -> list[tuple[str, str]]:
    return [
        (path.stem, text.replace("'ID'", f"'{SOMEBODY}'"))
        for path in sorted((OPERATIONS / "alerts").glob("*.md"))
        for block in re.findall(r"```sql\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
        for text in filter(None, (part.strip() for part in block.split(";")))
    ]


def test_there_are_statements() -> None:
    assert len(statements()) >= 6


@pytest.mark.parametrize(("runbook", "statement"), statements())
def test_statement_of_a_runbook_runs(runbook: str, statement: str, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        cursor = connection.execute(statement.encode())
        assert cursor.statusmessage
        connection.rollback()


def test_question_for_the_roles_identities_is_one_that_postgres_understands(
    database_url: str,
) -> None:
    with psycopg.connect(database_url) as connection:
        assert connection.execute(LABELS).fetchall() == []
