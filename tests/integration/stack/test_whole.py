"""Every part at once: the API answers, survives a kill of the functions, and knows its people."""

import argparse
from collections.abc import Iterator

import httpx
import jwt
import psycopg
import pytest

from infra.local.commands import demo, reconcile, token
from infra.local.stack.ports import is_free
from infra.local.stack.stack import Stack


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(queue_lease_seconds=5) as whole:
        yield whole


def place_of(stack: Stack, **more: object) -> argparse.Namespace:
    return argparse.Namespace(data_dir=stack.data_dir, port_base=None, **more)


def test_the_api_reaches_its_dependencies(stack: Stack) -> None:
    answer = httpx.get(f"{stack.addresses.api}/health/ready", timeout=30)
    assert answer.status_code == 200, answer.text


def test_the_demo_rents_a_car(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.run(place_of(stack, card="pm_card_visa", url=None)) == 0
    assert "is CONFIRMED; the mailbox has:" in capsys.readouterr().out


def test_killed_functions_come_back_with_the_same_data(stack: Stack) -> None:
    before = httpx.get(f"{stack.addresses.api}/branches", timeout=30).json()
    stack.kill("functions")
    assert is_free(stack.ports.web)
    stack.restart("functions")
    assert httpx.get(f"{stack.addresses.api}/branches", timeout=30).json() == before
    stack.wait_for_failure(0)


def test_a_token_names_the_operator(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    assert token.run(place_of(stack, role=["operator"], branch=[], subject=None)) == 0
    claims = jwt.decode(capsys.readouterr().out.strip(), options={"verify_signature": False})
    assert (claims["iss"], claims["roles"]) == (stack.addresses.issuer, ["operator"])


def test_reconcile_says_what_disagrees(
    stack: Stack, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"grace_seconds": 300, "url": None}
    assert reconcile.run(place_of(stack, **asked)) == 0
    assert "everything agrees" in capsys.readouterr().out
    with psycopg.connect(stack.database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO rent.invoice_sequence (branch_code, year, last_number)"
            " VALUES ('GRU', 2999, 1)"
        )
        assert reconcile.run(place_of(stack, **asked)) == 1
        connection.execute("DELETE FROM rent.invoice_sequence WHERE year = 2999")
    assert "✗ invoice_gaps" in capsys.readouterr().out
    monkeypatch.delenv("RENTACAR_TOKEN", raising=False)
    elsewhere = {"grace_seconds": 0, "url": stack.addresses.api}
    assert reconcile.run(place_of(stack, **elsewhere)) == 2
    monkeypatch.setenv("RENTACAR_TOKEN", "nobody")
    assert reconcile.run(place_of(stack, **elsewhere)) == 2
    assert "RENTACAR_TOKEN is not set" in (said := capsys.readouterr().err)
    assert "401" in said
