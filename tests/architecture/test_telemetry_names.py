"""What the code tells of itself arrives: no attribute is dropped, and no query asks for another."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from shared.telemetry.attributes import ALLOWED

ROOT = Path(__file__).parents[2]
FOLDERS = ("bff", "rent_process", "payment_process", "email_notification", "shared")
SPANS = {"operation", "dependency"}
NO_ATTRIBUTES = {"kind", "traceparent"}  # parameters of the spans' functions themselves


def attributes_told() -> Iterator[tuple[str, str]]:
    """Where, and the attribute's name: in a dict's keys, or a span's keywords."""
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                    for name in _names_in(function):
                        yield f"{path.relative_to(ROOT)}: {function.name}", name


def _names_in(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    held = _dicts_of(function)
    for call in (each for each in ast.walk(function) if isinstance(each, ast.Call)):
        called = ast.unparse(call.func).rpartition(".")[2]
        if called in {"event", "metric"}:
            for part in (part for given in call.args for part in ast.walk(given)):
                found = held.get(part.id) if isinstance(part, ast.Name) else part
                if isinstance(found, ast.Dict):
                    yield from (str(ast.literal_eval(key)) for key in found.keys if key)
        elif called in SPANS:
            yield from {each.arg for each in call.keywords if each.arg} - NO_ATTRIBUTES


def _dicts_of(function: ast.AST) -> dict[str, ast.Dict]:
    held = {}
    for part in ast.walk(function):
        if isinstance(part, ast.Assign | ast.AnnAssign) and isinstance(part.value, ast.Dict):
            target = part.targets[0] if isinstance(part, ast.Assign) else part.target
            held[ast.unparse(target)] = part.value
    return held


def test_every_attribute_that_the_code_tells_is_let_through() -> None:
    told = list(attributes_told())
    assert {"check", "queue", "to_status", "rental_id"} <= {name for _, name in told}
    assert [each for each in told if each[1] not in ALLOWED] == []


def test_queries_ask_only_for_attributes_that_are_let_through() -> None:
    asked = [
        (path.name, name)
        for folder in ("infra/observability", "docs/operations/alerts")
        for path in (ROOT / folder).rglob("*.*")
        if path.suffix in {".kql", ".json", ".md"} and "node_modules" not in path.parts
        for name in re.findall(r'Properties(?:\.|\[\\?")(\w+)', path.read_text(encoding="utf-8"))
    ]
    assert len(asked) > 30
    assert [each for each in asked if each[1] not in ALLOWED] == []
