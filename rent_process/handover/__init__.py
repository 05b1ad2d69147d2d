"""The car leaves: check-out with a suggested car, and exchange for another."""
