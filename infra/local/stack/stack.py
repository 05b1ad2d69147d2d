"""The whole stack, or the parts of it that somebody needs: started in parallel, then watched."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from infra.local.cli import PARTS
from infra.local.stack import containers, database, parts, postgres, queues, running
from infra.local.stack.errors import StackError
from infra.local.stack.parts import Plan
from infra.local.stack.ports import Ports, require_free
from infra.local.stack.processes import Program
from infra.local.stack.settings import Addresses, compose_environment
from infra.local.stack.supervisor import Report, Supervisor

RECORDINGS_VARIABLE = "RENTACAR_RECORDINGS"
ALL_PARTS = frozenset(PARTS)
_PROGRAMS: dict[str, Callable[[Plan], Program]] = {
    "queue": parts.queue_program,
    "blob": parts.blob_program,
    "mail": parts.mail_program,
    "standins": parts.standins_program,
    "identity": parts.identity_program,
}
# Tables, queues and containers must be there when the listeners start; vendors are called later.
_BEFORE_FUNCTIONS = ("postgres", "queue", "blob")
_PORTS: dict[str, tuple[str, ...]] = {
    "functions": ("web",),
    "postgres": ("postgres",),
    "queue": ("queue",),
    "blob": ("blob",),
    "mail": ("smtp", "mail"),
    "standins": parts.STANDINS,
    "identity": ("identity",),
}


class Stack:
    """Without ``ports`` and ``data_dir``: free ports and a folder that vanishes at the end.

    ``parts`` are started and nothing else; the functions get settings for all parts either way.
    ``environment`` overrides settings of the functions, ``standin_options`` options of a
    stand-in by name, ``host_imports`` modules that the functions' host imports before the app.
    ``database_server`` (default: ``DATABASE_URL``) replaces the embedded
    server: there the stack makes a database of its own.
    """

    def __init__(
        self,
        *,
        parts: Collection[str] = ALL_PARTS,
        ports: Ports | None = None,
        data_dir: Path | None = None,
        database_server: str | None = None,
        database_name: str = "rentacar",
        seed: bool = True,
        environment: dict[str, str] | None = None,
        standin_options: dict[str, dict[str, Any]] | None = None,
        record: Path | None = None,
        web: Path | None = None,
        queue_lease_seconds: float = 600,
        host_imports: Sequence[str] = (),
        report: Report = lambda _part, _state: None,
    ) -> None:
        unknown = set(parts) - ALL_PARTS
        if unknown:
            raise ValueError(f"no such part: {', '.join(sorted(unknown))}")
        self.parts = frozenset(parts)
        self.ports = ports or Ports.free()
        self.addresses = Addresses(self.ports)
        self._temporary = data_dir is None
        self.data_dir = data_dir or _temporary_folder()
        self._external = database_server or os.environ.get("DATABASE_URL")
        self._server = self._external or postgres.server_url(self.ports.postgres)
        self._database_name = database_name
        if self._external and self._temporary:  # others may use that server too
            self._database_name += f"_{self.data_dir.name.rpartition('-')[2].lower()}"
        self._seed, self._overrides, self._report = seed, environment or {}, report
        self._plan = Plan(
            self.addresses,
            self.data_dir,
            record=record or _recording(self.ports),
            web=web,
            queue_lease_seconds=queue_lease_seconds,
            host_imports=tuple(host_imports),
            standin_options=standin_options or {},
        )
        self._cleanup = contextlib.ExitStack()
        self._supervisor: Supervisor | None = None

    # What a user of the stack reads.

    @property
    def database_url(self) -> str:
        """The administrator's; the functions' roles have URLs of their own in ``environment``."""
        return database.database_url(self._server, self._database_name)

    @property
    def environment(self) -> dict[str, str]:
        """The settings of the functions process."""
        composed = compose_environment(
            self.addresses,
            self._plan.secrets,
            database_server=self._server,
            database_name=self._database_name,
            key_vault_ca_file=str(self.data_dir / "certificates" / "ca.pem"),
        )
        return {**composed, **self._overrides}

    @property
    def secrets(self) -> dict[str, str]:
        """Those of its data folder, for who plays an operator."""
        return self._plan.secrets

    def describe(self) -> dict[str, Any]:
        """What ``dev.py up --json`` prints."""
        names = ("web", "api", "mail", "mail_api", "smtp", "storage_connection_string", "blob")
        described = {
            name: getattr(self.addresses, name) for name in (*names, "issuer", *parts.STANDINS)
        }
        return {
            **described,
            "database_url": self.database_url,
            "data_dir": str(self.data_dir),
            "pid": os.getpid(),
            "key_vault_ca_file": self.environment["KEY_VAULT_CA_FILE"],
        }

    # Its life.

    def start(self) -> None:
        """Start the parts; on any failure stop what had started.

        Raises:
            StackError: naming the part, with the tail of its log, and the remedy.
        """
        try:
            self._prepare()
            self._start_parts()
            running.publish(self.data_dir, self.describe())
            self._cleanup.callback(running.withdraw, self.data_dir)
        except BaseException:  # also Ctrl-C: nothing may be left behind
            self.stop()
            raise

    def stop(self) -> None:
        self._cleanup.close()

    def restart(self, part: str) -> None:
        self._running.restart(part)

    def start_beside(self, name: str, code: Path) -> str:
        """Start another tree's functions with this stack's settings; returns their API's URL."""
        port = Ports.free().web
        program = parts.functions_program(
            self._plan, self.environment, name=name, code=code, port=port
        )
        self._running.start(program)
        return f"http://127.0.0.1:{port}/api"

    def kill(self, part: str) -> None:
        """SIGKILL; the part stays down until ``restart``."""
        self._running.kill(part)

    def pid(self, part: str) -> int:
        return self._running.pid(part)

    def has_ended(self, part: str) -> bool:
        """By itself or by ``kill``; ``restart`` starts it again."""
        return self._running.has_ended(part)

    def wait_for_failure(self, seconds: float | None = None) -> None:
        """Raises StackError as soon as a part has ended by itself."""
        self._running.wait_for_failure(seconds)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.stop)

    # How it starts.

    @property
    def _running(self) -> Supervisor:
        if self._supervisor is None:
            raise RuntimeError("the stack is not started")
        return self._supervisor

    def _prepare(self) -> None:
        if self._temporary:
            self._cleanup.callback(shutil.rmtree, self.data_dir, ignore_errors=True)
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            problem = f"there can be no data folder {self.data_dir}: {error.strerror}"
            raise StackError(problem, "name another: --data-dir DIR") from error
        self._cleanup.callback(running.lock(self.data_dir).release)
        require_free({name: getattr(self.ports, name) for name in self._wanted_ports()})
        self._supervisor = Supervisor(self.data_dir / "logs", self._report)
        self._cleanup.callback(self._supervisor.stop_all, first="functions")

    def _wanted_ports(self) -> list[str]:
        wanted = self.parts - ({"postgres"} if self._external else set())
        return [name for part in sorted(wanted) for name in _PORTS[part]]

    def _start_parts(self) -> None:
        jobs = {name: self._starter(name) for name in _PROGRAMS if name in self.parts}
        if "postgres" in self.parts:
            jobs["postgres"] = self._start_database
        with ThreadPoolExecutor(len(ALL_PARTS), thread_name_prefix="stack-start") as pool:
            started = {name: pool.submit(job) for name, job in jobs.items()}
            if "functions" in self.parts:
                needed = [started[name] for name in _BEFORE_FUNCTIONS if name in started]
                started["functions"] = pool.submit(self._start_functions, needed)
            try:
                done, _ = wait(started.values(), return_when=FIRST_EXCEPTION)
                for future in done:
                    future.result()
            except BaseException:  # the pool waits for its threads: end what they wait for
                self._running.stop_all(first="functions")
                raise

    def _start_functions(self, needed: list[Future[None]]) -> None:
        for future in needed:
            future.result()
        self._running.start(parts.functions_program(self._plan, self.environment))

    def _starter(self, name: str) -> Callable[[], None]:
        def start() -> None:
            self._running.start(_PROGRAMS[name](self._plan))
            if name == "queue":
                queues.create_queues(self.addresses.storage_connection_string)
            if name == "blob":
                containers.create_containers(self.addresses.storage_connection_string)

        return start

    def _start_database(self) -> None:
        if not self._external:
            lasting = not self._temporary
            program = postgres.postgres_program(self.data_dir, self.ports.postgres, lasting=lasting)
            self._running.start(program)
        elif self._temporary:
            self._cleanup.callback(database.drop_database, self._server, self._database_name)
        database.prepare_database(self._server, self._database_name)
        self._report("database", "migrated")
        if self._seed:
            from infra.local import seed  # noqa: PLC0415 -- only stacks with data need it

            filled = seed.main(self.database_url)
            self._report("database", "demo data loaded" if filled else "keeps its data")


def _temporary_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="rentacar-"))
    folder.chmod(0o711)  # PostgreSQL's account passes through it; the secrets are 0600
    return folder


def _recording(ports: Ports) -> Path | None:
    """`dev.py test` gathers what every stack's stand-ins exchange, to hold it against the specs."""
    folder = os.environ.get(RECORDINGS_VARIABLE)
    return Path(folder) / f"stack-{os.getpid()}-{ports.stripe}.jsonl" if folder else None
