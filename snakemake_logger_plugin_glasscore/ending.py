"""A request to end must reach Snakemake, whatever it is doing.

When Snakemake is asked to end (SIGTERM), it takes a lock in the middle of what it was doing. If it
held that lock already, as while it takes note of a job that has ended, it would wait for itself for
ever. In a thread of its own the request waits until the lock is free.
"""

import threading
from contextlib import suppress
from typing import Any


def heed_requests() -> None:
    """Let each request to end wait for its turn, from now on in this process."""
    with suppress(ImportError):  # a version of Snakemake that keeps it elsewhere
        from snakemake.scheduling.job_scheduler import JobScheduler

        end = JobScheduler.exit_gracefully

        def in_turn(scheduler: JobScheduler, *arguments: Any) -> None:
            threading.Thread(target=end, args=(scheduler, *arguments), daemon=True).start()

        JobScheduler.exit_gracefully = in_turn
