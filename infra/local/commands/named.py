"""What `bench` and `drill` share: NAME is a module of a folder, with ``run(arguments) -> int``.

The first line of the module's docstring is what ``--list`` shows; ``run`` gets the words that
followed NAME and parses them itself.
"""

import argparse
import ast
import importlib
import sys
from pathlib import Path


def run_named(kind: str, package: str, arguments: argparse.Namespace) -> int:
    known = _find(package)
    if arguments.list or not arguments.name:
        for name, summary in known.items():
            print(f"{name:<14} {summary}")
        return 0 if arguments.list else 2
    if arguments.name not in known:
        names = ", ".join(known) or "none yet"
        print(f"dev.py {kind}: no {kind} {arguments.name!r}\n  → known: {names}", file=sys.stderr)
        return 2
    body = importlib.import_module(f"{package}.{arguments.name}")
    code: int = body.run(arguments.options)
    return code


def _find(package: str) -> dict[str, str]:
    """Module names and summaries, without importing: a list must not need what they need."""
    folder = Path(str(importlib.import_module(package).__file__)).parent
    found = {}
    for path in sorted(folder.glob("[a-z]*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "run" for node in tree.body):
            found[path.stem] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return found
