"""How the bare endpoint is started: uvicorn, one worker, the same loop and parser as ours."""

import sys

from infra.local.stack import probes
from infra.local.stack.parts import ROOT
from infra.local.stack.processes import Program


def bare_program(port: int, environment: dict[str, str]) -> Program:
    command = [sys.executable, "-m", "uvicorn", "infra.local.bench.bare_booking:app"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--no-access-log"]
    command += ["--log-level", "warning"]
    ready = probes.answers_http(port, "/", status=None)
    return Program("bare", command, ready, environment=environment, folder=ROOT)
