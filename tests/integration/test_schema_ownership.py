"""PostgreSQL, not a convention, decides who writes and reads what."""

import psycopg
import pytest
from psycopg import sql

from tests.plugins.postgres import role_url

ROLES = ("rent", "payment", "email")
# No right to, or a view that nobody could write through.
REFUSALS = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectNotInPrerequisiteState)
MAY_READ = {
    ("rent", "payment", "dispute_view"),
    ("rent", "payment", "rental_payment"),
    ("rent", "payment", "dead_letter_view"),
    ("rent", "email", "dead_letter_view"),
    ("rent", "payment", "reconciliation_view"),
    ("rent", "payment", "outbox_view"),
    ("rent", "payment", "unmatched_view"),
    ("rent", "payment", "movement_view"),
    ("rent", "email", "reconciliation_view"),
    ("rent", "email", "outbox_view"),
    ("rent", "email", "rental_email"),
    ("payment", "rent", "payer_view"),
    ("email", "payment", "voucher_view"),
    ("email", "rent", "email_view"),
    ("email", "rent", "branch_message_view"),
}


def relations(url: str, schema: str) -> list[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [schema]
        ).fetchall()
    return [name for (name,) in rows]


@pytest.mark.parametrize("role", ROLES)
def test_role_reaches_into_another_schema_only_through_granted_views(
    role: str, database_url: str
) -> None:
    readable = set()
    with psycopg.connect(role_url(database_url, role), autocommit=True) as connection:
        for schema in set(ROLES) - {role}:
            for name in relations(database_url, schema):
                relation = sql.Identifier(schema, name)
                with pytest.raises(REFUSALS):
                    connection.execute(sql.SQL("DELETE FROM {}").format(relation))
                try:
                    connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(relation))
                except psycopg.errors.InsufficientPrivilege:
                    continue
                readable.add((role, schema, name))
    assert readable == {each for each in MAY_READ if each[0] == role}


def test_history_cannot_be_rewritten(database_url: str) -> None:
    with psycopg.connect(role_url(database_url, "rent"), autocommit=True) as connection:
        for statement in (
            b"UPDATE rental_event SET event = 'x'",
            b"DELETE FROM rental_event",
            b"UPDATE audit SET actor = 'x'",
            b"DELETE FROM audit",
            b"TRUNCATE audit",
            b"DELETE FROM counter_entry",
            b"UPDATE review SET rating = 5",
            b"DELETE FROM rental_message",
            b"DELETE FROM reminder",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


@pytest.mark.parametrize(
    "free",
    [
        "array_fill(-1::smallint, ARRAY[384])",
        "array_fill(0::smallint, ARRAY[383])",
        "array_fill(NULL::smallint, ARRAY[384])",
        "array_fill(0::smallint, ARRAY[384], ARRAY[0])",
        "array_fill(0::smallint, ARRAY[384, 1])",
    ],
)
def test_calendar_refuses_what_is_no_calendar(market: str, free: str) -> None:
    with psycopg.connect(market) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(b"UPDATE rent.class_calendar SET free = " + free.encode())
