"""Decisions of docs/adr that no other test would notice being broken."""

import ast
import inspect
import json
from pathlib import Path

import pytest

import function_app

ROOT = Path(__file__).parents[2]
FOLDERS = ("bff", "rent_process", "payment_process", "email_notification", "shared")
BLOCKING = {"time.sleep", "psycopg.connect", "psycopg.Connection", "requests.get", "httpx.Client"}


def test_every_function_is_a_coroutine() -> None:
    for function in function_app.app.get_functions():
        assert inspect.iscoroutinefunction(function.get_user_function()), function


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_in_the_product_blocks_the_event_loop(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                assert ast.unparse(node.func) not in BLOCKING, f"{path.name}:{node.lineno}"


def test_pages_depend_on_preact_and_on_the_sign_in_alone() -> None:
    package = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))
    assert set(package["dependencies"]) == {"oidc-client-ts", "preact"}
