"""A database of the stack's own on the server, migrated and seeded."""

import hashlib
import hmac

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infra import migrate
from infra.local.stack.errors import StackError

ROLES = ("rent", "payment", "email")
_SETTLE_TIMEOUT_SECONDS = 10


def database_url(server: str, name: str, user: str | None = None, password: str = "") -> str:
    """The URL of one database of the server, as the server's administrator or as a role."""
    parts = conninfo_to_dict(server)
    role = user or str(parts.get("user", ""))
    secret = password if user else str(parts.get("password") or "")
    host, port = parts.get("host", "127.0.0.1"), parts.get("port", 5432)
    login = f"{_quote(role)}:{_quote(secret)}" if secret else _quote(role)
    options = f"?sslmode={parts['sslmode']}" if "sslmode" in parts else ""
    return f"postgresql://{login}@{host}:{port}/{name}{options}"


def _quote(text: str) -> str:
    from urllib.parse import quote  # noqa: PLC0415 -- one use

    return quote(text, safe="")


def role_password(server: str, role: str) -> str:
    """Empty where the administrator needs none (trust); else the same for every stack.

    Roles belong to the server, not to a database: two stacks on one server must agree.
    """
    secret = conninfo_to_dict(server).get("password")
    if not secret:
        return ""
    return hmac.new(str(secret).encode(), role.encode(), hashlib.sha256).hexdigest()


def prepare_database(server: str, name: str) -> str:
    """Create if absent, migrate, set the roles' passwords; answer the administrator's URL.

    Raises:
        StackError: the server cannot be reached, or refuses.
    """
    url = database_url(server, name)
    try:
        _create(server, name)
        migrate.migrate(url)
        with psycopg.connect(url) as connection:
            for role in ROLES:
                _set_password(connection, role, role_password(server, role))
    except psycopg.OperationalError as error:
        raise StackError(
            f"the database server does not serve: {error}", "is DATABASE_URL right, and is it up?"
        ) from None
    except migrate.MigrationError as error:
        raise StackError(
            str(error), "python3 dev.py clean --data removes the local data; then start again"
        ) from None
    return url


def drop_database(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def _create(server: str, name: str) -> None:
    timeout = make_conninfo(server, connect_timeout=_SETTLE_TIMEOUT_SECONDS)
    with psycopg.connect(timeout, autocommit=True) as connection:
        known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        if known.rowcount:
            return
        try:
            connection.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(name)
                )
            )
        except psycopg.errors.DuplicateDatabase:  # a second stack was faster
            return


def _set_password(
    connection: "psycopg.Connection[tuple[object, ...]]", role: str, password: str
) -> None:
    known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
    if known.rowcount and password:
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
        )
