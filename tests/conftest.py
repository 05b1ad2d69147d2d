"""Loads the fixture plugins for every test."""

pytest_plugins = [
    "tests.plugins.environment",
    "tests.plugins.mailbox",
    "tests.plugins.postgres",
    "tests.plugins.standins",
]
