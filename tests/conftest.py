"""Loads the fixture plugins for every test."""

pytest_plugins = [
<<<<<<< HEAD
    "tests.plugins.environment",
    "tests.plugins.mailbox",
    "tests.plugins.postgres",
    "tests.plugins.standins",
=======
    "tests.plugins.azurite",
    "tests.plugins.environment",
    "tests.plugins.official_worker",
    "tests.plugins.postgres",
>>>>>>> main
]
