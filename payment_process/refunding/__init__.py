"""Giving money back: once per refund number, never more than was taken."""
