"""Only one workflow at a time computes a campaign.

Snakemake locks the files that it is going to make. But when a workflow of another campaign ends in
the same working folder, it removes all locks. Each workflow therefore also holds a lock of its
campaign, which the operating system releases when the process ends, for whatever reason.
"""

from contextlib import suppress
from pathlib import Path
from typing import IO

from glasscore.common.errors import CampaignError

LOCK = ".workflow.lock"
# Open files whose locks are held until this process ends.
_held: list[IO[str]] = []


def hold(folder: Path) -> None:
    """Hold the lock of a campaign for as long as this process lives.

    Parameters
    ----------
    folder
        The folder of the campaign's results, which is made if it is not there.

    Raises
    ------
    CampaignError
        If another workflow computes the campaign.
    OSError
        If the folder may not be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / LOCK).open("w")
    try:
        # On systems and file systems without locks, the campaign is computed without one.
        with suppress(ImportError):
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise CampaignError(
            f"another workflow computes the campaign in {folder}: wait until it has ended, then "
            "the same command goes on."
        ) from None
    except OSError:
        pass
    _held.append(lock)
