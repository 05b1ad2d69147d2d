"""Old code on the new schema: what a running release asks must stay possible."""

import json

import psycopg
import pytest

from tests.contract.released_statements import FROZEN, SCHEMAS
from tests.plugins.postgres import role_url

RELEASED = json.loads(FROZEN.read_text("utf-8"))


def find_broken(url: str, schema: str) -> list[str]:
    broken = []
    with psycopg.connect(role_url(url, schema), autocommit=True) as connection:
        for number, (name, statement) in enumerate(RELEASED[schema].items()):
            try:
                connection.execute(f"PREPARE released_{number} AS {statement}".encode())
            except psycopg.Error:
                broken.append(name)
    return broken


@pytest.mark.parametrize("schema", SCHEMAS.values())
def test_every_released_statement_can_run_on_the_newest_schema(
    schema: str, database_url: str
) -> None:
    assert RELEASED[schema]
    assert find_broken(database_url, schema) == []


def test_column_that_went_is_noticed(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE email.email RENAME COLUMN template TO kind")
    assert "email_notification: claim" in find_broken(database_url, "email")
