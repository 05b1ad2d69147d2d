"""Hook ``postprovision``: roles, then migrations, as the server's administrator.

The administrator is the pipeline's own identity; its token is the password. Port 5432 and not the
pooler's: the migrations' lock belongs to a session.
"""

import os
import sys
from urllib.parse import quote

import psycopg

from infra.delivery.create_roles import SCHEMAS, create_roles
from infra.delivery.environment import DeliveryError, require
from infra.migrate import MigrationError, migrate

PORT = 5432
SCOPE = "https://ossrdbms-aad.database.windows.net/.default"


def database_url(host: str, user: str, database: str) -> str:
    """Without a password: libpq takes it from PGPASSWORD, which no process list shows."""
    return f"postgresql://{quote(user, safe='')}@{host}:{PORT}/{database}?sslmode=require"


def prepare_database() -> list[str]:
    """Answer what was done, in words."""
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415 -- slow, and tests need none

    host, database, user, *principal_ids = require(
        (
            "POSTGRES_HOST",
            "POSTGRES_DATABASE",
            "POSTGRES_ADMINISTRATOR",
            *(f"{schema.upper()}_PRINCIPAL_ID" for schema in SCHEMAS),
        )
    )
    with DefaultAzureCredential() as credential:
        os.environ["PGPASSWORD"] = credential.get_token(SCOPE).token
    with psycopg.connect(database_url(host, user, "postgres"), autocommit=True) as connection:
        made = create_roles(connection, dict(zip(SCHEMAS, principal_ids, strict=True)))
    applied = migrate(database_url(host, user, database))
    return [f"made role {role}" for role in made] + [f"applied {name}" for name in applied]


def main() -> int:
    try:
        done = prepare_database()
    except (DeliveryError, MigrationError, psycopg.Error) as error:
        print(f"prepare_database: {error}", file=sys.stderr)
        return 1
    print("\n".join(done) or "roles and migrations are as they should be")
    return 0


if __name__ == "__main__":
    sys.exit(main())
