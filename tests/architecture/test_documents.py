"""Documents are held to the code: links, commands, tests, examples and diagrams."""

import ast
import doctest
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import pytest

from email_notification.domain import EmailStatus
from infra.local.cli import COMMANDS
from payment_process import domain as payment
from payment_process.refunding import domain as refunding
from rent_process.booking.domain import TRANSITIONS

ROOT = Path(__file__).parents[2]
ARCHITECTURE = ROOT / "docs" / "architecture.md"
ADRS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
CODE = {".py", ".sql", ".ts", ".tsx", ".mjs", ".css"}
NAMED_COMMANDS = {"bench", "drill"}
State = TypeVar("State", bound=str)

LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
IMAGE = re.compile(r'(?:src|href)="(?P<target>[^"]+)"')
COMMAND = re.compile(r"python3 dev\.py (?P<command>[a-z]+)(?: (?P<name>[a-z]+))?")
TEST = re.compile(r"(?P<path>tests/[\w/]+\.py)(?:::(?P<name>\w+))?")
ARROW = re.compile(r"^\s*(?P<source>\w+|\[\*\]) --> (?P<target>\w+|\[\*\])", re.MULTILINE)
ROW = re.compile(r"^\| `(?P<source>[A-Z_]+)` \| (?P<targets>.*) \|$", re.MULTILINE)


def tracked() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 -- PATH's git
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listing.stdout.splitlines() if (ROOT / line).is_file()]


DOCUMENTS = [path for path in tracked() if path.suffix == ".md"]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchors(document: Path) -> set[str]:
    """The anchors that GitHub makes of a document's headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_relative_link_resolves(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for pattern in (LINK, IMAGE):
        for match in pattern.finditer(text):
            target, _, anchor = match["target"].partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            found = (document.parent / target).resolve() if target else document
            assert found.exists(), match["target"]
            assert not anchor or anchor in anchors(found), match["target"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_command_in_a_document_is_real(document: Path) -> None:
    for match in COMMAND.finditer(document.read_text(encoding="utf-8")):
        command, name = match["command"], match["name"]
        assert command in COMMANDS, match[0]
        if command in NAMED_COMMANDS and name:
            folder = {"bench": "bench", "drill": "drills"}[command]
            assert (ROOT / "infra" / "local" / folder / f"{name}.py").exists(), match[0]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_test_in_a_document_exists(document: Path) -> None:
    for match in TEST.finditer(document.read_text(encoding="utf-8")):
        path = ROOT / match["path"]
        assert path.exists(), match[0]
        if match["name"]:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = {getattr(node, "name", None) for node in ast.walk(tree)}
            assert match["name"] in names, match[0]


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    assert [int(path.name[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))
    index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    assert {path.name for path in ADRS} == set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", index))


@pytest.mark.parametrize("decision", ADRS, ids=name_of)
def test_decision_says_what_why_and_which_test_enforces_it(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    for heading in ("Context", "Decision", "Consequences", "Enforced by"):
        assert f"\n## {heading}\n" in text
    assert any(match["name"] for match in TEST.finditer(text.partition("## Enforced by")[2]))
    assert len(text.splitlines()) <= 80, "one page"


def test_documents_that_code_points_to_exist() -> None:
    for path in tracked():
        if path.suffix in CODE and path != Path(__file__):
            text = path.read_text(encoding="utf-8")
            for target in re.findall(r"\bdocs/(?:[\w-]+/)*[\w-]+\.md", text):
                assert (ROOT / target).exists(), f"{name_of(path)}: {target}"
            for number in re.findall(r"\bdocs/adr/(\d{4})\b", text):
                assert any(adr.name.startswith(number) for adr in ADRS), f"{path}: {number}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_worked_examples_give_what_they_show(document: Path) -> None:
    examples = doctest.DocTestParser().get_doctest(
        document.read_text(encoding="utf-8").replace("```", "\n"), {}, document.name, None, None
    )
    assert doctest.DocTestRunner().run(examples).failed == 0


def section(heading: str) -> str:
    text = ARCHITECTURE.read_text(encoding="utf-8")
    return re.split(r"^#{2,3} ", text.partition(f"\n### {heading}\n")[2], flags=re.MULTILINE)[0]


def arrows(heading: str) -> set[tuple[str, str]]:
    found = {(match["source"], match["target"]) for match in ARROW.finditer(section(heading))}
    assert found, f"no diagram under {heading}"
    return found


def pairs(table: Mapping[State, frozenset[State]]) -> set[tuple[str, str]]:
    """A table as arrows; a state that nothing leads out of ends."""
    moves = {(str(source), str(target)) for source in table for target in table[source]}
    return moves | {(str(source), "[*]") for source in table if not table[source]}


def test_diagram_of_the_rental_is_its_table() -> None:
    assert arrows("The rental's states") == pairs(TRANSITIONS) | {
        ("[*]", "PENDING"),
        ("[*]", "CONFIRMED"),
    }


def test_diagram_of_the_refund_is_its_table() -> None:
    assert arrows("The refund's states") == pairs(refunding.LEGAL) | {("[*]", "REQUESTED")}


def test_diagram_of_the_payment_shows_every_state_and_only_legal_moves() -> None:
    shown = arrows("The payment's states")
    assert {state for pair in shown for state in pair} - {"[*]"} == set(payment.Status)
    assert shown - {("[*]", "CREATED")} <= pairs(payment.LEGAL)


def test_table_of_the_payments_moves_is_the_codes() -> None:
    told = {
        (match["source"], target)
        for match in ROW.finditer(section("The payment's states"))
        for target in re.findall(r"`([A-Z_]+)`", match["targets"]) or ["[*]"]
    }
    assert told == pairs(payment.LEGAL)


def test_diagram_of_the_email_shows_every_state() -> None:
    states = {state for pair in arrows("The e-mail's states") for state in pair}
    assert states - {"[*]"} == set(EmailStatus)


def test_table_of_functions_is_complete() -> None:
    table = ARCHITECTURE.read_text(encoding="utf-8").partition("| function | trigger |")[2]
    told = re.findall(
        r"`([A-Z]\w+)`", " ".join(re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE))
    )
    there = {
        name
        for path in ROOT.glob("*/function.py")
        for name in re.findall(r'function_name\("(\w+)"\)', path.read_text(encoding="utf-8"))
    }
    assert there <= set(told)


@pytest.mark.parametrize("folder", ["bench", "drills"])
def test_page_of_benchmarks_has_every_bench_and_drill(folder: str) -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    kind = {"bench": "bench", "drills": "drill"}[folder]
    for path in (ROOT / "infra" / "local" / folder).glob("*.py"):
        if re.search(r"^def run\(", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert f"| `python3 dev.py {kind} {path.stem}` |" in page


def test_list_of_shared_is_complete() -> None:
    text = section("The closed list `shared/`")
    told = set(re.findall(r"^\| `([\w.]+)/?` \|", text, re.MULTILINE))
    there = {path.name for path in (ROOT / "shared").iterdir() if path.name[0] != "_"}
    assert told == there
