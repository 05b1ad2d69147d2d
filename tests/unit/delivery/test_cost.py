"""The model adds up by hand, and knows what breaks first."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.delivery import cost
from infra.local.cli import build_parser
from infra.local.commands.cost import CONNECTIONS, run
from shared.contracts.messages import QUEUES

ROOT = Path(__file__).parents[3]
PROD: dict[str, Any] = json.loads((ROOT / "infra" / "profiles" / "prod.json").read_text())
HOST: dict[str, Any] = json.loads((ROOT / "host.json").read_text())
LIMITS = 2000


def lines(rentals: float, **changes: Any) -> dict[str, cost.Line]:
    return {line.name: line for line in cost.estimate_costs(rentals, {**PROD, **changes})}


def test_executions_and_active_time_add_up_by_hand() -> None:
    found = lines(1e6, alwaysReady=[])
    # 14 calls and 7 messages; each alone on 2 GB for the second that is billed at least.
    assert found["executions"].quantity == 21e6
    assert found["executions"].most_usd == pytest.approx(21 * 0.40)
    assert found["active time"].most_usd == pytest.approx(21e6 * 2 * 0.000026)
    packed_seconds = 14e6 * 0.05 / 16 + 7e6 * 0.7 / 24
    assert found["active time"].least_usd == pytest.approx(packed_seconds * 2 * 0.000026)


def test_without_a_rental_only_what_stands_ready_and_polls_costs() -> None:
    found = lines(0)
    ready = sum(each["instanceCount"] for each in PROD["alwaysReady"])
    assert found["always ready"].most_usd == pytest.approx(ready * 2 * 2_592_000 * 0.000004)
    assert found["queue operations"].quantity == 8 * 2_592_000 / 2
    assert {name for name, line in found.items() if line.most_usd} == {
        "always ready",
        "queue operations",
    }


def test_least_is_never_more_than_most() -> None:
    assert all(line.least_usd <= line.most_usd for line in lines(1e7).values())


def test_every_queue_is_counted_and_concurrency_is_the_hosts() -> None:
    assert set(cost.MESSAGES) == set(QUEUES)
    queues = HOST["extensions"]["queues"]
    assert queues["batchSize"] + queues["newBatchThreshold"] == cost.QUEUE_CONCURRENCY
    assert queues["maxPollingInterval"] == f"00:00:{cost.POLL_SECONDS:02}"
    functions = (ROOT / "infra" / "app" / "functions.bicep").read_text(encoding="utf-8")
    assert f"perInstanceConcurrency: {cost.HTTP_CONCURRENCY} " in functions


def test_tightest_limit_comes_first_and_grows_with_the_rentals() -> None:
    small, large = (cost.estimate_limits(n, PROD, LIMITS) for n in (1e6, 1e9))
    assert [limit.share for limit in large] == sorted((each.share for each in large), reverse=True)
    assert small[0].share < 1 < large[0].share


def test_command_prints_every_line_and_names_what_is_too_much(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(build_parser().parse_args(["cost", "--rentals", "1e9"])) == 0
    printed = capsys.readouterr().out
    assert "1,000,000,000 rentals a month, profile prod" in printed
    assert all(name in printed for name in lines(1))
    assert "TOO MUCH" in printed


def test_connections_are_those_that_bicep_allows() -> None:
    text = (ROOT / "infra" / "app" / "postgres.bicep").read_text(encoding="utf-8")
    assert f"'pgbouncer.max_client_conn', value: '{CONNECTIONS['prod']}'" in text
