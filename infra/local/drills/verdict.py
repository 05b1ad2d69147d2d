"""What a drill found, line by line against what it must find, and the verdict."""

from collections.abc import Callable
from typing import Any


class Verdict:
    """Collects findings; a drill passes when every one that has an expectation meets it."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._lines: list[tuple[str, str, str]] = []
        self.deviations: list[str] = []

    def note(self, subject: str, value: Any) -> None:
        """Something worth knowing that decides nothing."""
        self._lines.append((subject, str(value), ""))

    def require(self, subject: str, value: Any, expected: Any) -> None:
        """``expected`` is the value itself."""
        self.hold(subject, value, f"= {expected}", lambda found: bool(found == expected))

    def hold(self, subject: str, value: Any, wording: str, holds: Callable[[Any], bool]) -> None:
        good = holds(value)
        self._lines.append((subject, str(value), f"{'✓' if good else '✗'} {wording}"))
        if not good:
            self.deviations.append(f"{subject}: {value}, expected {wording}")

    def close(self) -> int:
        """Print the table and the verdict; 0 when there is no deviation."""
        width = max(len(subject) for subject, _, _ in self._lines)
        print(f"\n{self._title}\n")
        for subject, value, judged in self._lines:
            print(f"  {subject:<{width}}  {value:>12}  {judged}".rstrip())
        if self.deviations:
            print(f"\n✗ {len(self.deviations)} deviations")
            return 1
        print("\n✓ no deviation")
        return 0
