"""One connection pool per schema and event loop; each schema has a login role of its own.

PostgreSQL enforces who writes what. Session limits (lock and statement timeouts) stand on the
roles (infra/migrations), because a transaction pooler does not pass start-up options on.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

from shared.errors import Unavailable
from shared.settings import Settings, get_settings

if TYPE_CHECKING:
    from psycopg import AsyncConnection
    from psycopg_pool import AsyncConnectionPool

    Connection = AsyncConnection[dict[str, Any]]
    Pool = AsyncConnectionPool[Connection]
else:
    Connection = Any  # the driver is imported with the first query, not before

Schema = Literal["rent", "payment", "email"]
# 40 instances x 8 stay far below the server's limit (docs/operations/capacity.md).
POOL_SIZE: dict[Schema, int] = {"rent": 5, "payment": 2, "email": 1}
# A server that is gone without a word, as in a failover, is noticed in seconds: TCP alone would
# wait for a quarter of an hour (libpq's parameters; milliseconds in the last).
PATIENCE = {
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
POOL_WAIT_SECONDS = 10.0

_pools: "WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Schema, Pool]]" = WeakKeyDictionary()


class LockTimeout(Unavailable):
    """Another transaction held a row longer than the role's ``lock_timeout``."""

    def __init__(self, relation: str) -> None:
        super().__init__("too many requests for the same thing at once")
        self.relation = relation


class ConstraintViolation(Exception):  # noqa: N818 -- PostgreSQL's own word
    """A constraint refused a statement; ``constraint`` is its name."""

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


@asynccontextmanager
async def connect(schema: Schema) -> AsyncIterator[Connection]:
    """Lend an autocommit connection: one statement is one commit.

    Raises:
        ConstraintViolation: the database refused; the caller knows the names it expects.
        LockTimeout: a row was locked for too long.
        Unavailable: no connection could be had, or it broke.
    """
    import psycopg  # noqa: PLC0415 -- import budget: no driver before the first query
    from psycopg_pool import PoolTimeout  # noqa: PLC0415 -- likewise

    pool = await _get_pool(schema)
    try:
        async with pool.connection() as connection:
            yield connection
    except (PoolTimeout, psycopg.InterfaceError) as error:
        raise Unavailable("the database cannot be reached") from error
    except psycopg.IntegrityError as error:
        # Without its cause, whose text holds the row: the host logs what a function raises.
        raise ConstraintViolation(error.diag.constraint_name or "") from None
    except psycopg.errors.LockNotAvailable as error:
        # The context says: while locking tuple (0,1) in relation "class_calendar".
        raise LockTimeout((error.diag.context or "").rpartition(" ")[2].strip('"')) from error
    except psycopg.OperationalError as error:
        raise Unavailable("the database cannot be reached") from error


@asynccontextmanager
async def transaction(schema: Schema) -> AsyncIterator[Connection]:
    """Lend a connection inside one transaction. Never call a vendor while it is open.

    Raises:
        Unavailable: as :func:`connect`.
    """
    async with connect(schema) as connection, connection.transaction():
        yield connection


async def close_pools() -> None:
    """Close this loop's pools: tests and short programs end cleanly with it."""
    for pool in _pools.pop(asyncio.get_running_loop(), {}).values():
        await pool.close()


async def _get_pool(schema: Schema) -> "Pool":
    pools = _pools.setdefault(asyncio.get_running_loop(), {})
    if schema not in pools:
        pools[schema] = _new_pool(schema, get_settings())
        await pools[schema].open()
    return pools[schema]


def _new_pool(schema: Schema, settings: Settings) -> "Pool":
    from psycopg import AsyncConnection  # noqa: PLC0415 -- import budget, as above
    from psycopg.rows import dict_row  # noqa: PLC0415 -- likewise
    from psycopg_pool import AsyncConnectionPool  # noqa: PLC0415 -- likewise

    arguments: dict[str, Any] = {"autocommit": True, "row_factory": dict_row, **PATIENCE}
    connection_class: Any = AsyncConnection
    if settings.database_auth == "entra":
        # PgBouncer without prepared statements, and a token instead of a password.
        from azure_postgresql_auth.psycopg3 import AsyncEntraConnection  # noqa: PLC0415 -- likewise

        # Without "user" here the connection would take the identity's name, whatever the URL says.
        arguments |= {"prepare_threshold": None, "user": schema}
        arguments["credential"] = _new_credential(schema, settings)
        connection_class = AsyncEntraConnection
    return AsyncConnectionPool(
        getattr(settings, f"database_url_{schema}"),
        connection_class=connection_class,
        kwargs=arguments,
        min_size=1,
        max_size=POOL_SIZE[schema],
        timeout=POOL_WAIT_SECONDS,
        name=f"pool-{schema}",
        open=False,
    )


def _new_credential(schema: Schema, settings: Settings) -> Any:
    """The identity that PostgreSQL knows as this schema's role (infra/delivery/create_roles.py)."""
    from azure.identity.aio import DefaultAzureCredential  # noqa: PLC0415 -- import budget

    client_id = getattr(settings, f"database_client_id_{schema}")
    return (
        DefaultAzureCredential()
        if client_id is None
        else DefaultAzureCredential(managed_identity_client_id=client_id)
    )
