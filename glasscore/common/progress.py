"""Reports of the progress of a long job, at intervals."""

import time

from glasscore.common.log import say

SECONDS_BETWEEN_REPORTS = 10.0


class Progress:
    """Lines on the standard error, no more often than every :data:`SECONDS_BETWEEN_REPORTS`."""

    def __init__(self) -> None:
        self.reported = time.monotonic()

    def report(self, line: str) -> None:
        """Write the line, unless the last one was written less than the interval ago."""
        if time.monotonic() - self.reported > SECONDS_BETWEEN_REPORTS:
            self.reported = time.monotonic()
            say(line)
