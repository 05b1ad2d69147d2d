"""The other hooks: secrets are there, pages are closed, and what was deployed answers."""

import json
from pathlib import Path

import httpx
import pytest

from infra.delivery import restrict_site, smoke
from infra.delivery.check_secrets import OPTIONAL, find_missing
from shared.secrets import SECRET_NAMES

GOOD = {
    "/api/health": httpx.Response(200, json={"status": "ok"}),
    "/api/health/ready": httpx.Response(200, json={"status": "ok"}),
    "/api/branches": httpx.Response(200, json={"branches": []}),
    "/api/features": httpx.Response(200, json={"features": {}}),
    "/api/webhooks/stripe": httpx.Response(400),
    "/api/operator/rentals": httpx.Response(401),
    "/": httpx.Response(200, headers={"Content-Security-Policy": "default-src 'none'"}),
}


def client(answers: dict[str, httpx.Response]) -> httpx.Client:
    transport = httpx.MockTransport(lambda request: answers[request.url.path])
    return httpx.Client(base_url="https://rent.example", transport=transport)


def test_nothing_is_missing_when_every_secret_is_there() -> None:
    assert find_missing([*SECRET_NAMES, "somebody-elses"]) == []


def test_missing_secret_is_named() -> None:
    assert find_missing(name for name in SECRET_NAMES if name != "stripe-api-key") == [
        "stripe-api-key"
    ]
    assert set(SECRET_NAMES) >= OPTIONAL


def test_healthy_deployment_passes() -> None:
    with client(GOOD) as healthy:
        assert smoke.smoke(healthy) == {}


@pytest.mark.parametrize("path", GOOD)
def test_each_check_can_fail(path: str) -> None:
    with client({**GOOD, path: httpx.Response(503)}) as broken:
        assert list(smoke.smoke(broken, patience_seconds=0).values()) != []


def test_answer_of_another_shape_fails() -> None:
    html = httpx.Response(200, text="<html>")
    with client({**GOOD, "/api/health": html, "/": html}) as broken:
        assert smoke.run_checks(broken) == {
            "alive": "JSONDecodeError",
            "pages": "answers, but not as it should",
        }


def test_slow_start_is_waited_for() -> None:
    answers = {**GOOD, "/api/health/ready": httpx.Response(503)}
    waits: list[float] = []

    def recover(seconds: float) -> None:
        waits.append(seconds)
        answers.update(GOOD)

    with client(answers) as starting:
        assert smoke.smoke(starting, sleep=recover) == {}
    assert waits == [smoke.PAUSE_SECONDS]


def test_pages_answer_to_our_front_door_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = tmp_path / "staticwebapp.config.json"
    built.write_text(json.dumps({"routes": []}), encoding="utf-8")
    monkeypatch.setenv("FRONT_DOOR_ID", "our-id")
    assert restrict_site.main(built) == 0
    written = json.loads(built.read_text(encoding="utf-8"))
    assert written["forwardingGateway"] == {"requiredHeaders": {"X-Azure-FDID": "our-id"}}
    assert written["networking"] == {"allowedIpRanges": ["AzureFrontDoor.Backend"]}
    assert written["routes"] == []


def test_pages_that_were_not_built_stop_the_deployment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONT_DOOR_ID", "our-id")
    assert restrict_site.main(tmp_path / "missing.json") == 1


def test_without_a_front_door_the_pages_stay_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FRONT_DOOR_ID", raising=False)
    assert restrict_site.main(tmp_path / "missing.json") == 0
