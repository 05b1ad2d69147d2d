"""Command line of the local Functions host."""

import argparse
import asyncio
import importlib
import sys
from pathlib import Path

from infra.local.host.configuration import QUEUE_LEASE_SECONDS, read_host_json
from infra.local.host.errors import StartupError
from infra.local.host.indexing import import_functions
from infra.local.host.log import configure_logging, log_event, one_line_traceback
from infra.local.host.server import (
    Host,
    HostOptions,
    ignore_repeated_signals,
    new_event_loop,
    serve,
)

_CANNOT_START = 2


def main() -> int:
    """Run the app of the current folder; 0 after a stop, 2 when it cannot be served."""
    arguments = _parser().parse_args()
    configure_logging()
    for module in arguments.imports:
        importlib.import_module(module)
    ignore_repeated_signals()
    try:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(_run(arguments))
    except StartupError as error:
        if error.__cause__:
            log_event("traceback", error=one_line_traceback(error.__cause__))
        print(f"The functions host cannot start: {error}", file=sys.stderr)
        return _CANNOT_START
    return 0


async def _run(arguments: argparse.Namespace) -> None:
    root = Path.cwd()
    configuration = read_host_json(root / "host.json", arguments.queue_lease_seconds)
    functions = import_functions(arguments.app, root)
    log_event("indexed", functions=",".join(function.name for function in functions))
    log_event("queues", lease_seconds=arguments.queue_lease_seconds)
    options = HostOptions(
        port=arguments.port,
        static_folder=arguments.static,
        state_folder=arguments.state_dir,
        function_key_env=arguments.function_key_env,
        master_key_env=arguments.master_key_env,
    )
    await serve(lambda: Host(functions, configuration, options), options.port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.host",
        description="Runs this folder's function app as Azure would. Settings come from the "
        "environment, like Values in local.settings.json.",
    )
    add = parser.add_argument
    add("--port", type=int, default=7071, help="port on 127.0.0.1; 0 takes a free one")
    add("--app", default="function_app", help="module with the FunctionApp")
    add("--static", type=Path, help="folder with web pages for what no function's route claims")
    add("--state-dir", type=Path, default=Path(".local/host"), help="where timers keep their state")
    add(
        "--queue-lease-seconds",
        type=float,
        default=QUEUE_LEASE_SECONDS,
        help="Azure has 600 and no setting for it; shorter for drills that kill this process",
    )
    add(
        "--import",
        dest="imports",
        action="append",
        default=[],
        metavar="MODULE",
        help="import it before the app: drills wrap their crash points around the seams this way",
    )
    add("--function-key-env", default="INTERNAL_FUNCTION_KEY", metavar="NAME")
    add("--master-key-env", default="FUNCTIONS_MASTER_KEY", metavar="NAME")
    return parser


if __name__ == "__main__":
    sys.exit(main())
