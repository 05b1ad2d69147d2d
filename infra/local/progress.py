"""Progress on standard error: lines for files and CI, colours where somebody watches."""

import sys
import threading
import time

from rich.console import Console


class Progress:
    """``report(part, state)`` is what a :class:`Stack` calls; it may come from any thread."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._begun = time.monotonic()
        self._lock = threading.Lock()

    def report(self, part: str, state: str) -> None:
        with self._lock:
            elapsed = time.monotonic() - self._begun
            if sys.stderr.isatty():
                self._console.print(
                    f"[green]✓[/] [bold]{part:<10}[/] {state} [dim]({elapsed:.1f} s)[/]"
                )
            else:
                print(f"  {part:<10} {state} ({elapsed:.1f} s)", file=sys.stderr, flush=True)

    def say(self, text: str = "", style: str = "") -> None:
        with self._lock:
            self._console.print(text, style=style or None, markup=False)
