"""What worker, webhook, renter, operator, bank, network and clock may do, and how often."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, get_args
from uuid import uuid4

from hypothesis import strategies as st

from payment_process.disputing.domain import DisputeStatus
from payment_process.domain import IntentStatus
from payment_process.refunding.domain import RefundStatus
from tests.integration.payment_life.till import Due, Till
from tests.integration.payment_process.fake_vendor import Call, Fault

DUE = st.sampled_from(list(Due))
METHODS = st.sampled_from(["pm_good", "pm_good", "pm_declined", "pm_3ds", "pm_needs_holder"])
WHICH = st.integers(0, 11)
HOUR, DAY = 3_600, 86_400


@dataclass(frozen=True)
class Step:
    act: Callable[..., Awaitable[object]]
    how: dict[str, Any]

    def __repr__(self) -> str:
        return f"{self.act.__name__}({', '.join(f'{k}={v!r}' for k, v in self.how.items())})"

    def take(self, till: Till) -> Awaitable[object]:
        return self.act(till, **self.how)


async def worker_is_asked(till: Till, due: Due, method: str, attempt: int) -> None:
    await till.ask(due, method, attempt)


async def worker_gives_up(till: Till, due: Due) -> None:
    await till.give_up(due)


async def worker_takes_of_the_deposit(till: Till) -> None:
    await till.end_deposit("capture")


async def queue_brings_again(till: Till) -> None:
    await till.bring_again()


async def webhook_tells_of_a_payment(till: Till, which: int) -> None:
    if intents := list(till.vendor.intents):
        await till.hear_of_intent(intents[which % len(intents)], str(uuid4()))


async def webhook_tells_of_a_refund(till: Till, which: int) -> None:
    if refunds := list(till.vendor.refunds):
        await till.hear_of_refund(refunds[which % len(refunds)], str(uuid4()))


async def renter_acts(till: Till, due: Due, *, succeeds: bool) -> None:
    for intent in till.intents(due, IntentStatus.REQUIRES_ACTION):
        till.vendor.complete_action(intent.intent_id, succeeds=succeeds)


async def operator_gives_back(till: Till, due: Due, number: int, share: int) -> None:
    await till.refund(due, number, share)


async def bank_quarrels(till: Till, due: Due, status: DisputeStatus) -> None:
    await till.quarrel(due, status, str(uuid4()))


async def bank_takes_its_time(till: Till, *, slow: bool) -> None:
    till.vendor.next_refund = RefundStatus.PENDING if slow else RefundStatus.SUCCEEDED


async def bank_finishes_a_refund(till: Till, which: int, *, succeeds: bool) -> None:
    if refunds := list(till.vendor.refunds):
        till.vendor.finish_refund(refunds[which % len(refunds)], succeeds=succeeds)


async def bank_lets_go(till: Till) -> None:
    for intent in till.intents(Due.DEPOSIT, IntentStatus.REQUIRES_CAPTURE)[:1]:
        till.vendor.lapse(intent.intent_id)


async def network_breaks(till: Till, call: Call, fault: Fault) -> None:
    till.vendor.fail(call, fault)


async def clock_goes_on(till: Till, seconds: float) -> None:
    await till.tick_all(seconds)


def often(times: int, act: Callable[..., Any], **how: Any) -> list[st.SearchStrategy[Step]]:
    return [st.builds(Step, st.just(act), st.fixed_dictionaries(how))] * times


_WEIGHTED: list[st.SearchStrategy[Step]] = [
    *often(6, worker_is_asked, due=DUE, method=METHODS, attempt=st.integers(1, 3)),
    *often(1, worker_gives_up, due=DUE),
    *often(2, worker_takes_of_the_deposit),
    *often(2, queue_brings_again),
    *often(3, webhook_tells_of_a_payment, which=WHICH),
    *often(2, webhook_tells_of_a_refund, which=WHICH),
    *often(3, renter_acts, due=DUE, succeeds=st.booleans()),
    *often(3, operator_gives_back, due=DUE, number=st.integers(1, 3), share=st.integers(1, 2)),
    *often(3, bank_quarrels, due=DUE, status=st.sampled_from(DisputeStatus)),
    *often(1, bank_takes_its_time, slow=st.booleans()),
    *often(2, bank_finishes_a_refund, which=WHICH, succeeds=st.booleans()),
    *often(1, bank_lets_go),
    *often(4, network_breaks, call=st.sampled_from(get_args(Call)),
           fault=st.sampled_from(get_args(Fault))),
    *often(4, clock_goes_on, seconds=st.sampled_from([31, 31, 901, HOUR, DAY, 6.5 * DAY])),
]  # fmt: skip
# Not ``one_of``: that takes each of them once, however often it stands there.
STEPS = st.sampled_from(_WEIGHTED).flatmap(lambda step: step)
TOGETHER = st.lists(STEPS, min_size=1, max_size=3)  # what happens at the same time
