"""One error for whatever keeps the stack from running: what happened, and what to do about it."""


class StackError(RuntimeError):
    """``problem`` names the part concerned; ``remedy`` is one step that a developer can take."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}\n  → {remedy}")
        self.problem = problem
        self.remedy = remedy
