"""What stops the host before it serves: the message says what is wrong and what to do."""


class StartupError(Exception):
    """The app, its settings or its host.json cannot be served as they are."""
