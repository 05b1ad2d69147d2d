"""Is a part ready? Asked from outside, as its users will."""

import http.client
import socket
import ssl
from collections.abc import Callable

Probe = Callable[[], bool]

_TIMEOUT_SECONDS = 2.0


def accepts_connections(*ports: int) -> Probe:
    def probe() -> bool:
        try:
            for port in ports:
                socket.create_connection(("127.0.0.1", port), _TIMEOUT_SECONDS).close()
        except OSError:
            return False
        return True

    return probe


def answers_http(port: int, path: str, status: int | None = 200, *, tls: bool = False) -> Probe:
    """``status=None``: any answer will do."""

    def probe() -> bool:
        connection = _connection(port, tls=tls)
        try:
            connection.request("GET", path)
            answered = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return status is None or answered == status

    return probe


def _connection(port: int, *, tls: bool) -> http.client.HTTPConnection:
    if not tls:
        return http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)
    unverified = ssl.create_default_context()
    unverified.check_hostname = False  # readiness is asked before the certificate is handed out
    unverified.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(
        "127.0.0.1", port, timeout=_TIMEOUT_SECONDS, context=unverified
    )


def all_of(*probes: Probe) -> Probe:
    return lambda: all(probe() for probe in probes)
