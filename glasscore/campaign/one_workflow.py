"""Only one workflow at a time computes a campaign.

Snakemake locks the files that it is to make, but a second workflow that ends in the same folder, of
another campaign, takes the locks of all away. So each workflow holds a lock of its campaign, too,
which the operating system lets go of when the process ends, however it ends.
"""

from contextlib import suppress
from pathlib import Path
from typing import IO

from glasscore.common.errors import CampaignError

LOCK = ".workflow.lock"
# Held until this process ends.
_held: list[IO[str]] = []


def hold(folder: Path) -> None:
    """Hold the lock of a campaign for as long as this process lives.

    Parameters
    ----------
    folder
        The results of the campaign; made, if it is not there.

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
        # Systems and file systems without locks go without.
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
