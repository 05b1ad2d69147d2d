"""Was this step done for exactly these inputs? Remembered in a file beside its result."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def fingerprint(files: Iterable[Path], *facts: str) -> str:
    """Of the files' names and contents (line ends aside) and of ``facts``."""
    digest = hashlib.sha256()
    for fact in facts:
        digest.update(fact.encode() + b"\0")
    for path in sorted(files):
        content = path.read_bytes().replace(b"\r\n", b"\n") if path.exists() else b"(absent)"
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


class Stamp:
    def __init__(self, path: Path, fingerprint: str) -> None:
        self._path, self._fingerprint = path, fingerprint

    def is_current(self) -> bool:
        return self._path.exists() and self._path.read_text("ascii") == self._fingerprint

    def clear(self) -> None:
        """Before the step: an interrupted one must not look done."""
        self._path.unlink(missing_ok=True)

    def set(self) -> None:
        self._path.write_text(self._fingerprint, "ascii")
