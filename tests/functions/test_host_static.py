"""Web pages beside the API, as Azure Static Web Apps serves them."""

import socket
from urllib.parse import urlsplit

import httpx
import pytest

from tests.plugins.functions_host import SampleHost


@pytest.fixture
def client(sample_host: SampleHost) -> httpx.Client:
    return sample_host.client


def test_folder_path_serves_its_index(client: httpx.Client) -> None:
    response = client.get("/")
    assert response.text == "<title>home</title>"
    assert response.headers["content-type"] == "text/html; charset=utf-8"


def test_unknown_path_falls_back_to_the_page_of_the_app(client: httpx.Client) -> None:
    response = client.get("/rentals/123")
    assert (response.status_code, response.text) == (200, "<title>home</title>")


def test_excluded_paths_do_not_fall_back(client: httpx.Client) -> None:
    for path in ("/assets/missing.js", "/favicon.ico"):
        response = client.get(path)
        assert (response.status_code, response.text) == (404, "<title>nothing here</title>")


def test_global_headers_are_sent_and_a_routes_own_header_wins(client: httpx.Client) -> None:
    page, asset = client.get("/"), client.get("/assets/app.js")
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["cache-control"] == "no-cache"
    assert asset.headers["cache-control"] == "max-age=31536000, immutable"
    assert asset.headers["content-type"] == "text/javascript; charset=utf-8"


def test_own_mime_types_are_used(client: httpx.Client) -> None:
    assert client.get("/data.custom").headers["content-type"] == "text/x-custom; charset=utf-8"


def test_known_etag_answers_304_without_body(client: httpx.Client) -> None:
    tag = client.get("/").headers["etag"]
    response = client.get("/", headers={"if-none-match": f'"other", W/{tag}'})
    assert (response.status_code, response.content) == (304, b"")
    assert client.get("/", headers={"if-none-match": '"other"'}).status_code == 200


def test_routes_redirect_and_rewrite(client: httpx.Client) -> None:
    redirect = client.get("/old")
    assert (redirect.status_code, redirect.headers["location"]) == (301, "/new")
    assert client.get("/terms").text == "<title>home</title>"


def test_head_sends_no_body_and_other_methods_are_refused(client: httpx.Client) -> None:
    assert client.head("/").headers["content-length"] == str(len("<title>home</title>"))
    assert client.post("/").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "//etc/passwd",
        "/staticwebapp.config.json",
        "/a%00b",
    ],
)
def test_nothing_outside_of_the_folder_and_no_configuration_is_served(
    path: str, client: httpx.Client
) -> None:
    address = urlsplit(str(client.base_url))
    with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
        # By hand: a client library tidies such paths up before it sends them.
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 ")
    assert b"outside" not in answer
    assert b"root:" not in answer
    assert b"navigationFallback" not in answer
