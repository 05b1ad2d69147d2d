"""The commands of ``dev.py``: their arguments, and what must be installed before they run.

Standard library only. A command's body is ``infra/local/commands/<name>.py``, function
``run(arguments) -> exit code``; it is imported inside the virtual environment.
"""

import argparse
import importlib
import sys
from dataclasses import dataclass
from math import inf
from pathlib import Path

from infra.local.install.everything import Needs


@dataclass(frozen=True)
class Command:
    """``needs=None``: runs without the virtual environment (``clean`` removes it)."""

    summary: str
    needs: Needs | None


COMMANDS = {
    "up": Command("start everything and keep it running", Needs(programs=True, web=True)),
    "test": Command("check, then every other test", Needs(programs=True, web=True, tests=True)),
    "check": Command("format, lint, types, import rules, unit tests", Needs(tests=True)),
    "demo": Command("rent a car on a running system, step by step", Needs()),
    "bench": Command("run a benchmark", Needs(programs=True)),
    "drill": Command("prove a property under load or failure", Needs(programs=True)),
    "reconcile": Command("say what rentals, payments and vendor disagree about", Needs()),
    "token": Command("print a bearer token of the running sign-in", Needs()),
    "cost": Command("what a month of rentals costs in Azure, and what breaks first", Needs()),
    "clean": Command("remove what was installed, built or stored", None),
}


PARTS = ("postgres", "queue", "blob", "mail", "standins", "identity", "functions")


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dev.py", description="RentACar on this machine. Start with: python3 dev.py up"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        sub = commands.add_parser(name, help=command.summary, description=command.summary)
        _ARGUMENTS[name](sub)
    return parser


def run_command(arguments: argparse.Namespace) -> int:
    body = importlib.import_module(f"infra.local.commands.{arguments.command}")
    code: int = body.run(arguments)
    return code


def needs_of(arguments: argparse.Namespace) -> Needs | None:
    needs = COMMANDS[arguments.command].needs
    if arguments.command == "up" and arguments.no_web:
        return Needs(programs=True)
    return needs


def _place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port-base",
        type=int,
        metavar="N",
        help="ports N, N+1, … instead of the usual ones: a second stack beside the first",
    )
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="where data, logs and secrets are kept (default: .local/up, with N: .local/up-N)",
    )


def _up(parser: argparse.ArgumentParser) -> None:
    _place(parser)
    parser.add_argument(
        "--json", action="store_true", help="print one JSON line when ready, and nothing else"
    )
    parser.add_argument("--no-web", action="store_true", help="leave the web pages out")
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        choices=PARTS,
        metavar="PART",
        help="do not start this part: " + ", ".join(PARTS) + "; without functions, their settings "
        "are written to local.settings.json for `func start`",
    )
    parser.epilog = "Environment: DATABASE_URL uses that PostgreSQL server instead of the own one."


def _test(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-check", action="store_true", help="skip what `check` does")
    parser.add_argument("pytest", nargs="*", help="passed on to pytest: paths, -k … (after --)")


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fix", action="store_true", help="let ruff mend what it can first")


def _demo(parser: argparse.ArgumentParser) -> None:
    _place(parser)
    parser.add_argument("--card", default="pm_card_visa", help="a test card (default: %(default)s)")
    parser.add_argument("--url", help="drive this API (…/api); its e-mail is not looked for")


def _reconcile(parser: argparse.ArgumentParser) -> None:
    _place(parser)
    parser.add_argument("--url", help="ask this API (…/api) with the token in RENTACAR_TOKEN")
    parser.add_argument(
        "--grace-seconds",
        type=_seconds,
        default=300,
        metavar="N",
        help="what is younger may still be on its way (default: %(default)s)",
    )
    parser.epilog = "Exit code: 0 everything agrees, 1 something does not, 2 could not ask."


def _named(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="which one")
    parser.add_argument("--list", action="store_true", help="list what there is")
    parser.add_argument("options", nargs=argparse.REMAINDER, help="passed on; try NAME --help")


def _token(parser: argparse.ArgumentParser) -> None:
    _place(parser)
    parser.add_argument("--role", action="append", default=[], help="e.g. operator; repeatable")
    parser.add_argument("--branch", action="append", default=[], help="e.g. GRU; repeatable")
    parser.add_argument("--subject", help="who the token is for (default: the role's name)")


def _seconds(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 up")
    return int(text)


def _amount(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return number


def _cost(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rentals", type=_amount, default=1e6, metavar="N", help="in a month")
    parser.add_argument("--profile", choices=("dev", "prod"), default="prod")


def _clean(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", action="store_true", help="only the stacks' data in .local")
    parser.add_argument("--yes", action="store_true", help="do not ask")


_ARGUMENTS = {
    "up": _up,
    "test": _test,
    "check": _check,
    "demo": _demo,
    "bench": _named,
    "drill": _named,
    "reconcile": _reconcile,
    "token": _token,
    "cost": _cost,
    "clean": _clean,
}


if __name__ == "__main__":  # inside an environment that has everything: tests start `up` so
    sys.exit(run_command(build_parser().parse_args()))
