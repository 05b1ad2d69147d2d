"""Branches, classes and the calendar that rentals are sold from."""
