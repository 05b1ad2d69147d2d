"""A rental as its renter or an operator sees it."""
