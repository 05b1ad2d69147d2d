"""Fixtures by subject, as pytest plugins (loaded by tests/conftest.py)."""
