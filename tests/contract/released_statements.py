"""The SQL of the release that may still be running while the next one is deployed.

``python -m tests.contract.released_statements`` freezes today's, as part of a release; a test
prepares each statement on the newest schema, so that no migration breaks the code beside it.
"""

import json
import re
from pathlib import Path

from shared.sql import load_queries

ROOT = Path(__file__).parents[2]
FROZEN = Path(__file__).with_name("released_statements.json")
SCHEMAS = {"rent_process": "rent", "payment_process": "payment", "email_notification": "email"}
_PARAMETER = re.compile(r"%\((\w+)\)[sbt]")


def collect() -> dict[str, dict[str, str]]:
    """By schema and name: each statement as PostgreSQL sees it."""
    found: dict[str, dict[str, str]] = {schema: {} for schema in SCHEMAS.values()}
    for folder, schema in SCHEMAS.items():
        for path in sorted((ROOT / folder).rglob("queries.sql")):
            place = path.parent.relative_to(ROOT).as_posix()
            for name, statement in load_queries(str(path)).items():
                found[schema][f"{place}: {name}"] = numbered(statement)
    return found


def numbered(statement: str) -> str:
    """``%(name)s`` as ``$1``, ..., the same name as the same number."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    return _PARAMETER.sub(number, statement).replace("%%", "%")


if __name__ == "__main__":
    FROZEN.write_text(json.dumps(collect(), indent=1) + "\n", encoding="utf-8")
