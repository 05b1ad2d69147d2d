"""Fixture `official_worker`: a Python 3.13 with Microsoft's worker and the deployed requirements.

Azure runs the app on 3.13 with this very package; it exists for 3.13 and later only, so the other
tests' interpreter may be too old for it. The environment is made once and kept in `.local`.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKER = "azure-functions-runtime==1.3.0"
DRIVER = ROOT / "tests" / "functions" / "official_worker_driver.py"
_BIN = "Scripts" if os.name == "nt" else "bin"
_PYTHON = "python.exe" if os.name == "nt" else "python"
_REMEDY = (
    "Microsoft's worker was NOT run: it needs Python 3.13 and none was found "
    "(looked on PATH, in pyenv's versions and at `py -3.13`). Install Python 3.13, "
    "for example with `uv python install 3.13` or `pyenv install 3.13`."
)


@dataclass(frozen=True)
class OfficialWorker:
    """Runs the driver in the worker's environment."""

    python: Path

    def run(self, app: Path, invocations: list[dict[str, Any]], **environment: str) -> Any:
        """Index and load every function of the app, then run the invocations in turn."""
        with tempfile.TemporaryDirectory() as folder:
            answer = Path(folder) / "answer.json"
            completed = subprocess.run(  # noqa: S603 - our own driver
                [self.python, DRIVER, answer],
                input=json.dumps({"app": str(app), "invocations": invocations}),
                env={**os.environ, **environment},
                capture_output=True,
                text=True,
                timeout=90,
                check=False,
            )
            assert answer.exists(), f"the driver failed:\n{completed.stderr}"
            return json.loads(answer.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def official_worker() -> Iterator[OfficialWorker]:
    interpreter = find_python_313()
    if interpreter is None:
        missing_python_313()
    else:
        yield OfficialWorker(make_environment(interpreter))


def missing_python_313() -> None:
    """Fail where the proof is wanted, say visibly what is missing elsewhere."""
    if os.environ.get("CI") == "true" or os.environ.get("REQUIRE_OFFICIAL_WORKER") == "1":
        pytest.fail(_REMEDY)
    pytest.skip(_REMEDY)


def find_python_313() -> list[str] | None:
    """A command that really starts 3.13: a version manager's shim may only complain."""
    if sys.version_info[:2] == (3, 13):
        return [sys.executable]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    versions = sorted(pyenv.glob("3.13.*"), reverse=True)
    installed: list[list[str | None]] = [[str(version / _BIN / _PYTHON)] for version in versions]
    candidates = [
        [shutil.which("python3.13")],
        *installed,
        [shutil.which("py"), "-3.13"],
        [_uv_python()],
    ]
    for candidate in candidates:
        if candidate[0] and _is_313([str(part) for part in candidate]):
            return [str(part) for part in candidate]
    return None


def make_environment(interpreter: list[str]) -> Path:
    """Make the virtual environment, or take the one that these requirements already have."""
    wanted = (ROOT / "requirements.txt").read_bytes() + WORKER.encode()
    folder = ROOT / ".local" / "official-worker" / hashlib.sha256(wanted).hexdigest()[:12]
    python = folder / _BIN / _PYTHON
    if python.exists():
        return python
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent))
    _install(interpreter, fresh)
    try:
        fresh.rename(folder)
    except OSError:  # another test process was faster
        shutil.rmtree(fresh)
    return python


def _install(interpreter: list[str], folder: Path) -> None:
    python = folder / _BIN / _PYTHON
    packages = ["-r", ROOT / "requirements.txt", WORKER]
    if uv := _uv():
        executable = _output([*interpreter, "-c", "import sys; print(sys.executable)"])
        _run([uv, "venv", "--quiet", "--clear", "--python", executable, folder])
        _run([uv, "pip", "install", "--quiet", "--python", python, *packages])
    else:
        _run([*interpreter, "-m", "venv", folder])
        _run([python, "-m", "pip", "install", "--quiet", *packages])


def _uv() -> str | None:
    beside = Path(sys.executable).with_name("uv.exe" if os.name == "nt" else "uv")
    return str(beside) if beside.exists() else shutil.which("uv")


def _uv_python() -> str | None:
    uv = _uv()
    return _output([uv, "python", "find", "--no-python-downloads", "3.13"]) if uv else None


def _is_313(command: list[str]) -> bool:
    return _output([*command, "-c", "import sys; print(sys.version_info[:2])"]) == "(3, 13)"


def _output(command: list[Any]) -> str:
    try:
        completed = subprocess.run(  # noqa: S603 - interpreters found above
            command, capture_output=True, text=True, timeout=30, check=False
        )
    except OSError:
        return ""
    return completed.stdout.strip() if completed.returncode == 0 else ""


def _run(command: list[Any]) -> None:
    subprocess.run(command, check=True, timeout=600)  # noqa: S603 - interpreters found above
