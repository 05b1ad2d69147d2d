"""The public API: what is forwarded, and what the BFF answers by itself."""

from bff.operations import operator, renter
from bff.operations.operation import ALWAYS, Operation
from shared.contracts.about import Features, Health, Readiness

__all__ = ["ALWAYS", "FEATURES", "HEALTH", "OPERATIONS", "READY", "WEBHOOK", "Operation"]

OPERATIONS = (*renter.OPERATIONS, *operator.OPERATIONS)

FEATURES = Operation("get_features", "GET", "/features", "What pages must know", Features)
HEALTH = Operation("get_health", "GET", "/health", "Alive, asking no dependency", Health)
READY = Operation(
    "get_readiness", "GET", "/health/ready", "Whether database and queues answer",
    Readiness,
)  # fmt: skip
WEBHOOK = Operation(
    "receive_stripe_event", "POST", "/webhooks/stripe", "Stripe's signed events",
    None, tag="Vendor", errors=("invalid_signature", "payload_too_large"),
)  # fmt: skip
