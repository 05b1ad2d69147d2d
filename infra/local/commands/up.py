"""``dev.py up``: the whole system, until Ctrl-C."""

import argparse
import json
import signal
import sys
from types import FrameType

from infra.local.install.node_packages import ROOT, WEB_DIST
from infra.local.progress import Progress
from infra.local.stack.errors import StackError
from infra.local.stack.generated_secrets import write_private
from infra.local.stack.place import data_dir_of, ports_of
from infra.local.stack.stack import ALL_PARTS, Stack

_WAIT_SECONDS = 0.5  # Windows delivers Ctrl-C only between waits


def run(arguments: argparse.Namespace) -> int:
    for number in _stop_signals():
        signal.signal(number, _stop_once)
    try:
        _serve(arguments)
    except KeyboardInterrupt:  # asked to stop: the normal end
        return 0
    except StackError as error:
        print(f"dev.py up: {error}", file=sys.stderr)
        return 1
    return 0


def _serve(arguments: argparse.Namespace) -> None:
    progress = Progress()
    stack = Stack(
        ports=ports_of(arguments.port_base),
        data_dir=data_dir_of(arguments),
        database_name=f"rentacar_{arguments.port_base}" if arguments.port_base else "rentacar",
        parts=ALL_PARTS - set(arguments.without),
        web=None if arguments.no_web else WEB_DIST,
        report=progress.report,
    )
    with stack:
        if "functions" in arguments.without:
            _write_local_settings(stack.environment)
        if arguments.json:
            print(json.dumps(stack.describe()), flush=True)
        else:
            _welcome(progress, stack, arguments)
        while True:
            stack.wait_for_failure(_WAIT_SECONDS)


def _write_local_settings(environment: dict[str, str]) -> None:
    """For Core Tools: ``func start`` reads this file, and only this file."""
    write_private(ROOT / "local.settings.json", {"IsEncrypted": False, "Values": environment})


def _welcome(progress: Progress, stack: Stack, arguments: argparse.Namespace) -> None:
    place = f" --port-base {arguments.port_base}" if arguments.port_base else ""
    web, no_pages = stack.addresses.web, "(no pages: --no-web)"
    lines = {
        "rent a car": no_pages if arguments.no_web else web,
        "operate": no_pages if arguments.no_web else f"{web}/operator (Otávio Lima)",
        "API": f"{stack.addresses.api}/docs",
        "mailbox": stack.addresses.mail,
        "traces": stack.addresses.appinsights,
        "database": stack.database_url,
        "logs": str(stack.data_dir / "logs"),
        "try": f"python3 dev.py demo{place}",
    }
    progress.say()
    for name, value in lines.items():
        progress.say(f"  {name:<11} {value}")
    progress.say("\n  Ctrl-C stops everything.")


def _stop_signals() -> list[signal.Signals]:
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    known = [getattr(signal, name) for name in names if hasattr(signal, name)]
    # Under nohup SIGHUP is ignored, and the stack is to outlive its terminal. (SIGINT is ignored in
    # a script's background job, which should stop all the same when it is asked to.)
    return [each for each in known
            if each.name != "SIGHUP" or signal.getsignal(each) != signal.SIG_IGN]  # fmt: skip


def _stop_once(_number: int, _frame: FrameType | None) -> None:
    """A second Ctrl-C must not interrupt the stopping, which is quick and bounded anyway."""
    for number in _stop_signals():
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
