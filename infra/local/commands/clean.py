"""``dev.py clean``: back to a fresh clone, or with ``--data`` only to an empty database."""

import argparse
import shutil
import sys
from pathlib import Path

from infra.local.install.python_packages import ROOT, VENV
from infra.local.stack import postgres, running
from infra.local.stack.errors import StackError

_INSTALLED = (
    VENV,
    ROOT / "infra" / "local" / "node_modules",
    ROOT / "web" / "node_modules",
    ROOT / "web" / "dist",
)
_CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache")


def run(arguments: argparse.Namespace) -> int:
    data = ROOT / ".local"
    doomed = [data] if arguments.data else [data, *_INSTALLED, *(ROOT / name for name in _CACHES)]
    doomed = [path for path in doomed if path.exists()]
    if not doomed:
        print("nothing to remove")
        return 0
    if not arguments.yes and not _confirmed(doomed):
        return 1
    try:
        for folder in sorted(path.parent for path in data.glob(f"*/{running.LOCK_FILE}")):
            _forget_stack(folder)
    except StackError as error:
        print(f"dev.py clean: {error}", file=sys.stderr)
        return 1
    for path in doomed:
        shutil.rmtree(path)
        print(f"removed {path}")
    return 0


def _confirmed(doomed: list[Path]) -> bool:
    if not sys.stdin.isatty():
        print("dev.py clean: this removes data\n  → say --yes", file=sys.stderr)
        return False
    listed = "\n".join(f"  {path}" for path in doomed)
    try:
        answer = input(f"{listed}\nremove these? [y/N] ")
    except EOFError:  # Ctrl-D is no
        return False
    return answer.strip().lower() in {"y", "yes"}


def _forget_stack(data_dir: Path) -> None:
    """Raises StackError while a stack runs there."""
    folder_lock = running.lock(data_dir, "stop it first: Ctrl-C in its terminal")
    postgres.forget_cluster(data_dir)
    folder_lock.release()
