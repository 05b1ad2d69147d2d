"""Asks the local sign-in for a token without a browser: for ``dev.py token``, drills and tests."""

import json
from collections.abc import Iterable
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

CLIENT_ID = "rentacar-cli"
CLIENT_SECRET = "local"  # noqa: S105 - guards nothing: the provider serves this machine only
TIMEOUT_SECONDS = 10


class TokenError(RuntimeError):
    """The sign-in gave no token; the message says why."""


def fetch_token(
    issuer: str,
    *,
    roles: Iterable[str] = (),
    branches: Iterable[str] = (),
    subject: str | None = None,
) -> str:
    """An access token for the API.

    Without a subject the token is for the first role's demo person; a demo person brings roles
    and branches along where none are given.

    Raises:
        TokenError: refused, or nobody answers.
    """
    form = [
        ("grant_type", "client_credentials"),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        *(("role", role) for role in roles),
        *(("branch", branch) for branch in branches),
        *([("subject", subject)] if subject else []),
    ]
    try:
        with urlopen(  # noqa: S310 - the caller's own stack, always http
            f"{issuer}/token", urlencode(form).encode(), TIMEOUT_SECONDS
        ) as answer:
            token: str = json.load(answer)["access_token"]
            return token
    except HTTPError as error:
        with error:
            raise TokenError(f"the sign-in refused: {error.read().decode()}") from None
    except OSError as error:
        raise TokenError(f"the sign-in at {issuer} does not answer: {error}") from None
