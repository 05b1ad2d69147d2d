"""Loads the fixture plugins for every test."""

pytest_plugins = ["tests.plugins.environment", "tests.plugins.postgres"]
