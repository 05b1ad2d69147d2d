"""An OpenID provider as the API sees it: discovery, a key set, and tokens signed by its key."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from shared.settings import get_settings
from tests.plugins.environment import ENVIRONMENT

KEY_ID = "key-of-the-tests"


class SignIn:
    """Signs what a test claims."""

    def __init__(self, issuer: str, key: rsa.RSAPrivateKey) -> None:
        self.issuer = issuer
        self._key = key

    def token(
        self, *roles: str, subject: str = "operator-1", key: rsa.RSAPrivateKey | None = None,
        **claims: Any,
    ) -> str:  # fmt: skip
        """An access token; ``claims`` add or replace, and None removes."""
        now = datetime.now(UTC)
        payload = {
            "iss": self.issuer,
            "aud": ENVIRONMENT["OIDC_AUDIENCE"],
            "sub": subject,
            "iat": now,
            "exp": now + timedelta(minutes=5),
            "roles": list(roles),
        } | claims
        kept = {name: value for name, value in payload.items() if value is not None}
        return jwt.encode(kept, key or self._key, "RS256", headers={"kid": KEY_ID})


@pytest.fixture(scope="session")
def signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def _provider(signing_key: rsa.RSAPrivateKey) -> Iterator[str]:
    class Provider(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/.well-known/"):
                found: dict[str, Any] = {"issuer": url, "jwks_uri": f"{url}/keys"}
            else:
                key = RSAAlgorithm.to_jwk(signing_key.public_key(), as_dict=True)
                found = {"keys": [key | {"kid": KEY_ID, "use": "sig", "alg": "RS256"}]}
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- its name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield url
        server.shutdown()
        thread.join()


@pytest.fixture
def sign_in(
    _provider: str, signing_key: rsa.RSAPrivateKey, environment: pytest.MonkeyPatch
) -> SignIn:
    """The provider that the settings name."""
    environment.setenv("OIDC_ISSUER", _provider)
    get_settings.cache_clear()
    return SignIn(_provider, signing_key)
