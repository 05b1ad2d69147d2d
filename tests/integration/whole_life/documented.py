"""The states and transitions that docs/architecture.md draws: what it says, not what code does."""

import re
from pathlib import Path

ARCHITECTURE = Path(__file__).parents[3] / "docs" / "architecture.md"
ARROW = re.compile(r"^\s*(\[\*\]|[A-Z_]+) --> (\[\*\]|[A-Z_]+)", re.MULTILINE)
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.+) \|$", re.MULTILINE)

Transition = tuple[str, str]


def drawn(heading: str) -> set[Transition]:
    """The arrows of the state diagram under a heading, without those to the end."""
    section = _section(heading)
    return {(a, b) for a, b in ARROW.findall(section.split("```")[1]) if b != "[*]"}


def tabled(heading: str) -> set[Transition]:
    """Every legal move of the table under a heading."""
    rows = ROW.findall(_section(heading))
    return {(before, after) for before, cell in rows for after in re.findall("`([A-Z_]+)`", cell)}


def _section(heading: str) -> str:
    text = ARCHITECTURE.read_text("utf-8")
    [section] = re.findall(
        rf"^### {re.escape(heading)}\n(.*?)(?=^##)", text, re.MULTILINE | re.DOTALL
    )
    return str(section)
