"""Hook ``postdeploy``: does what was deployed work, as seen from outside?

``python -m infra.delivery.smoke --url https://…``. It changes nothing: reads, and one webhook
without a signature, whose refusal shows that the way in is open and the secret can be read.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

TIMEOUT_SECONDS = 20.0  # a cold start takes up to ten
PAUSE_SECONDS = 5.0
PATIENCE_SECONDS = 180.0  # a rolling update and a new certificate take their time


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    method: str
    path: str
    status: int
    passes: Callable[[httpx.Response], bool] = lambda _response: True


CHECKS = (
    Check("alive", "GET", "/api/health", 200, lambda r: r.json()["status"] == "ok"),
    Check("ready", "GET", "/api/health/ready", 200, lambda r: r.json()["status"] == "ok"),
    Check("branches", "GET", "/api/branches", 200, lambda r: "branches" in r.json()),
    Check("features", "GET", "/api/features", 200, lambda r: bool(r.json())),
    Check("unsigned webhook is refused", "POST", "/api/webhooks/stripe", 400),
    Check("operators must sign in", "GET", "/api/operator/rentals", 401),
    Check("pages", "GET", "/", 200, lambda r: "content-security-policy" in r.headers),
)


def run_checks(client: httpx.Client) -> dict[str, str]:
    """What failed, and how; empty when all is well."""
    faults = {}
    for check in CHECKS:
        try:
            response = client.request(check.method, check.path)
            if response.status_code != check.status:
                faults[check.name] = f"{response.status_code} instead of {check.status}"
            elif not check.passes(response):
                faults[check.name] = "answers, but not as it should"
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            faults[check.name] = type(error).__name__
    return faults


def smoke(
    client: httpx.Client,
    patience_seconds: float = PATIENCE_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, str]:
    """Check until all is well, or patience ends."""
    waited = 0.0
    while (faults := run_checks(client)) and waited < patience_seconds:
        sleep(PAUSE_SECONDS)
        waited += PAUSE_SECONDS
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description="Check what was deployed, from outside.")
    parser.add_argument("--url", default=os.environ.get("PUBLIC_BASE_URL"))
    url = parser.parse_args().url
    if not url:
        parser.error("--url or PUBLIC_BASE_URL is needed")
    with httpx.Client(base_url=url, timeout=TIMEOUT_SECONDS, follow_redirects=True) as client:
        faults = smoke(client)
    for check in CHECKS:
        print(f"{'ok' if check.name not in faults else 'FAILED':<7}{check.name}", end="")
        print(f": {faults[check.name]}" if check.name in faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
