"""The embedded PostgreSQL server: made on first use, its data kept in the data folder.

``initdb`` and ``postgres`` are called directly. Only 127.0.0.1 is listened on, without
passwords (``trust``): whoever can run programs here owns the data anyway. fsync stays on.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from infra.local.stack import probes
from infra.local.stack.errors import StackError
from infra.local.stack.postgres_binaries import (
    Binaries,
    find_binaries,
    reachable_by_all,
    shared_folder,
)
from infra.local.stack.processes import Program

SUPERUSER = "postgres"
_BUILTIN_LOCALE_SINCE = 17
_CONNECTIONS = 200  # the functions' pools, a drill's auditors and pgbench at once


def postgres_program(data_dir: Path, port: int, *, lasting: bool) -> Program:
    """Make the cluster unless it is there.

    ``lasting=False`` skips initdb's final sync: a test's cluster is not read after a power cut.
    """
    account, programs = unprivileged_account(), binaries()
    cluster = _cluster_folder(data_dir, as_root=account is not None)
    if not (cluster / "PG_VERSION").exists():
        _initialise(programs, cluster, account, lasting=lasting)
    _require_same_major(programs, cluster)
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": str(_CONNECTIONS),
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Program(
        name="postgres",
        command=[programs.path("postgres"), "-D", str(cluster), "-p", str(port), *options],
        ready=probes.all_of(probes.accepts_connections(port), lambda: _answers(port)),
        folder=cluster,
        stop_signal=signal.SIGINT,  # "fast": ends sessions; SIGTERM would wait for them
        run_as=account,
    )


def forget_cluster(data_dir: Path) -> None:
    """Remove the cluster, also where it had to be kept outside the data folder."""
    cluster = _cluster_folder(data_dir, as_root=unprivileged_account() is not None)
    shutil.rmtree(cluster, ignore_errors=not cluster.exists())


def server_url(port: int) -> str:
    return f"postgresql://{SUPERUSER}@127.0.0.1:{port}/postgres"


def _answers(port: int) -> bool:
    import psycopg  # noqa: PLC0415 -- keeps stacks without PostgreSQL quick to start

    try:
        psycopg.connect(server_url(port), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def binaries() -> Binaries:
    """The server's programs, where its account can run them."""
    return find_binaries(readable_by_all=unprivileged_account() is not None)


def unprivileged_account() -> tuple[int, int] | None:
    """PostgreSQL refuses to run as root: another account then, one that every system has."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 -- POSIX only

    known = {entry.pw_name: (entry.pw_uid, entry.pw_gid) for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _cluster_folder(data_dir: Path, *, as_root: bool) -> Path:
    """In the data folder; where the server's account cannot enter that, in a shared one."""
    if as_root and not reachable_by_all(data_dir):
        name = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
        return shared_folder() / f"data-{name}"
    return data_dir / "postgres"


def _initialise(
    binaries: Binaries, cluster: Path, account: tuple[int, int] | None, *, lasting: bool
) -> None:
    """Into a draft that is renamed at the end, so that an interrupted start leaves no ruin."""
    draft = cluster.with_name(f"{cluster.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    if account:
        os.chown(draft, *account)
    locale = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if binaries.major >= _BUILTIN_LOCALE_SINCE
        else ["--locale=C"]
    )
    command = [binaries.path("initdb"), "-D", str(draft), "-A", "trust", "-U", SUPERUSER]
    command += ["-E", "UTF8", *locale, *([] if lasting else ["--no-sync"])]
    as_account: dict[str, Any] = {}
    if account:
        as_account = {"user": account[0], "group": account[1], "extra_groups": []}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=draft, **as_account
    )
    if done.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        raise StackError(f"initdb failed:\n{done.stderr.strip()}", "free disk space? Start again")
    draft.rename(cluster)


def _require_same_major(binaries: Binaries, cluster: Path) -> None:
    made_by = int((cluster / "PG_VERSION").read_text(encoding="ascii"))
    if made_by != binaries.major:
        raise StackError(
            f"the data in {cluster} is PostgreSQL {made_by}'s, installed is {binaries.major}",
            "python3 dev.py clean --data (removes the local data), then start again",
        )
