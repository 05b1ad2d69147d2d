"""RentACar on this machine: ``python3 dev.py up``; ``python3 dev.py --help`` lists the rest.

Needs Python 3.11 or later and nothing else: it makes ``.venv``, installs what is missing and
goes on inside. The commands are in ``infra/local/commands``, their arguments in
``infra/local/cli.py``. This file is read by older Pythons too, to say what is missing.
"""

import os
import shutil
import signal
import subprocess
import sys


def main() -> int:
    use_recent_python()
    from infra.local import cli  # noqa: PLC0415 -- newer syntax than an old Python reads
    from infra.local.install import everything, python_packages, steps  # noqa: PLC0415 -- as above

    arguments = cli.build_parser().parse_args()
    needs = cli.needs_of(arguments)
    try:
        for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP; under nohup it is ignored
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, signal.default_int_handler)
        if needs is not None:
            everything.install(needs)
            if not python_packages.is_inside():
                return replace_process(str(python_packages.PYTHON))
        return cli.run_command(arguments)
    except steps.StepError as error:
        print(f"dev.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("dev.py: interrupted", file=sys.stderr)
        return 130


def use_recent_python() -> None:
    """Go on under a newer Python if this one is too old."""
    if sys.version_info >= (3, 11):  # noqa: UP036 -- an older one may well start this file
        return
    for name in ("python3.13", "python3.12", "python3.11"):
        found = shutil.which(name)
        # A version manager's shim may stand there and only complain: run it to know.
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            sys.exit(replace_process(found))
    sys.exit("dev.py: Python 3.11 or later is needed\n  → install it (python.org, apt, brew)")


def replace_process(python: str) -> int:
    """Run this file again under ``python``: on POSIX as the same process, so signals just work."""
    command = [python, os.path.abspath(__file__), *sys.argv[1:]]  # noqa: PTH100 -- old Pythons
    if os.name != "nt":
        os.execv(python, command)  # noqa: S606 -- replaces this process by design
    with subprocess.Popen(command) as child:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the child gets Ctrl-C too, and decides
        return child.wait()


if __name__ == "__main__":
    sys.exit(main())
