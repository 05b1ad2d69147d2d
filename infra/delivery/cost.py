"""What a month of rentals costs, and what breaks first: a model small enough to check by hand.

Every figure is a named constant with its source. A source that says "assumed" is a guess to be
replaced by a month's telemetry; prices are list prices in US dollars, none of them read from a
price sheet here: put your region's in before you sign anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.messages import QUEUES
from shared.database import POOL_SIZE

SECONDS_A_MONTH = 30 * 24 * 3600

# What one rental by card does, from the first page to the receipt.
HTTP_CALLS = {
    "GET /api/features": 1.0,  # the page asks once (web/src)
    "GET /api/branches": 1.0,  # likewise
    "GET /api/classes": 1.0,  # likewise
    "GET /api/offers": 5.0,  # assumed: five searches a booking, most by people who do not book
    "POST /api/rentals": 1.0,
    "GET /api/rentals/{reference}": 3.0,  # assumed: polled until decided, and looked at later
    "POST /api/webhooks/stripe": 2.0,  # the intent's and the charge's event
}
MESSAGES = {
    "payment-requests": 1.0,  # PaymentRequestedV1
    "payment-results": 1.0,  # PaymentSettledV1
    "email-requests": 2.0,  # rental_confirmed and payment_receipt
    "document-requests": 3.0,  # confirmed, checked out, completed
}
QUEUE_OPERATIONS_A_MESSAGE = 3  # put, get, delete; a get takes up to 16, so this is the most
POLL_SECONDS = 2  # host.json, maxPollingInterval
TELEMETRY_KILOBYTES = 25.0  # assumed: about 25 items of 1 kB

# How long an execution is active.
HTTP_SECONDS = 0.05  # assumed; `dev.py bench search` and `bench booking` say it for one machine
QUEUE_SECONDS = 0.7  # assumed: nearly all of it is the vendor's answer
LEAST_BILLED_SECONDS = 1.0  # Flex Consumption bills an active instance for a second at least
HTTP_CONCURRENCY = 16  # infra/app/functions.bicep
QUEUE_CONCURRENCY = 24  # host.json: batchSize + newBatchThreshold

# List prices, US dollars.
PER_GB_SECOND = 0.000026
PER_READY_GB_SECOND = 0.000004  # the baseline of always-ready instances
PER_MILLION_EXECUTIONS = 0.40
PER_10K_QUEUE_OPERATIONS = 0.004
PER_TELEMETRY_GB = 2.76

# The busiest second against the mean one: assumed, a tenth of the day in one hour, twice as much
# in its busiest minutes.
PEAK_FACTOR = 24 * 0.10 * 2
QUEUE_MESSAGES_A_SECOND = 2_000  # a storage queue's published target
# One worker on two cores, one hot class and branch (docs/benchmarks.md, `dev.py bench pgbench`).
HOT_CLASS_BOOKINGS_A_SECOND = 2_870


@dataclass(frozen=True, slots=True)
class Line:
    """One cost: between perfectly packed instances and executions that never overlap."""

    name: str
    quantity: float
    unit: str
    least_usd: float
    most_usd: float


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of something the busiest second takes."""

    name: str
    needed: float
    available: float

    @property
    def share(self) -> float:
        return self.needed / self.available


def estimate_costs(rentals: float, profile: Mapping[str, Any]) -> list[Line]:
    """The lines of one month that grow with ``rentals``, and what stands ready for them."""
    calls = rentals * sum(HTTP_CALLS.values())
    messages = rentals * sum(MESSAGES.values())
    gigabytes = profile["instanceMemoryMB"] / 1024
    packed = calls * HTTP_SECONDS / HTTP_CONCURRENCY + messages * QUEUE_SECONDS / QUEUE_CONCURRENCY
    apart = (calls + messages) * LEAST_BILLED_SECONDS
    ready = sum(each["instanceCount"] for each in profile["alwaysReady"])
    ready_gb_seconds = ready * gigabytes * SECONDS_A_MONTH
    polls = 2 * len(QUEUES) * SECONDS_A_MONTH / POLL_SECONDS  # each queue and its poison queue
    operations = messages * QUEUE_OPERATIONS_A_MESSAGE + polls
    telemetry_gb = rentals * TELEMETRY_KILOBYTES / 1e6
    executions_usd = (calls + messages) / 1e6 * PER_MILLION_EXECUTIONS
    operations_usd = operations / 1e4 * PER_10K_QUEUE_OPERATIONS
    telemetry_usd = telemetry_gb * PER_TELEMETRY_GB
    ready_usd = ready_gb_seconds * PER_READY_GB_SECOND
    return [
        Line("executions", calls + messages, "", executions_usd, executions_usd),
        Line(
            "active time",
            apart * gigabytes,
            "GB-s at most",
            packed * gigabytes * PER_GB_SECOND,
            apart * gigabytes * PER_GB_SECOND,
        ),
        Line("always ready", ready_gb_seconds, "GB-s", ready_usd, ready_usd),
        Line("queue operations", operations, "", operations_usd, operations_usd),
        Line("telemetry", telemetry_gb, "GB", telemetry_usd, telemetry_usd),
    ]


def estimate_limits(
    rentals: float, profile: Mapping[str, Any], connections: int, hot_share: float = 0.02
) -> list[Limit]:
    """The busiest second against what there is, the tightest first.

    ``connections`` is what the database admits; ``hot_share`` the part of all bookings that falls
    on one class of one branch.
    """
    a_second = rentals / SECONDS_A_MONTH * PEAK_FACTOR
    http = a_second * sum(HTTP_CALLS.values()) * HTTP_SECONDS / HTTP_CONCURRENCY
    queue = a_second * sum(MESSAGES.values()) * QUEUE_SECONDS / QUEUE_CONCURRENCY
    # Never fewer than one of each scale group: HTTP, and every queue's function.
    instances = max(http, 1) + max(queue, len(QUEUES))
    return sorted(
        (
            Limit("instances", instances, profile["maximumInstances"]),
            Limit("database connections", instances * sum(POOL_SIZE.values()), connections),
            Limit(
                "messages a second on one queue",
                a_second * max(MESSAGES.values()),
                QUEUE_MESSAGES_A_SECOND,
            ),
            Limit(
                "bookings a second of one class",
                a_second * hot_share,
                HOT_CLASS_BOOKINGS_A_SECOND,
            ),
        ),
        key=lambda limit: -limit.share,
    )
