"""``dev.py up``: says one line, stops without a trace, names what is wrong."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from infra.local.stack.errors import StackError
from infra.local.stack.running import find_running

from .conftest import STOP_SECONDS, StartUp, free_base

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no process groups to signal; run there by hand"
)


def test_ready_is_one_json_line_and_nothing_else(start_up: StartUp) -> None:
    up = start_up()
    ready = up.read_ready_line()
    assert up.stop() < STOP_SECONDS
    assert up.process.stdout
    assert up.process.stdout.read() == ""
    promised = {
        "web",
        "api",
        "database_url",
        "mail_api",
        "smtp",
        "storage_connection_string",
        "blob",
    }
    vendors = {"stripe", "sendgrid", "appconfiguration", "keyvault", "appinsights", "issuer"}
    assert promised | vendors <= set(ready)
    assert ready["api"] == f"http://127.0.0.1:{up.base}/api"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_no_process_and_no_port(start_up: StartUp, number: int) -> None:
    up = start_up()
    up.read_ready_line()
    assert len(up.left_processes()) > 3
    assert up.stop(number) < STOP_SECONDS
    assert up.process.returncode == 0
    assert (up.left_processes(), up.taken_ports()) == ([], [])


def test_a_stop_while_starting_leaves_no_process(start_up: StartUp) -> None:
    up = start_up()
    deadline = time.monotonic() + 20
    while not up.left_processes()[1:] and time.monotonic() < deadline:  # itself, and a first part
        time.sleep(0.02)
    assert up.stop() < STOP_SECONDS
    assert (up.left_processes(), up.taken_ports()) == ([], [])


def test_a_killed_up_takes_its_parts_along(start_up: StartUp) -> None:
    up = start_up()
    up.read_ready_line()
    up.process.kill()
    up.process.wait()
    deadline = time.monotonic() + STOP_SECONDS
    while up.left_processes() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (up.left_processes(), up.taken_ports()) == ([], [])


def test_two_run_side_by_side_with_databases_of_their_own(start_up: StartUp) -> None:
    ups = [start_up(), start_up()]
    ready = [up.read_ready_line() for up in ups]
    for number, each in enumerate(ready):
        with psycopg.connect(each["database_url"], autocommit=True) as connection:
            connection.execute("CREATE TABLE public.side_by_side (number int)")
            connection.execute("INSERT INTO public.side_by_side VALUES (%s)", [number])
    assert ready[0]["database_url"] != ready[1]["database_url"]
    ups[0].stop()
    with psycopg.connect(ready[1]["database_url"]) as connection:
        assert connection.execute("SELECT number FROM public.side_by_side").fetchall() == [(1,)]


def test_data_is_kept_between_two_runs(start_up: StartUp) -> None:
    first = start_up()
    with psycopg.connect(first.read_ready_line()["database_url"], autocommit=True) as connection:
        connection.execute("CREATE TABLE public.kept (number int)")
    first.stop()
    second = start_up(base=first.base, data_dir=first.data_dir)
    with psycopg.connect(second.read_ready_line()["database_url"]) as connection:
        connection.execute("SELECT * FROM public.kept")


def test_a_taken_port_is_named_with_the_remedy(start_up: StartUp) -> None:
    base = free_base()
    with socket.create_server(("127.0.0.1", base + 3)):
        up = start_up(base=base)
        assert up.process.wait(timeout=20) == 1
    said = up.errors.read_text("utf-8")
    assert f"{base + 3} (for queue)" in said
    assert "--port-base" in said
    assert up.left_processes() == []


def test_a_second_up_on_the_same_data_is_refused(start_up: StartUp) -> None:
    first = start_up()
    first.read_ready_line()
    second = start_up(data_dir=first.data_dir)
    assert second.process.wait(timeout=20) == 1
    assert "a stack that runs uses the data folder" in second.errors.read_text("utf-8")


def test_a_crashed_part_is_named_with_the_end_of_its_log(start_up: StartUp) -> None:
    up = start_up()
    up.read_ready_line()
    (standins,) = [line for line in up.left_processes() if "infra.local.standins" in line]
    os.kill(int(standins.split()[0]), signal.SIGKILL)
    assert up.process.wait(timeout=10) == 1
    said = up.errors.read_text("utf-8")
    assert "standins ended by itself (exit code -9)" in said
    assert "its log ends" in said
    assert (up.left_processes(), up.taken_ports()) == ([], [])


def test_database_url_is_used_instead_of_the_own_server(
    start_up: StartUp, database_server: str
) -> None:
    up = start_up(environment={"DATABASE_URL": database_server})
    ready = up.read_ready_line()
    assert not any("postgres -D" in line for line in up.left_processes())
    name = f"rentacar_{up.base}"
    with psycopg.connect(database_server, autocommit=True) as connection:
        found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        assert found.rowcount == 1
        up.stop()
        connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
    assert ready["database_url"].endswith(f"/{name}")


def test_an_unreachable_database_url_is_named(start_up: StartUp) -> None:
    up = start_up(environment={"DATABASE_URL": "postgresql://admin@127.0.0.1:9/postgres"})
    assert up.process.wait(timeout=30) == 1
    assert "is DATABASE_URL right" in up.errors.read_text("utf-8")


def test_a_running_stack_is_found_by_its_data_folder_and_only_then(
    start_up: StartUp, data_folders: Callable[[], Path]
) -> None:
    up = start_up()
    ready = up.read_ready_line()
    assert find_running(up.data_dir)["api"] == ready["api"]
    up.stop()
    for folder in (up.data_dir, data_folders()):
        with pytest.raises(StackError, match="no running stack found"):
            find_running(folder)


def test_help_needs_nothing_installed() -> None:
    """Outside any environment of ours: ``-S`` hides site-packages."""
    command = [sys.executable, "-E", "-S", "dev.py", "up", "--help"]
    root = Path(__file__).parents[3]
    said = subprocess.check_output(command, cwd=root, text=True)  # noqa: S603 -- our own program
    assert "--port-base" in said
