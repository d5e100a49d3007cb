"""A request to end must reach Snakemake, whatever it is doing.

When Snakemake is asked to end (SIGTERM), its signal handler takes a lock. If Snakemake already
holds that lock, for instance while it takes note of a job that has ended, it would wait for itself
for ever. Here the request is handled in a separate thread, which can wait until the lock is free.
"""

import threading
from contextlib import suppress
from typing import Any


def heed_requests() -> None:
    """Handle each request to end in a separate thread, from now on in this process."""
    with suppress(ImportError):  # other versions of Snakemake may keep this class elsewhere
        from snakemake.scheduling.job_scheduler import JobScheduler

        end = JobScheduler.exit_gracefully

        def in_turn(scheduler: JobScheduler, *arguments: Any) -> None:
            threading.Thread(target=end, args=(scheduler, *arguments), daemon=True).start()

        JobScheduler.exit_gracefully = in_turn
