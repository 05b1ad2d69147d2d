"""A renter's journeys in a real browser, on the whole stack."""
