"""What a long job says of itself now and then."""

import time

from glasscore.common.log import say

SECONDS_BETWEEN_REPORTS = 10.0


class Progress:
    """Lines on the standard error, no more often than every :data:`SECONDS_BETWEEN_REPORTS`."""

    def __init__(self) -> None:
        self.reported = time.monotonic()

    def report(self, line: str) -> None:
        """Say it, unless something was said just before."""
        if time.monotonic() - self.reported > SECONDS_BETWEEN_REPORTS:
            self.reported = time.monotonic()
            say(line)
