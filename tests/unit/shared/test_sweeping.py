"""A sweep handles all of its list, whatever becomes of one of them."""

import asyncio

import pytest

from shared.errors import Unavailable
from shared.sweeping import for_each, run_all

DOWN = Unavailable("down")


async def test_every_step_has_its_turn_and_the_failure_is_told() -> None:
    done: list[str] = []

    async def step(name: str, failure: Exception | None = None) -> None:
        done.append(name)
        if failure is not None:
            raise failure

    with pytest.raises(Unavailable, match="down"):
        await run_all([step("a", DOWN), step("b"), step("c")])
    assert done == ["a", "b", "c"]


@pytest.mark.parametrize("order", [1, -1])
async def test_a_defect_is_told_before_what_is_only_down(order: int) -> None:
    async def fail(with_: Exception) -> None:
        raise with_

    failures: list[Exception] = [DOWN, ZeroDivisionError(), DOWN][::order]
    with pytest.raises(ZeroDivisionError):
        await for_each(failures, fail)


async def test_others_are_handled_beside_one_that_fails() -> None:
    done: list[int] = []

    async def handle(number: int) -> None:
        await asyncio.sleep(0)
        if number == 0:
            raise DOWN
        done.append(number)

    with pytest.raises(Unavailable):
        await for_each(range(20), handle)
    assert sorted(done) == list(range(1, 20))


async def test_no_more_than_asked_for_are_handled_at_once() -> None:
    under_way, most = 0, 0

    async def handle(_number: int) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.001)
        under_way -= 1

    await for_each(range(20), handle, at_once=3)
    assert most == 3


async def test_what_time_does_not_allow_is_left_to_the_next_run(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[int] = []

    async def handle(number: int) -> None:
        await asyncio.sleep(0.05)
        done.append(number)

    await for_each(range(20), handle, at_once=2, begun_within_seconds=0.01)
    assert done == [0, 1]
    assert caplog.messages == ["left to the next run for want of time: 18"]


async def test_a_sweep_that_is_cancelled_ends() -> None:
    begun = asyncio.Event()

    async def hang(_number: int) -> None:
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(for_each(range(3), hang))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
