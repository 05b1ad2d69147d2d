"""Migrations on a real PostgreSQL: each once, all or nothing, never behind anybody's back."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from infra.local.stack.database import database_url as url_of
from infra.local.stack.database import drop_database
from infra.migrate import MigrationError, migrate


@pytest.fixture
def empty_database(database_server: str) -> Iterator[str]:
    name = f"migrate_{uuid4().hex[:12]}"
    with psycopg.connect(database_server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield url_of(database_server, name)
    drop_database(database_server, name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE first (id int);", "utf-8")
    (tmp_path / "0002_second.sql").write_text(
        "CREATE TABLE second (id int); INSERT INTO second VALUES (1);", "utf-8"
    )
    return tmp_path


def applied(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT name FROM public.schema_migration ORDER BY number")
        return [row[0] for row in rows]


def test_each_file_runs_exactly_once(empty_database: str, folder: Path) -> None:
    assert migrate(empty_database, folder) == ["0001_first.sql", "0002_second.sql"]
    assert migrate(empty_database, folder) == []
    assert applied(empty_database) == ["0001_first.sql", "0002_second.sql"]


def test_a_later_file_is_added(empty_database: str, folder: Path) -> None:
    migrate(empty_database, folder)
    (folder / "0003_third.sql").write_text("CREATE TABLE third (id int);", "utf-8")
    assert migrate(empty_database, folder) == ["0003_third.sql"]


def test_a_failing_file_is_rolled_back_and_those_before_it_stay(
    empty_database: str, folder: Path
) -> None:
    path = folder / "0003_third.sql"
    path.write_text("CREATE TABLE third (id int); SELECT 1 / 0;", "utf-8")
    with pytest.raises(MigrationError, match=r"0003_third\.sql failed and was rolled back"):
        migrate(empty_database, folder)
    assert applied(empty_database) == ["0001_first.sql", "0002_second.sql"]
    path.write_text("CREATE TABLE third (id int);", "utf-8")
    assert migrate(empty_database, folder) == ["0003_third.sql"]


def test_an_edited_file_is_refused(empty_database: str, folder: Path) -> None:
    migrate(empty_database, folder)
    (folder / "0001_first.sql").write_text("CREATE TABLE first (id bigint);", "utf-8")
    with pytest.raises(MigrationError, match=r"0001_first\.sql was edited after it was applied"):
        migrate(empty_database, folder)


def test_a_removed_file_is_refused(empty_database: str, folder: Path) -> None:
    migrate(empty_database, folder)
    (folder / "0002_second.sql").unlink()
    with pytest.raises(MigrationError, match=r"0002_second\.sql was applied .* file is missing"):
        migrate(empty_database, folder)


def test_two_runners_at_once_apply_each_file_once(empty_database: str, folder: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: migrate(empty_database, folder), range(4)))
    assert sorted(results, key=len) == [[], [], [], ["0001_first.sql", "0002_second.sql"]]


def test_nothing_but_the_history_is_created_without_files(
    empty_database: str, tmp_path: Path
) -> None:
    migrate(empty_database, tmp_path)
    with psycopg.connect(empty_database) as connection:
        found = connection.execute("SELECT schemaname, relname FROM pg_stat_user_tables").fetchall()
    assert found == [("public", "schema_migration")]


def test_the_command_line_applies_the_projects_migrations(empty_database: str) -> None:
    command = [sys.executable, "-m", "infra.migrate", "--database-url", empty_database]
    root = Path(__file__).parents[3]

    def run() -> str:
        return subprocess.check_output(command, cwd=root, text=True)  # noqa: S603 -- our own program

    assert run().splitlines()[0] == "0001_roles.sql"
    assert run().strip() == "nothing to apply"
