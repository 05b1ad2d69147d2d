"""Ports: the usual ones, a base, free ones, and a taken one that is named."""

import socket
from dataclasses import astuple

import pytest

from infra.local.stack.errors import StackError
from infra.local.stack.ports import Ports, is_free, require_free


def test_a_port_base_counts_every_port_from_there() -> None:
    ports = Ports.counted_from(21_000)
    assert astuple(ports) == tuple(range(21_000, 21_000 + len(astuple(ports))))
    assert ports.web == 21_000


def test_no_two_usual_ports_are_the_same() -> None:
    assert len(set(astuple(Ports()))) == len(astuple(Ports()))


@pytest.mark.parametrize("base", [0, 1023, 65_530, 70_000])
def test_a_base_out_of_range_is_refused_with_the_range(base: int) -> None:
    with pytest.raises(StackError, match="choose one from 1024 to"):
        Ports.counted_from(base)


def test_free_ports_are_distinct_and_free() -> None:
    chosen = astuple(Ports.free())
    assert len(set(chosen)) == len(chosen)
    assert all(is_free(port) for port in chosen)


def test_a_taken_port_is_named_with_its_part_and_the_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StackError) as caught:
            require_free({"queue": port, "web": Ports.free().web})
    assert f"{port} (for queue)" in caught.value.problem
    assert "web" not in caught.value.problem
    assert "--port-base" in caught.value.remedy


def test_a_bound_socket_that_does_not_listen_yet_counts_as_taken() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        assert not is_free(bound.getsockname()[1])
