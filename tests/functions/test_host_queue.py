"""Queue triggers, on the real emulator: the rules of QueueListener.cs and QueueProcessor.cs."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import azure.functions as func
import pytest
from azure.storage.queue.aio import QueueClient

from infra.local.host.configuration import QueueOptions, read_host_json
from infra.local.host.indexing import Function
from infra.local.host.invocation import Invoker
from infra.local.host.queue_listener import QueueListener
from tests.plugins.azurite import ACCOUNT, KEY, Azurite

ROOT = Path(__file__).resolve().parents[2]
Handler = Callable[[func.QueueMessage], Awaitable[Any]]
CREDENTIALS = f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};"
OPTIONS = QueueOptions(max_dequeue_count=3, visibility_timeout_seconds=1, max_polling_seconds=0.5)


@pytest.fixture(autouse=True)
def connection(azurite: Azurite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TestQueue", azurite.connection_string)


def make_listener(
    queue_name: str,
    handler: Handler,
    options: QueueOptions = OPTIONS,
    retry: dict[str, str] | None = None,
) -> QueueListener:
    async def call(message: func.QueueMessage) -> Any:
        return await handler(message)

    trigger = {
        "type": "queueTrigger",
        "name": "message",
        "queueName": queue_name,
        "connection": "TestQueue",
    }
    function = Function("Handler", call, True, trigger, False, ".", retry)
    return QueueListener(function, options, Invoker(None))


@asynccontextmanager
async def listening(
    queue: QueueClient, handler: Handler, options: QueueOptions = OPTIONS
) -> AsyncIterator[QueueListener]:
    listener = make_listener(queue.queue_name, handler, options)
    listener.start()
    try:
        yield listener
    finally:
        await listener.stop(0)


async def until(condition: Callable[[], Any], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        await asyncio.sleep(0.01)


async def count(queue: QueueClient) -> int:
    """Messages on the queue, visible or not."""
    return (await queue.get_queue_properties()).approximate_message_count or 0


async def until_empty(queue: QueueClient) -> None:
    deadline = time.monotonic() + 10
    while await count(queue):
        assert time.monotonic() < deadline, "the queue did not become empty"
        await asyncio.sleep(0.05)


def poison_of(queue: QueueClient, azurite: Azurite) -> QueueClient:
    name = f"{queue.queue_name}-poison"
    return QueueClient.from_connection_string(azurite.connection_string, name)


async def take_poison(queue: QueueClient, azurite: Azurite) -> Any:
    """The one message on the poison queue, once it is there."""
    async with poison_of(queue, azurite) as poison:
        deadline = time.monotonic() + 10
        while True:
            try:
                if message := await poison.receive_message():
                    return message
            except Exception as error:  # noqa: BLE001 - absent until the host makes it
                assert "QueueNotFound" in str(error)  # noqa: PT017 -- another message is another fault
            assert time.monotonic() < deadline, "nothing was poisoned"
            await asyncio.sleep(0.05)


async def test_success_deletes_the_message(queue: QueueClient) -> None:
    bodies: list[bytes] = []

    async def handler(message: func.QueueMessage) -> None:
        bodies.append(message.get_body())

    await queue.send_message("São Paulo")
    async with listening(queue, handler):
        await until(lambda: bodies)
        await until_empty(queue)
    assert bodies == ["São Paulo".encode()]


async def test_at_most_batch_and_threshold_run_at_once_and_the_rest_follows(
    queue: QueueClient,
) -> None:
    running = most = done = 0
    gate = asyncio.Event()

    async def handler(_message: func.QueueMessage) -> None:
        nonlocal running, most, done
        running += 1
        most = max(most, running)
        # The first eight end by themselves, so that a second batch of sixteen is fetched.
        if running + done > 8:
            await gate.wait()
        running -= 1
        done += 1

    await asyncio.gather(*(queue.send_message(str(number)) for number in range(48)))
    async with listening(queue, handler):
        await until(lambda: running == 24)
        await asyncio.sleep(0.7)  # longer than a poll: nothing more may start
        assert running == 24
        gate.set()
        await until(lambda: done == 48)
        await until_empty(queue)
    assert most == 24


async def test_next_batch_waits_until_no_more_than_the_threshold_run(queue: QueueClient) -> None:
    running = 0
    gate = asyncio.Semaphore(0)

    async def handler(_message: func.QueueMessage) -> None:
        nonlocal running
        running += 1
        await gate.acquire()
        running -= 1

    await asyncio.gather(*(queue.send_message(str(number)) for number in range(32)))
    async with listening(queue, handler):
        await until(lambda: running == 16)
        for _ in range(7):
            gate.release()
        await until(lambda: running == 9)
        await asyncio.sleep(0.7)
        assert running == 9
        gate.release()
        await until(lambda: running == 24)


async def test_failure_makes_the_message_visible_after_visibility_timeout_counted_up(
    queue: QueueClient,
) -> None:
    runs: list[tuple[float, int | None]] = []

    async def handler(message: func.QueueMessage) -> None:
        runs.append((time.monotonic(), message.dequeue_count))
        if len(runs) == 1:
            raise RuntimeError("once")

    await queue.send_message("text")
    async with listening(queue, handler):
        await until_empty(queue)
    assert [number for _, number in runs] == [1, 2]
    assert 0.9 <= runs[1][0] - runs[0][0] <= 6


async def test_last_failure_copies_to_a_new_message_on_the_poison_queue_and_deletes(
    queue: QueueClient, azurite: Azurite
) -> None:
    ids: list[str | None] = []

    async def handler(message: func.QueueMessage) -> None:
        ids.append(message.id)
        raise RuntimeError("always")

    await queue.send_message("text")
    async with listening(queue, handler):
        poisoned = await take_poison(queue, azurite)
        await until_empty(queue)
    assert len(ids) == OPTIONS.max_dequeue_count
    assert poisoned.content == "dGV4dA=="  # as it was sent: base64
    assert poisoned.dequeue_count == 1
    assert poisoned.id not in ids


async def test_message_dequeued_too_often_is_poisoned_without_a_run(
    queue: QueueClient, azurite: Azurite
) -> None:
    runs: list[Any] = []

    async def handler(message: func.QueueMessage) -> None:
        runs.append(message)

    await queue.send_message("text")
    for _ in range(OPTIONS.max_dequeue_count):  # as a host that dies each time would
        message = await queue.receive_message(visibility_timeout=1)
        assert message
        receipt = message.pop_receipt
        await queue.update_message(message.id, pop_receipt=receipt, visibility_timeout=0)
    async with listening(queue, handler):
        assert (await take_poison(queue, azurite)).content == "dGV4dA=="
        await until_empty(queue)
    assert runs == []


async def test_message_that_is_not_base64_goes_to_poison_unseen(
    queue: QueueClient, azurite: Azurite
) -> None:
    runs: list[Any] = []

    async def handler(message: func.QueueMessage) -> None:
        runs.append(message)

    async with QueueClient.from_connection_string(
        azurite.connection_string, queue.queue_name
    ) as plain:
        await plain.send_message('{"not": "base64"}')
    async with listening(queue, handler):
        assert (await take_poison(queue, azurite)).content == '{"not": "base64"}'
        await until_empty(queue)
    assert runs == []


async def test_failure_on_a_poison_queue_leaves_the_message_invisible(azurite: Azurite) -> None:
    runs: list[Any] = []

    async def handler(message: func.QueueMessage) -> None:
        runs.append(message)
        raise RuntimeError("always")

    name = f"test-{time.time_ns()}-poison"
    async with QueueClient.from_connection_string(azurite.connection_string, name) as poison:
        await poison.create_queue()
        await poison.send_message("dGV4dA==")
        async with listening(poison, handler):
            await until(lambda: runs)
            await asyncio.sleep(1.5)  # longer than visibilityTimeout
        assert len(runs) == 1
        assert await count(poison) == 1
        assert await poison.receive_message() is None


async def test_lease_is_renewed_at_half_of_it_while_the_function_runs(queue: QueueClient) -> None:
    runs = 0

    async def handler(_message: func.QueueMessage) -> None:
        nonlocal runs
        runs += 1
        await asyncio.sleep(4.5)

    await queue.send_message("text")
    options = QueueOptions(lease_seconds=3, max_polling_seconds=0.2)
    async with listening(queue, handler, options):
        await until_empty(queue)
        await asyncio.sleep(0.5)
    assert runs == 1


async def test_lease_is_ten_minutes_unless_told_otherwise(queue: QueueClient) -> None:
    seen: list[func.QueueMessage] = []

    async def handler(message: func.QueueMessage) -> None:
        seen.append(message)

    options = read_host_json(ROOT / "host.json").queues
    assert options.lease_seconds == 600
    await queue.send_message("text")
    async with listening(queue, handler, options):
        await until(lambda: seen)
    assert seen[0].time_next_visible is not None
    left = seen[0].time_next_visible - datetime.now(UTC)
    assert timedelta(seconds=590) < left <= timedelta(seconds=600)


async def test_top_level_json_keys_overwrite_the_metadata_whatever_their_case(
    queue: QueueClient,
) -> None:
    seen: list[func.QueueMessage] = []

    async def handler(message: func.QueueMessage) -> None:
        seen.append(message)

    body = {"ID": "from the body", "dequeuecount": 41, "popReceipt": ["lists do not count"]}
    await queue.send_message(json.dumps(body))
    async with listening(queue, handler):
        await until(lambda: seen)
    assert seen[0].id == "from the body"
    assert seen[0].dequeue_count == 41
    assert "lists" not in str(seen[0].pop_receipt)
    assert seen[0].get_json() == body


async def test_unusable_overwritten_metadata_fails_the_message(
    queue: QueueClient, azurite: Azurite
) -> None:
    runs: list[Any] = []

    async def handler(message: func.QueueMessage) -> None:
        runs.append(message)

    await queue.send_message('{"dequeueCount": "many"}')
    async with listening(queue, handler):
        await take_poison(queue, azurite)
    assert runs == []


async def test_function_that_returns_a_value_has_failed(
    queue: QueueClient, azurite: Azurite
) -> None:
    async def handler(_message: func.QueueMessage) -> str:
        return "there is no $return binding"

    await queue.send_message("text")
    async with listening(queue, handler):
        await take_poison(queue, azurite)


async def test_retry_policy_is_ignored_on_queues(queue: QueueClient) -> None:
    counts: list[int | None] = []

    async def handler(message: func.QueueMessage) -> None:
        counts.append(message.dequeue_count)
        raise RuntimeError("always")

    await queue.send_message("text")
    policy = {"strategy": "fixed_delay", "max_retry_count": "5", "delay_interval": "00:00:00"}
    listener = make_listener(queue.queue_name, handler, retry=policy)
    listener.start()
    await until_empty(queue)
    await listener.stop(0)
    assert counts == [1, 2, 3]  # one run a delivery


async def test_storage_that_is_away_is_polled_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = "http://127.0.0.1:9/devstoreaccount1"  # the discard port: refused at once
    monkeypatch.setenv("TestQueue", f"{CREDENTIALS}QueueEndpoint={nowhere};")

    async def handler(_message: func.QueueMessage) -> None:
        raise AssertionError("nothing can arrive")

    listener = make_listener("anything", handler)
    listener.start()
    log = ""
    deadline = time.monotonic() + 20
    while log.count("poll-failed queue=anything") < 2:
        assert time.monotonic() < deadline, log
        await asyncio.sleep(0.1)
        log += capsys.readouterr().err
    await listener.stop(0)
    assert "listener-crashed" not in log


async def test_queue_that_does_not_exist_yet_is_waited_for(azurite: Azurite) -> None:
    seen: list[Any] = []

    async def handler(message: func.QueueMessage) -> None:
        seen.append(message)

    name = f"test-{time.time_ns()}"
    late = QueueClient.from_connection_string(azurite.connection_string, name)
    async with late, listening(late, handler):
        await asyncio.sleep(0.5)
        await late.create_queue()
        await late.send_message("dGV4dA==")
        await until(lambda: seen)


async def test_idle_listener_starts_a_message_within_the_longest_poll_interval(
    queue: QueueClient,
) -> None:
    started: list[float] = []

    async def handler(_message: func.QueueMessage) -> None:
        started.append(time.monotonic())

    options = QueueOptions(max_polling_seconds=3)
    async with listening(queue, handler, options):
        await asyncio.sleep(4)  # backed off to 3 s by now
        sent = time.monotonic()
        await queue.send_message("first")
        await until(lambda: started)
        assert started[0] - sent < 4
        # Any message resets the back-off: the next one is fetched almost at once.
        await asyncio.sleep(0.05)
        sent = time.monotonic()
        await queue.send_message("second")
        await until(lambda: len(started) == 2)
        assert started[1] - sent < 1.5


async def test_stop_lets_running_messages_finish(queue: QueueClient) -> None:
    finished: list[bool] = []
    begun = asyncio.Event()

    async def handler(_message: func.QueueMessage) -> None:
        begun.set()
        await asyncio.sleep(0.5)
        finished.append(True)

    await queue.send_message("text")
    listener = make_listener(queue.queue_name, handler)
    listener.start()
    await asyncio.wait_for(begun.wait(), 5)
    await listener.stop(3)
    assert finished == [True]
    assert await count(queue) == 0


async def test_message_cut_off_by_a_stop_comes_back_after_its_lease(queue: QueueClient) -> None:
    begun = asyncio.Event()

    async def handler(_message: func.QueueMessage) -> None:
        begun.set()
        await asyncio.sleep(60)

    await queue.send_message("text")
    listener = make_listener(queue.queue_name, handler, QueueOptions(lease_seconds=1))
    listener.start()
    await asyncio.wait_for(begun.wait(), 5)
    await listener.stop(0.1)
    await asyncio.sleep(1.5)
    message = await queue.receive_message()
    assert message is not None
    assert message.dequeue_count == 2
