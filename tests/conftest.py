"""Loads the fixture plugins for every test."""

pytest_plugins = [
    "tests.plugins.azurite",
    "tests.plugins.functions_host",
    "tests.plugins.official_worker",
]
