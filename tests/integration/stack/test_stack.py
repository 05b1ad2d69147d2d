"""The stack as a library: only what is asked for, crashes on demand, a clear word on failure."""

import asyncio
import os
import sys
from pathlib import Path

import psycopg
import pytest
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueServiceClient

from infra.local.stack import parts, postgres
from infra.local.stack import stack as stack_module
from infra.local.stack.errors import StackError
from infra.local.stack.parts import Plan
from infra.local.stack.ports import is_free
from infra.local.stack.probes import accepts_connections
from infra.local.stack.processes import Program
from infra.local.stack.queues import QUEUES
from infra.local.stack.stack import Stack
from shared.blobs import CONTAINERS

from .conftest import processes_of


@pytest.fixture(autouse=True)
def own_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)


def test_only_the_parts_asked_for_are_started() -> None:
    with Stack(parts={"queue"}) as stack:
        assert not is_free(stack.ports.queue)
        assert is_free(stack.ports.postgres)
        assert is_free(stack.ports.mail)


def test_every_queue_and_its_poison_queue_exist() -> None:
    with (
        Stack(parts={"queue"}) as stack,
        QueueServiceClient.from_connection_string(
            stack.addresses.storage_connection_string
        ) as service,
    ):
        names = {queue.name for queue in service.list_queues()}
    assert names == {*QUEUES, *(f"{name}-poison" for name in QUEUES)}


def test_each_role_logs_in_and_data_is_synced_to_disk() -> None:
    with Stack(parts={"postgres"}, seed=False) as stack:
        for role in ("rent", "payment", "email"):
            with psycopg.connect(stack.environment[f"DATABASE_URL_{role.upper()}"]) as connection:
                row = connection.execute("SELECT current_user, current_setting('fsync')").fetchone()
            assert row == (role, "on")


async def test_several_stacks_start_side_by_side_and_vanish() -> None:
    async with Stack(parts={"queue"}) as first, Stack(parts={"queue"}) as second:
        assert first.ports.queue != second.ports.queue
        folders = [first.data_dir, second.data_dir]
    assert not any(folder.exists() for folder in folders)
    left = await asyncio.to_thread(lambda: [processes_of(folder) for folder in folders])
    assert left == [[], []]


def test_a_killed_part_comes_back_with_restart_and_is_no_failure() -> None:
    with Stack(parts={"queue"}) as stack:
        before = stack.pid("queue")
        stack.kill("queue")
        assert is_free(stack.ports.queue)
        stack.wait_for_failure(0.5)
        stack.restart("queue")
        assert not is_free(stack.ports.queue)
        assert stack.pid("queue") != before


def test_a_part_that_ends_by_itself_is_reported() -> None:
    with Stack(parts={"queue"}) as stack:
        os.kill(stack.pid("queue"), 9)
        with pytest.raises(StackError, match=r"queue ended by itself \(exit code -9\)"):
            stack.wait_for_failure(10)


def test_a_part_that_cannot_start_is_named_with_its_last_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_plan: Plan) -> Program:
        script = "import sys; sys.exit('no such option: --colour')"
        return Program("queue", [sys.executable, "-c", script], accepts_connections(9))

    monkeypatch.setitem(stack_module._PROGRAMS, "queue", broken)
    with pytest.raises(StackError, match="no such option: --colour") as caught:
        Stack(parts={"queue", "mail"}).start()
    assert caught.value.problem.startswith("queue ended by itself (exit code 1)")
    assert "start again" in caught.value.remedy


def test_a_part_that_is_never_ready_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(_plan: Plan) -> Program:
        command = [sys.executable, "-c", "import time; time.sleep(60)"]
        return Program("queue", command, accepts_connections(9), ready_within_seconds=0.3)

    monkeypatch.setitem(stack_module._PROGRAMS, "queue", silent)
    with pytest.raises(StackError, match=r"queue is not ready after 0\.3 s"):
        Stack(parts={"queue"}).start()


def test_a_missing_node_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "find_node", lambda: None)
    with pytest.raises(StackError, match=r"Node\.js 20 or later is missing") as caught:
        Stack(parts={"mail"}).start()
    assert "install Node.js" in caught.value.remedy


def test_a_data_folder_that_others_may_not_enter_still_gets_a_database(tmp_path: Path) -> None:
    """Pytest's own folder is such a one (0700): under root, PostgreSQL's account stays outside."""
    with Stack(parts={"postgres"}, seed=False, data_dir=tmp_path / "data") as stack:
        psycopg.connect(stack.database_url).close()
    parts_of_it = (tmp_path / "data").resolve()
    assert processes_of(parts_of_it) == []
    postgres.forget_cluster(tmp_path / "data")


def test_a_data_folder_that_cannot_be_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    stack = Stack(data_dir=tmp_path / "file" / "data", parts=set())
    with pytest.raises(StackError, match="no data folder") as caught:
        stack.start()
    assert "--data-dir" in caught.value.remedy


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(ValueError, match="no such part: qeue"):
        Stack(parts={"qeue"})


def test_every_container_of_files_exists() -> None:
    with (
        Stack(parts={"blob"}) as stack,
        BlobServiceClient.from_connection_string(
            stack.addresses.storage_connection_string
        ) as service,
    ):
        assert {each.name for each in service.list_containers()} == set(CONTAINERS)
        assert stack.describe()["blob"].startswith(f"http://127.0.0.1:{stack.ports.blob}/")
