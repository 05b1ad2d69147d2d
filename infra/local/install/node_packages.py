"""Node.js programs of the local stack, and the web pages: installed and built once."""

from pathlib import Path

from infra.local.install.node import OLDEST_MAJOR, Node
from infra.local.install.stamps import Stamp, fingerprint
from infra.local.install.steps import StepError, run_step

ROOT = Path(__file__).resolve().parents[3]
STACK = ROOT / "infra" / "local"
WEB = ROOT / "web"
WEB_DIST = WEB / "dist"
_NOT_SOURCES = {"node_modules", "dist", ".vite"}


def ensure_stack_programs(node: Node) -> None:
    # None of these packages needs its install script; what does not run cannot surprise.
    _ensure_packages(node, STACK, "the local stack's programs", "--ignore-scripts")


def ensure_web_pages(node: Node) -> None:
    """Install and build; again only when a source file changed."""
    _ensure_packages(node, WEB, "the web front end's packages")
    stamp = Stamp(WEB / "node_modules" / ".built", fingerprint(web_sources()))
    if stamp.is_current() and WEB_DIST.exists():
        return
    stamp.clear()
    run_step(
        "building the web pages",
        [*node.npm_command, "run", "build:localstack"],
        remedy="mend the error above in web/, or start without pages: up --no-web",
        folder=WEB,
        environment=node.environment,
    )
    stamp.set()


def web_sources() -> list[Path]:
    return [
        path
        for entry in WEB.iterdir()
        if entry.name not in _NOT_SOURCES
        for path in ([entry] if entry.is_file() else entry.rglob("*"))
        if path.is_file()
    ]


def node_is_missing() -> StepError:
    return StepError(
        f"Node.js {OLDEST_MAJOR} or later is missing, and PyPI has none for this platform",
        f"install Node.js {OLDEST_MAJOR}+ with npm, then run the command again",
    )


def _ensure_packages(node: Node, folder: Path, title: str, *options: str) -> None:
    inputs = [folder / "package.json", folder / "package-lock.json"]
    stamp = Stamp(folder / "node_modules" / ".installed", fingerprint(inputs))
    if stamp.is_current():
        return
    stamp.clear()
    command = [*node.npm_command, "ci", "--no-audit", "--no-fund", "--prefer-offline", *options]
    run_step(
        f"installing {title}",
        command,
        remedy="is the npm registry reachable? Then run the command again",
        folder=folder,
        environment=node.environment,
    )
    stamp.set()
