"""What a renter is reminded of, in time and once: pick-up, return, overdue, a review."""
