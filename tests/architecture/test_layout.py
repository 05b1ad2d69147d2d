"""The house rules that no linter knows: what lies where, and how large it may grow."""

import re
import subprocess
from pathlib import Path

import pytest

from shared.sql import load_queries

ROOT = Path(__file__).parents[2]
FOLDERS = ("bff", "rent_process", "payment_process", "email_notification")
TOP_LEVEL = {
    ".ci", ".editorconfig", ".funcignore", ".gitattributes", ".github", ".gitignore",
    "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "azure.yaml", "bff", "dev.py",
    "docs", "email_notification", "function_app.py", "host.json", "infra",
    "local.settings.example.json", "payment_process", "pyproject.toml", "rent_process",
    "requirements.txt", "shared", "tests", "web",
}  # fmt: skip
SHARED = {
    "__init__.py", "asgi.py", "blobs.py", "contracts", "database.py", "dead_letters.py",
    "errors.py", "features.py", "http.py", "outbox.py", "queues.py", "secrets.py", "settings.py",
    "sql.py", "sweeping.py", "telemetry",
}  # fmt: skip
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc"}
MOST_LINES = 400


def tracked() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 -- PATH's git
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [Path(line) for line in listing.stdout.splitlines() if (ROOT / line).exists()]


def test_top_level_holds_only_what_the_design_names() -> None:
    assert {path.parts[0] for path in tracked()} <= TOP_LEVEL


def test_shared_is_a_closed_list() -> None:
    assert {path.parts[1] for path in tracked() if path.parts[0] == "shared"} == SHARED


def test_nothing_is_a_drawer() -> None:
    assert not [path for path in tracked() if DRAWERS & {part.split(".")[0] for part in path.parts}]


@pytest.mark.parametrize("folder", FOLDERS)
def test_function_folder_says_what_it_does(folder: str) -> None:
    face = (ROOT / folder / "__init__.py").read_text(encoding="utf-8")
    assert re.fullmatch(r'"""[^"]+"""\n', face), "only a docstring"
    assert "rigger" in face
    assert (ROOT / folder / "function.py").exists()


def test_files_stay_small() -> None:
    long = {
        str(path): lines
        for path in tracked()
        if path.suffix == ".py" and path.parts[0] not in {"tests", "infra"}
        for lines in [len((ROOT / path).read_text(encoding="utf-8").splitlines())]
        if lines > MOST_LINES
    }
    assert not long, "split by what they are about"


def test_every_named_query_is_used_and_none_is_missing() -> None:
    for path in (p for p in tracked() if p.name == "queries.sql" and p.parts[0] in FOLDERS):
        queries = load_queries(str(ROOT / path))
        repository = (ROOT / path).with_name("repository.py").read_text(encoding="utf-8")
        assert set(re.findall(r'QUERIES\["(\w+)"\]', repository)) <= set(queries), path
        assert set(queries) <= set(re.findall(r'"(\w+)"', repository)), path


def test_no_server_listens_beyond_this_machine() -> None:
    everywhere = "0.0.0.0"
    offending = [
        str(path)
        for path in tracked()
        if path.suffix in {".py", ".mjs", ".js", ".json", ".ts"}
        and path != Path("tests/architecture/test_layout.py")
        and "package-lock" not in path.name
        and everywhere in (ROOT / path).read_text(encoding="utf-8")
    ]
    assert not offending
