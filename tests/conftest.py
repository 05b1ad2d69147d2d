"""Loads the fixture plugins for every test."""

pytest_plugins = [
    "tests.plugins.azurite",
    "tests.plugins.browser",
    "tests.plugins.environment",
    "tests.plugins.files",
    "tests.plugins.functions_host",
    "tests.plugins.mailbox",
    "tests.plugins.market",
    "tests.plugins.official_worker",
    "tests.plugins.postgres",
    "tests.plugins.sign_in",
    "tests.plugins.operator",
    "tests.plugins.standins",
    # They stand on those above.
    "tests.plugins.charges",
    "tests.plugins.garage",
]
