"""The virtual environment ``.venv`` and what is installed in it."""

import os
import shutil
import sys
from pathlib import Path

from infra.local.install.stamps import Stamp, fingerprint
from infra.local.install.steps import run_step, succeeds

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
_SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = _SCRIPTS / ("python.exe" if os.name == "nt" else "python")
LOCAL = (ROOT / "requirements.txt", ROOT / "infra" / "local" / "requirements.txt")
TESTS = (ROOT / "tests" / "requirements.txt",)
_VERSION = ".".join(map(str, sys.version_info[:3]))


def is_inside() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def ensure_python_packages(files: tuple[Path, ...], *, purpose: str) -> None:
    """Raises StepError, with pip's last words."""
    _ensure_venv()
    stamp = Stamp(VENV / f".installed-{purpose}", fingerprint(files, _VERSION))
    if stamp.is_current():
        return
    stamp.clear()
    listed = [part for path in files for part in ("-r", str(path))]
    run_step(
        f"installing Python packages ({purpose})",
        [*_installer(), *listed],
        remedy="is the package index reachable? Then run the command again",
        environment={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    stamp.set()


def _ensure_venv() -> None:
    stamp = Stamp(VENV / ".made-by", fingerprint((), _VERSION))
    if is_inside() or (stamp.is_current() and PYTHON.exists()):
        return
    run_step(
        f"making .venv with Python {_VERSION}",
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        remedy="Python's venv module is needed (Debian, Ubuntu: apt install python3-venv)",
    )
    stamp.set()


def _installer() -> list[str]:
    """uv, which takes seconds; pip where uv cannot be had."""
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet"]
    own = shutil.which("uv", path=str(_SCRIPTS))
    if not own and not shutil.which("uv") and succeeds([*pip, "uv"]):
        own = shutil.which("uv", path=str(_SCRIPTS))
    uv = own or shutil.which("uv")
    return [uv, "pip", "install", "--quiet", "--python", str(PYTHON)] if uv else pip
