"""The log of a job: its standard error stream."""

import sys
from contextlib import suppress


def say(line: str) -> None:
    """Write a line into the log; a job goes on if its log is closed or the disk is full."""
    with suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)
