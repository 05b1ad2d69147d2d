"""Applies ``infra/migrations/NNNN_*.sql``, in production as on a laptop.

``python -m infra.migrate --database-url URL``. Each file runs once, in a transaction of its own,
under a lock that lets one runner at a time; what ran is kept in ``public.schema_migration`` with
a checksum. A file that was edited or removed after it ran is refused: write a new one instead.
"""

import argparse
import hashlib
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg

FOLDER = Path(__file__).with_name("migrations")
_NAME = re.compile(r"(?P<number>\d{4})_[a-z0-9_]+\.sql")
_LOCK = 0x52656E74  # "Rent": any number that no other user of the database takes
_Connection = psycopg.Connection[tuple[object, ...]]


class MigrationError(RuntimeError):
    """The files and the database disagree; nothing was changed beyond what is reported done."""


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations(folder: Path = FOLDER) -> list[Migration]:
    """All files by number.

    Raises:
        MigrationError: a name is not NNNN_words.sql, or a number is missing or taken twice.
    """
    found = []
    for path in sorted(folder.glob("*.sql")):
        match = _NAME.fullmatch(path.name)
        if not match:
            raise MigrationError(f"{path.name}: a migration is named NNNN_lower_case_words.sql")
        # Line ends as in the repository, whatever the checkout made of them.
        text = path.read_text(encoding="utf-8")
        found.append(Migration(int(match["number"]), path.name, text))
    for expected, migration in enumerate(found, start=1):
        if migration.number != expected:
            raise MigrationError(f"{migration.name}: number {expected:04d} was expected here")
    return found


def migrate(database_url: str, folder: Path = FOLDER) -> list[str]:
    """Apply what is missing; answer the names of what was applied now.

    Raises:
        MigrationError: as ``read_migrations``, or history and files disagree, or SQL failed.
    """
    migrations = read_migrations(folder)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            _create_history(connection)
            missing = _missing(connection, migrations)
            for migration in missing:
                _apply(connection, migration)
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return [migration.name for migration in missing]


def _create_history(connection: _Connection) -> None:
    connection.execute("SET client_min_messages = warning")  # "already exists" is no news
    connection.execute("""
        CREATE TABLE IF NOT EXISTS public.schema_migration (
            number integer PRIMARY KEY,
            name text NOT NULL,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT clock_timestamp())
    """)


def _missing(connection: _Connection, migrations: list[Migration]) -> list[Migration]:
    applied = connection.execute(
        "SELECT number, name, checksum FROM public.schema_migration ORDER BY number"
    ).fetchall()
    by_number = {migration.number: migration for migration in migrations}
    for number, name, checksum in applied:
        migration = by_number.pop(int(str(number)), None)
        if migration is None or migration.name != name:
            raise MigrationError(f"{name} was applied to this database, but its file is missing")
        if migration.checksum != checksum:
            raise MigrationError(f"{name} was edited after it was applied: add a migration instead")
    newest = int(str(applied[-1][0])) if applied else 0
    late = [migration.name for migration in by_number.values() if migration.number < newest]
    if late:
        raise MigrationError(f"{late[0]} is older than what is already applied: renumber it")
    return list(by_number.values())


def _apply(connection: _Connection, migration: Migration) -> None:
    try:
        with connection.transaction():
            connection.execute(migration.sql.encode())  # bytes: a file may hold several statements
            connection.execute(
                "INSERT INTO public.schema_migration (number, name, checksum) VALUES (%s, %s, %s)",
                [migration.number, migration.name, migration.checksum],
            )
    except psycopg.Error as error:
        raise MigrationError(f"{migration.name} failed and was rolled back: {error}") from error


def main() -> int:
    parser = argparse.ArgumentParser(description="Apply the migrations that are missing.")
    parser.add_argument(
        "--database-url",
        default=os.environ.get("DATABASE_URL"),
        help="an administrator's URL; default: the environment's DATABASE_URL",
    )
    url = parser.parse_args().database_url
    if not url:
        parser.error("--database-url or DATABASE_URL is needed")
    try:
        applied = migrate(url)
    except (MigrationError, psycopg.OperationalError) as error:
        print(f"migrate: {error}", file=sys.stderr)  # noqa: T201 -- a command line tool
        return 1
    print("\n".join(applied) or "nothing to apply")  # noqa: T201 -- likewise
    return 0


if __name__ == "__main__":
    sys.exit(main())
