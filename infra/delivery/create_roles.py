"""Makes the roles ``rent``, ``payment`` and ``email`` sign in as managed identities.

On Azure a role without a password must be made by the server's own function, which ties it to an
identity's object id. The migrations find the roles there (0001_roles.sql) and give them their
schemas; nothing but the role's name is shared.
"""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from infra.delivery.environment import DeliveryError

SCHEMAS = ("rent", "payment", "email")
# Azure notes the identity as a label of the role: "aadauth,oid=…,type=service".
LABELS = "SELECT objname, label FROM pg_seclabels WHERE objtype = 'role' AND provider = 'pgaadauth'"
_OBJECT_ID = re.compile(r"\boid=([0-9a-fA-F-]+)")


class Connection(Protocol):
    """As much of psycopg's connection, in database ``postgres``, as is used here."""

    def execute(self, query: Any, params: Any = None, /) -> Any: ...


def create_roles(connection: Connection, principal_ids: Mapping[str, str]) -> list[str]:
    """Make what is missing; answer the names of the roles made now.

    Raises:
        DeliveryError: a role is there and belongs to another identity, or to a password.
    """
    listing = connection.execute(LABELS).fetchall()
    known = {name: found[1] for name, label in listing if (found := _OBJECT_ID.search(label))}
    made = []
    for role in SCHEMAS:
        wanted = principal_ids[role]
        if role not in known:
            connection.execute(
                "SELECT pgaadauth_create_principal_with_oid(%s, %s, 'service', false, false)",
                [role, wanted],
            )
            made.append(role)
        elif known[role].lower() != wanted.lower():
            raise DeliveryError(
                f"role {role} belongs to identity {known[role]}, not {wanted}: that identity was "
                f"made anew (docs/operations/deploy.md)"
            )
    return made
