"""Starts the OpenID provider on a free port."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.local.install.node import find_node

REPOSITORY = Path(__file__).parents[3]
SERVER = REPOSITORY / "infra" / "local" / "identity" / "server.mjs"
PACKAGE = REPOSITORY / "infra" / "local" / "node_modules" / "oidc-provider"
WEB = "http://127.0.0.1:7071"
AUDIENCE = "rentacar"


@dataclass(frozen=True)
class Identity:
    issuer: str
    process: subprocess.Popen[str]


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Identity]:
    node = find_node()
    assert node is not None, "Node.js 20 or later is missing: run python3 dev.py test"
    assert PACKAGE.exists(), "oidc-provider is not installed: run python3 dev.py test"
    command = [str(node.executable), str(SERVER), "--port", "0", "--audience", AUDIENCE]
    command += ["--web-origin", WEB, "--state-dir", str(tmp_path_factory.mktemp("identity"))]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        yield Identity(ready["issuer"], process)
        process.terminate()
        assert process.wait(5) is not None
