"""What other commands learn about a stack that runs: ``stack.json`` in its data folder."""

import json
from pathlib import Path
from typing import Any

from infra.local.locks import FolderLock
from infra.local.stack.errors import StackError

STATE_FILE = "stack.json"
LOCK_FILE = "stack.lock"


def publish(data_dir: Path, description: dict[str, Any]) -> None:
    draft = data_dir / f"{STATE_FILE}.draft"
    draft.write_text(json.dumps(description, indent=2), encoding="utf-8")
    draft.replace(data_dir / STATE_FILE)


def withdraw(data_dir: Path) -> None:
    (data_dir / STATE_FILE).unlink(missing_ok=True)


def lock(data_dir: Path) -> FolderLock:
    """Raises StackError if another stack uses the folder."""
    folder_lock = FolderLock(data_dir / LOCK_FILE)
    if not folder_lock.try_acquire():
        raise StackError(
            f"another stack uses the data folder {data_dir}",
            "stop it, or start beside it: python3 dev.py up --port-base 21000",
        )
    return folder_lock


def find_running(data_dir: Path) -> dict[str, Any]:
    """Raises StackError if no stack runs there; a state file alone proves nothing after a crash."""
    probe = FolderLock(data_dir / LOCK_FILE)
    idle = probe.try_acquire() if data_dir.exists() else True
    probe.release()
    state = data_dir / STATE_FILE
    if idle or not state.exists():
        raise StackError(
            f"no running stack found in {data_dir}",
            "start one in another terminal: python3 dev.py up "
            "(if it runs elsewhere, name it by --port-base or --data-dir)",
        )
    found: dict[str, Any] = json.loads(state.read_text(encoding="utf-8"))
    return found
