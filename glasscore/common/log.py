"""The log of a job: its standard error stream."""

import sys
from contextlib import suppress


def say(line: str) -> None:
    """Write a line into the log; a job goes on where its log is closed, or on a full disk."""
    with suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)
