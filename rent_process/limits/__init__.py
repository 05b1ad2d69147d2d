"""Too much is refused: tries by e-mail and by address, and amounts that nobody can charge."""
