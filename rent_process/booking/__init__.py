"""The rental from booking to decision: one commit per step, idempotent, compare-and-swap."""
