"""``dev.py reconcile``: what rentals, payments, vendor, calendar and e-mails disagree about.

Asks a running system, here or elsewhere. It changes nothing: each minute the system's own timers
repair what is safe, and what stays in this list needs a person.
"""

import argparse
import os
import sys
from typing import Any

import httpx

from infra.local.identity.tokens import TokenError, fetch_token
from infra.local.stack.errors import StackError
from infra.local.stack.place import data_dir_of
from infra.local.stack.running import find_running

TOKEN_VARIABLE = "RENTACAR_TOKEN"  # noqa: S105 -- a variable's name
RUNBOOK = "docs/operations/alerts/reconciliation-drift.md"
AGREED, DRIFTING, UNKNOWN = range(3)


def run(arguments: argparse.Namespace) -> int:
    """0: everything agrees; 1: something does not; 2: nobody could be asked."""
    try:
        found = _ask(*_where(arguments), arguments.grace_seconds)
    except (StackError, TokenError, httpx.HTTPError) as error:
        print(f"dev.py reconcile: {error}", file=sys.stderr)
        return UNKNOWN
    width = max(len(check["name"]) for check in found["checks"])
    for check in found["checks"]:
        mark = "✗" if check["drift"] else "✓"
        row = f"  {mark} {check['name']:<{width}}  {check['drift']:>5}"
        print(f"{row}  {', '.join(check['examples'])}".rstrip())
    if found["drift"]:
        print(f"\n{found['drift']} disagree after {found['grace_seconds']} s: see {RUNBOOK}")
        return DRIFTING
    print("\neverything agrees")
    return AGREED


def _where(arguments: argparse.Namespace) -> tuple[str, str]:
    """The API, and a token that opens it."""
    if arguments.url is None:
        running = find_running(data_dir_of(arguments))
        token = fetch_token(running["issuer"], roles=["operator"], branches=[], subject=None)
        return running["api"], token
    if not os.environ.get(TOKEN_VARIABLE):
        raise StackError(f"{TOKEN_VARIABLE} is not set", "put an operator's bearer token there")
    return arguments.url.rstrip("/"), os.environ[TOKEN_VARIABLE]


def _ask(api: str, token: str, grace_seconds: int) -> dict[str, Any]:
    answer = httpx.get(
        f"{api}/operator/reconciliation",
        params={"grace_seconds": grace_seconds},
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )
    if answer.is_error:
        said = f"the API answered {answer.status_code}: {answer.text}"
        raise StackError(said, "an operator of every branch may ask")
    found: dict[str, Any] = answer.json()
    return found
