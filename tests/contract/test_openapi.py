"""The published document is the one that is served; every problem code stands in the table."""

import ast
import json
from pathlib import Path

import pytest

from bff.domain import FEATURES, HEALTH, OPERATIONS, READY, WEBHOOK
from infra.local import openapi
from shared.contracts.problems import STATUS_OF_CODE

ROOT = Path(__file__).parents[2]


def test_published_document_is_current() -> None:
    published = openapi.PATH.read_text(encoding="utf-8")
    assert published == openapi.render(), "run: python -m infra.local.openapi"


def test_document_is_openapi_3_1_with_every_call() -> None:
    document = json.loads(openapi.render())
    assert document["openapi"].startswith("3.1")
    documented = {(m.upper(), path) for path, calls in document["paths"].items() for m in calls}
    table = (*OPERATIONS, FEATURES, HEALTH, READY, WEBHOOK)
    assert documented == {(each.method, f"/api{each.path}") for each in table}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_documented_errors_have_a_status(operation: object) -> None:
    assert set(operation.errors) <= STATUS_OF_CODE.keys()  # type: ignore[attr-defined] # a row


def test_every_code_that_is_raised_has_a_status() -> None:
    raised = set()
    for folder in ("bff", "rent_process", "payment_process", "shared"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and getattr(node.func, "id", "") in {"Rejected", "_refused"}
                    and isinstance(node.args[0], ast.Constant)
                ):
                    raised.add(node.args[0].value)
    assert raised
    assert raised <= STATUS_OF_CODE.keys()
