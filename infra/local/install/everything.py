"""What a command needs, installed: Python and Node.js packages side by side."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from infra.local.install import node_packages, python_packages
from infra.local.install.node import Node, find_node
from infra.local.install.steps import StepError, end_running_steps, say
from infra.local.locks import FolderLock

_LOCK = python_packages.ROOT / ".local" / "install.lock"


@dataclass(frozen=True)
class Needs:
    """``programs``: the stack's Node.js programs; ``web``: the built pages; ``tests``: tools."""

    programs: bool = False
    web: bool = False
    tests: bool = False


def install(needs: Needs) -> None:
    """Raises StepError. Does nothing, in milliseconds, when everything is there."""
    with _one_at_a_time():
        node = find_node()
        jobs: list[Callable[[], None]] = [lambda: _python(needs)]
        if node:  # else it comes with the Python packages: after them, inside .venv
            jobs += _node_jobs(needs, node)
        _side_by_side(jobs)
        if not node and python_packages.is_inside():
            raise node_packages.node_is_missing()


def _python(needs: Needs) -> None:
    python_packages.ensure_python_packages(python_packages.LOCAL, purpose="local")
    if needs.tests:
        files = (*python_packages.LOCAL, *python_packages.TESTS)
        python_packages.ensure_python_packages(files, purpose="tests")


def _node_jobs(needs: Needs, node: Node) -> list[Callable[[], None]]:
    jobs: list[Callable[[], None]] = []
    if needs.programs:
        jobs.append(lambda: node_packages.ensure_stack_programs(node))
    if needs.web:
        jobs.append(lambda: node_packages.ensure_web_pages(node))
    return jobs


def _side_by_side(jobs: list[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(len(jobs)) as pool:
        futures = [pool.submit(job) for job in jobs]
        try:
            for future in futures:
                future.result()
        except BaseException:  # also Ctrl-C
            end_running_steps()
            raise


class _one_at_a_time:  # noqa: N801 -- reads as a statement: with _one_at_a_time()
    """Two terminals may start in a fresh clone at once."""

    def __enter__(self) -> None:
        self._lock = FolderLock(_LOCK)
        told = False
        while not self._is_acquired():
            if not told:
                say("  … another dev.py is installing; waiting for it")
                told = True
            time.sleep(0.2)

    def _is_acquired(self) -> bool:
        try:
            return self._lock.try_acquire()
        except OSError as error:
            problem = f"{python_packages.ROOT} cannot be written to: {error.strerror}"
            raise StepError(problem, "put the checkout where you may write") from error

    def __exit__(self, *_: object) -> None:
        self._lock.release()
