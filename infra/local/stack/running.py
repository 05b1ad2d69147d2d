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


BESIDE = "stop it, or start beside it: python3 dev.py up --port-base 21000"


def lock(data_dir: Path, remedy: str = BESIDE) -> FolderLock:
    """Raises StackError if another stack uses the folder, or nothing can be written there."""
    folder_lock = FolderLock(data_dir / LOCK_FILE)
    try:
        is_ours = folder_lock.try_acquire()
    except OSError as error:
        problem = f"the data folder {data_dir} cannot be written to: {error.strerror}"
        raise StackError(problem, "name another: --data-dir DIR") from error
    if not is_ours:
        raise StackError(f"a stack that runs uses the data folder {data_dir}", remedy)
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
