"""Roles are tied to identities once, and never silently to another one."""

from typing import Any

import pytest

from infra.delivery.create_roles import create_roles
from infra.delivery.environment import DeliveryError, require
from infra.delivery.prepare_database import database_url

IDS = {"rent": "aaa", "payment": "bbb", "email": "ccc"}


class Server:
    """The two functions of Azure's server that are used, and what they keep."""

    def __init__(self, principals: dict[str, str]) -> None:
        self.principals = principals
        self._rows: list[tuple[str, str]] = []

    def execute(self, query: Any, params: Any = None, /) -> "Server":
        if "pgaadauth_list_principals" in query:
            self._rows = list(self.principals.items())
        elif "pgaadauth_create_principal_with_oid" in query:
            role, object_id = params
            self.principals[role] = object_id
        else:
            raise AssertionError(query)
        return self

    def fetchall(self) -> list[tuple[str, str]]:
        return self._rows


def test_new_server_gets_every_role_with_its_own_identity() -> None:
    server = Server({"deployer": "zzz"})
    assert create_roles(server, IDS) == ["rent", "payment", "email"]
    assert server.principals == {**IDS, "deployer": "zzz"}


def test_second_run_changes_nothing() -> None:
    server = Server(dict(IDS))
    assert create_roles(server, {role: text.upper() for role, text in IDS.items()}) == []


def test_role_of_another_identity_stops_the_deployment() -> None:
    with pytest.raises(DeliveryError, match="role payment belongs to identity old"):
        create_roles(Server({**IDS, "payment": "old"}), IDS)


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(DeliveryError, match="ONE, TWO is not set"):
        require(("ONE", "THREE", "TWO"), {"THREE": "3", "TWO": " "})


def test_administrators_name_is_quoted_and_no_password_stands_in_the_address() -> None:
    assert database_url("h", "team@example.com", "postgres") == (
        "postgresql://team%40example.com@h:5432/postgres?sslmode=require"
    )
