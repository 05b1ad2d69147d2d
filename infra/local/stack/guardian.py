"""Outlives the stack's owner by one moment: ends the owner's parts when the owner is killed.

A process killed with SIGKILL cannot clean up after itself, but its pipes close. This program
reads process group ids from standard input ("+123" watch, "-123" forget) and, once the pipe
closes, kills the groups that are left. Standard library only: it starts in milliseconds.
"""

import os
import signal
import sys


def main() -> None:
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, signal.SIG_IGN)
    watched: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line.startswith("+"):
            watched.add(group)
        else:
            watched.discard(group)
    for group in watched:
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
