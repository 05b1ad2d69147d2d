"""A real PostgreSQL for every test that needs one: a server a session, a cloned database a test.

``DATABASE_URL`` (of an administrator) names a server to use instead of the embedded one.
"""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from infra.local.stack.database import (
    ROLES,
    drop_database,
    prepare_database,
    role_password,
)
from infra.local.stack.database import database_url as url_of
from infra.local.stack.lifeline import open_lifeline
from infra.local.stack.ports import Ports
from infra.local.stack.postgres import postgres_program, server_url
from infra.local.stack.processes import Process
from payment_process.stripe_gateway import close_stripe
from shared.database import close_pools
from shared.features import close_features
from shared.outbox import drain_relays
from shared.queues import close_queues
from shared.secrets import close_secrets
from shared.settings import get_settings

STOP_SECONDS = 10
# Nothing survives a test session, so nothing need reach the disk.
SPEED = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """URL of an administrator's login to the server, database ``postgres``."""
    if "DATABASE_URL" in os.environ:
        yield os.environ["DATABASE_URL"]
        return
    with tempfile.TemporaryDirectory(prefix="rentacar-pg-") as folder, _serve(Path(folder)) as url:
        yield url


@pytest.fixture(scope="session")
def database_template(database_server: str) -> Iterator[str]:
    """Name of a migrated database that is only ever cloned."""
    name = f"template_{uuid4().hex[:12]}"
    prepare_database(database_server, name)
    yield name
    drop_database(database_server, name)


@pytest.fixture
def database_url(database_server: str, database_template: str) -> Iterator[str]:
    """URL of an administrator's login to a fresh, migrated, empty database."""
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(database_server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(database_template)
            )
        )
        _copy_role_settings(connection, database_template, name)
    yield url_of(database_server, name)
    drop_database(database_server, name)


@pytest.fixture
async def database(database_url: str, environment: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """Point each role's setting at a fresh database; pools and queues are closed afterwards."""
    for role in ROLES:
        environment.setenv(f"DATABASE_URL_{role.upper()}", role_url(database_url, role))
    get_settings.cache_clear()
    yield database_url
    await drain_relays()
    await close_queues()
    await close_pools()
    await close_stripe()
    await close_features()
    await close_secrets()


def role_url(url: str, role: str) -> str:
    """The same database, seen by one of the three login roles."""
    name = str(conninfo_to_dict(url)["dbname"])
    return url_of(url, name, role, role_password(url, role))


def _copy_role_settings(connection: psycopg.Connection[Any], template: str, clone: str) -> None:
    """Settings of a role in a database (search_path, timeouts) are not cloned with it."""
    rows = connection.execute(
        "SELECT setrole::regrole::text, unnest(setconfig) FROM pg_db_role_setting "
        "JOIN pg_database ON oid = setdatabase WHERE datname = %s AND setrole <> 0",
        [template],
    ).fetchall()
    for role, setting in rows:
        name, _, value = setting.partition("=")
        connection.execute(
            sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(
                sql.Identifier(role), sql.Identifier(clone), sql.Identifier(name), value
            )
        )


@contextmanager
def _serve(folder: Path) -> Iterator[str]:
    """Run the local stack's own server on a free port until the block, or the session, ends."""
    folder.chmod(0o755)  # its account may be another than ours
    port = Ports.free().postgres
    program = postgres_program(folder, port, lasting=False)
    fast = replace(program, command=[*program.command, *SPEED])
    lifeline = open_lifeline()
    process = Process(fast, folder / "postgres.log", lifeline)
    try:
        process.wait_until_ready()
        yield server_url(port)
    finally:
        process.ask_to_stop()
        process.wait(STOP_SECONDS)
        lifeline.close()
