"""``dev.py token``: a bearer token of one of the demo people, from the sign-in that runs."""

import argparse
import json
import sys
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from infra.local.stack.errors import StackError
from infra.local.stack.parts import IDENTITY
from infra.local.stack.place import data_dir_of
from infra.local.stack.running import find_running

_TIMEOUT_SECONDS = 10
_CLIENT_SECRET = "local"  # noqa: S105 -- guards nothing: it works on this machine's sign-in alone


def run(arguments: argparse.Namespace) -> int:
    try:
        person = choose_person(arguments.role, arguments.branch, arguments.subject)
        running = find_running(data_dir_of(arguments))
        print(fetch_token(running["issuer"], person))
    except StackError as error:
        print(f"dev.py token: {error}", file=sys.stderr)
        return 1
    return 0


def choose_person(roles: list[str], branches: list[str], subject: str | None) -> str:
    """The first demo person who fits.

    Raises:
        StackError: listing whom there is.
    """
    directory = json.loads((IDENTITY / "people.json").read_text(encoding="utf-8"))
    people: list[dict[str, Any]] = directory["people"]
    for person in people:
        is_meant = subject in (None, person["id"])
        has_roles = set(roles) <= set(person["roles"])
        if is_meant and has_roles and set(branches) <= set(person.get("branches", [])):
            return str(person["id"])
    known = "; ".join(
        f"{person['id']} ({', '.join([*person['roles'], *person.get('branches', [])])})"
        for person in people
    )
    raise StackError("no demo person fits", f"there are: {known}")


def fetch_token(issuer: str, person: str) -> str:
    """Raises StackError when the sign-in does not answer."""
    form = {
        "grant_type": "client_credentials",
        "client_id": f"cli-{person}",
        "client_secret": _CLIENT_SECRET,
    }
    request = urllib.request.Request(  # noqa: S310 -- the running stack's own http address
        f"{issuer}/token", urllib.parse.urlencode(form).encode()
    )
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
            return str(json.load(answer)["access_token"])
    except urllib.error.URLError as error:
        raise StackError(f"the sign-in gave no token: {error}", "is `dev.py up` running?") from None
