"""``dev.py token``: a bearer token of one of the demo people, from the sign-in that runs."""

import argparse
import sys

from infra.local.identity.tokens import TokenError, fetch_token
from infra.local.stack.errors import StackError
from infra.local.stack.place import data_dir_of
from infra.local.stack.running import find_running


def run(arguments: argparse.Namespace) -> int:
    try:
        issuer = find_running(data_dir_of(arguments))["issuer"]
        token = fetch_token(
            issuer, roles=arguments.role, branches=arguments.branch, subject=arguments.subject
        )
    except (StackError, TokenError) as error:
        print(f"dev.py token: {error}", file=sys.stderr)
        return 1
    print(token)
    return 0
