"""Which part listens where, and whether it can."""

import random
import socket
from dataclasses import dataclass, fields

from infra.local.stack.errors import StackError

# Below every system's ephemeral range, so that no outgoing connection takes a port
# between the moment it is chosen and the moment a part binds it.
_FREE_PORTS = range(15_000, 32_000)
_ATTEMPTS = 200


@dataclass(frozen=True, slots=True)
class Ports:
    """The order of the fields is the order of ``--port-base N``: web is N, smtp N+1, …."""

    web: int = 7071
    smtp: int = 1025
    mail: int = 1080
    queue: int = 10001
    postgres: int = 54329
    stripe: int = 8801
    sendgrid: int = 8802
    appconfiguration: int = 8803
    keyvault: int = 8804
    managed_identity: int = 8805
    appinsights: int = 8806
    identity: int = 8807
    blob: int = 10000  # last, so that --port-base keeps the others where they were

    @classmethod
    def counted_from(cls, base: int) -> "Ports":
        last = base + len(fields(cls)) - 1
        if not 1024 <= base <= last <= 65535:  # noqa: PLR2004 -- the unprivileged port numbers
            remedy = f"choose one from 1024 to {65535 - len(fields(cls)) + 1}"
            raise StackError(f"--port-base {base} is out of range", remedy)
        return cls(*range(base, last + 1))

    @classmethod
    def free(cls) -> "Ports":
        """Ports that nothing listens on now: for tests, several of which run side by side."""
        chosen: list[int] = []
        for _ in range(_ATTEMPTS):
            port = random.choice(_FREE_PORTS)  # noqa: S311 -- spreads test runs, guards nothing
            if port not in chosen and is_free(port):
                chosen.append(port)
            if len(chosen) == len(fields(cls)):
                return cls(*chosen)
        raise StackError("no free ports found on 127.0.0.1", "end programs that hold many ports")


def is_free(port: int) -> bool:
    """Try to listen, as the part will; a connection attempt would miss a bound, idle socket."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows lets two sockets share otherwise
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # without it, a port in TIME_WAIT after a restart looks taken
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return False
    return True


def require_free(wanted: dict[str, int]) -> None:
    """Name every port that is taken, and by which part it was wanted.

    Raises:
        StackError: with the part, the port and the way out.
    """
    taken = {name: port for name, port in wanted.items() if not is_free(port)}
    if taken:
        by_port = sorted((port, name) for name, port in taken.items())
        listed = ", ".join(f"{port} (for {name})" for port, name in by_port)
        raise StackError(
            f"taken on 127.0.0.1: port{'s' if len(taken) > 1 else ''} {listed}",
            "end the program that listens there (another `dev.py up`?), "
            "or move all ports: python3 dev.py up --port-base 21000",
        )
