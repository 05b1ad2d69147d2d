"""Roles are tied to identities once, and never silently to another one."""

from typing import Any

import pytest

from infra.delivery.create_roles import LABELS, create_roles
from infra.delivery.environment import DeliveryError, require
from infra.delivery.prepare_database import database_url

IDS = {"rent": "aaaa-1", "payment": "bbbb-2", "email": "cccc-3"}


class Server:
    """What Azure's server keeps of principals, and the function that makes one."""

    def __init__(self, principals: dict[str, str]) -> None:
        self.principals = principals
        self._rows: list[tuple[str, str]] = []

    def execute(self, query: Any, params: Any = None, /) -> "Server":
        if query == LABELS:
            self._rows = [
                (role, f"aadauth,oid={object_id},type=service")
                for role, object_id in self.principals.items()
            ]
        elif "pgaadauth_create_principal_with_oid" in query:
            role, object_id = params
            self.principals[role] = object_id
        else:
            raise AssertionError(query)
        return self

    def fetchall(self) -> list[tuple[str, str]]:
        return self._rows


def test_new_server_gets_every_role_with_its_own_identity() -> None:
    server = Server({"deployer": "dddd-4"})
    assert create_roles(server, IDS) == ["rent", "payment", "email"]
    assert server.principals == {**IDS, "deployer": "dddd-4"}


def test_second_run_changes_nothing() -> None:
    server = Server(dict(IDS))
    assert create_roles(server, {role: text.upper() for role, text in IDS.items()}) == []


def test_role_of_another_identity_stops_the_deployment() -> None:
    with pytest.raises(DeliveryError, match="role payment belongs to identity 0bad-5"):
        create_roles(Server({**IDS, "payment": "0bad-5"}), IDS)


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(DeliveryError, match="ONE, TWO is not set"):
        require(("ONE", "THREE", "TWO"), {"THREE": "3", "TWO": " "})


def test_administrators_name_is_quoted_and_no_password_stands_in_the_address() -> None:
    assert database_url("h", "team@example.com", "postgres") == (
        "postgresql://team%40example.com@h:5432/postgres?sslmode=require"
    )
