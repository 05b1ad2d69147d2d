"""The sign-in as browser, terminal and API use it, over real sockets."""

import base64
import hashlib
import re
import secrets
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import jwt
import pytest

from infra.local.identity.tokens import TokenError, fetch_token
from tests.integration.identity.conftest import AUDIENCE, WEB, Identity

CLIENT = "rentacar-web"
RETURN_TO = f"{WEB}/signed-in"


def verify(issuer: str, token: str, audience: str = AUDIENCE) -> dict[str, Any]:
    """As the BFF does: discovery, keys, signature, issuer, audience, expiry."""
    discovery = httpx.get(f"{issuer}/.well-known/openid-configuration").json()
    key = jwt.PyJWKClient(discovery["jwks_uri"]).get_signing_key_from_jwt(token)
    claims: dict[str, Any] = jwt.decode(
        token, key, algorithms=["RS256"], audience=audience, issuer=discovery["issuer"]
    )
    return claims


class Browser:
    """Follows redirects by hand, so that the return to the web page can be read."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.http = httpx.Client(base_url=issuer)
        self.verifier = secrets.token_urlsafe(48)

    def open(self, url: str) -> httpx.Response:
        answer = self.http.get(url)
        while answer.is_redirect and answer.headers["location"].startswith((self.issuer, "/")):
            answer = self.http.get(urljoin(self.issuer, answer.headers["location"]))
        return answer

    def authorize(self, **changes: str) -> httpx.Response:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        query = {
            "client_id": CLIENT,
            "response_type": "code",
            "redirect_uri": RETURN_TO,
            "scope": "openid profile email",
            "state": "abc",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            **changes,
        }
        return self.open(str(httpx.URL(f"{self.issuer}/auth", params=query)))

    def sign_in(self, page: httpx.Response, email: str, password: str) -> httpx.Response:
        match = re.search(r'action="(/interaction/[^"]+)"', page.text)
        assert match, page.text
        answer = self.http.post(match[1], data={"email": email, "password": password})
        return self.open(answer.headers["location"]) if answer.is_redirect else answer

    def exchange(self, answer: httpx.Response, **changes: str) -> httpx.Response:
        returned = parse_qs(urlsplit(answer.headers["location"]).query)
        form = {
            "grant_type": "authorization_code",
            "client_id": CLIENT,
            "code": returned["code"][0],
            "redirect_uri": RETURN_TO,
            "code_verifier": self.verifier,
            **changes,
        }
        return self.http.post("/token", data=form, headers={"Origin": WEB})


@pytest.fixture
def browser(identity: Identity) -> Iterator[Browser]:
    made = Browser(identity.issuer)
    yield made
    made.http.close()


def test_terminal_gets_a_token_in_the_operators_name(identity: Identity) -> None:
    token = fetch_token(identity.issuer, roles=["operator"])
    claims = verify(identity.issuer, token)
    assert claims["sub"] == "operator"
    assert claims["roles"] == ["operator"]
    assert "branches" not in claims
    assert claims["exp"] > time.time()
    assert jwt.get_unverified_header(token)["alg"] == "RS256"


def test_a_demo_person_brings_roles_and_branches_along(identity: Identity) -> None:
    claims = verify(identity.issuer, fetch_token(identity.issuer, subject="operator-gru"))
    assert (claims["roles"], claims["branches"]) == (["operator"], ["GRU"])


def test_terminal_may_act_for_anyone_with_any_roles_and_branches(identity: Identity) -> None:
    token = fetch_token(
        identity.issuer, subject="zoe", roles=["operator", "auditor"], branches=["GIG", "CGH"]
    )
    claims = verify(identity.issuer, token)
    assert claims["sub"] == "zoe"
    assert claims["roles"] == ["operator", "auditor"]
    assert claims["branches"] == ["GIG", "CGH"]


def test_a_token_for_nobody_is_refused(identity: Identity) -> None:
    with pytest.raises(TokenError, match="role or subject is missing"):
        fetch_token(identity.issuer)


def test_a_sign_in_that_is_not_there_is_named() -> None:
    with pytest.raises(TokenError, match=r"127\.0\.0\.1:1 does not answer"):
        fetch_token("http://127.0.0.1:1", roles=["operator"])


def test_a_wrong_client_secret_gets_no_token(identity: Identity) -> None:
    form = {"grant_type": "client_credentials", "client_id": "rentacar-cli", "role": "operator"}
    refused = httpx.post(f"{identity.issuer}/token", data={**form, "client_secret": "guess"})
    assert refused.status_code == 401


def test_a_token_is_not_valid_for_another_audience(identity: Identity) -> None:
    token = fetch_token(identity.issuer, roles=["operator"])
    with pytest.raises(jwt.InvalidAudienceError):
        verify(identity.issuer, token, audience="another-api")


def test_a_renter_signs_in_with_code_and_pkce(identity: Identity, browser: Browser) -> None:
    page = browser.authorize()
    assert page.status_code == 200
    assert 'type="password"' in page.text
    returned = browser.sign_in(page, "Ana.Souza@example.com", "rentacar")
    assert returned.headers["location"].startswith(f"{RETURN_TO}?")
    assert parse_qs(urlsplit(returned.headers["location"]).query)["state"] == ["abc"]
    answer = browser.exchange(returned)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == WEB
    tokens = answer.json()
    claims = verify(identity.issuer, tokens["access_token"])
    assert (claims["sub"], claims["roles"]) == ("renter", ["renter"])
    about = verify(identity.issuer, tokens["id_token"], audience=CLIENT)
    assert (about["name"], about["email"]) == ("Ana Souza", "ana.souza@example.com")
    assert about["roles"] == ["renter"]
    refreshed = browser.http.post(
        "/token",
        data={
            "grant_type": "refresh_token",
            "client_id": CLIENT,
            "refresh_token": tokens["refresh_token"],
        },
    )
    assert verify(identity.issuer, refreshed.json()["access_token"])["sub"] == "renter"


def test_who_is_signed_in_is_not_asked_again_until_signed_out(browser: Browser) -> None:
    returned = browser.sign_in(browser.authorize(), "ana.souza@example.com", "rentacar")
    id_token = browser.exchange(returned).json()["id_token"]
    assert browser.authorize().headers["location"].startswith(RETURN_TO)
    leave = {"id_token_hint": id_token, "post_logout_redirect_uri": f"{WEB}/bye"}
    page = browser.http.get("/session/end", params=leave)
    fields = dict(re.findall(r'name="(\w+)" value="(\w+)"', page.text))
    gone = browser.http.post("/session/end/confirm", data={**fields, "logout": "yes"})
    assert gone.headers["location"].startswith(f"{WEB}/bye")
    assert 'type="password"' in browser.authorize().text


def test_a_wrong_password_stays_on_the_page_and_says_so(browser: Browser) -> None:
    page = browser.authorize(ui_locales="en")
    answer = browser.sign_in(page, "ana.souza@example.com", "guess")
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert "Wrong e-mail or password" in answer.text


def test_a_code_without_its_verifier_is_worth_nothing(browser: Browser) -> None:
    returned = browser.sign_in(browser.authorize(), "ana.souza@example.com", "rentacar")
    refused = browser.exchange(returned, code_verifier=secrets.token_urlsafe(48))
    assert refused.status_code == 400
    assert refused.json()["error"] == "invalid_grant"


def test_the_browser_cannot_skip_pkce(browser: Browser) -> None:
    answer = browser.authorize(code_challenge="", code_challenge_method="")
    assert "error=invalid_request" in answer.headers["location"]


def test_a_stranger_is_no_place_to_return_to(browser: Browser) -> None:
    answer = browser.authorize(redirect_uri="https://evil.example/")
    assert answer.status_code == 400
    assert "redirect_uri" in answer.text


def test_scripts_of_other_origins_may_not_read_tokens(identity: Identity) -> None:
    headers = {"Origin": "https://evil.example"}
    answer = httpx.post(f"{identity.issuer}/token", data={"client_id": CLIENT}, headers=headers)
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_an_expired_sign_in_page_asks_to_start_again(identity: Identity) -> None:
    answer = httpx.get(f"{identity.issuer}/interaction/long-gone")
    assert answer.status_code == 400
    assert "Start again" in answer.text
