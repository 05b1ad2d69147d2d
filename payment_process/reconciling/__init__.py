"""Payments against the vendor: every one of the last days is looked up by its id and compared."""
