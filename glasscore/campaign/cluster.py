"""Memory and time that a job requests on a cluster: twice as much at each attempt, up to a limit.

Nothing is requested if jobs run locally. If a job is cut off at its time limit and its stage keeps
a restart file, the next attempt goes on from there, so that little is lost.
"""

import math
import re
from collections.abc import Iterable
from pathlib import Path

from glasscore.common.cost import MIB, Cost
from glasscore.common.errors import CampaignError

# Time limit divided by the estimate, which is good to about a factor of three; nodes may be slower.
MARGIN = 4.0
# Memory besides that of the job itself, for compilation and for the libraries of a scheduler's job.
MEMORY_OF_THE_START = 500.0 * MIB
# Time to start from a file system without cached files, and to compile all kernels.
TIME_OF_THE_START = 10.0  # minutes
# The cost that is assumed for jobs of stages without an estimate.
UNKNOWN = Cost(seconds=900.0, memory=500.0 * MIB)
# Characters that paths may have. The command of a job passes through several shells, in which other
# characters have a special meaning.
PLAIN = re.compile(r"[\w./+,:=@-]")


def memory(cost: Cost | None, attempt: int = 1, at_most: int | None = None) -> int:
    """Memory that a job requests, in MB.

    Parameters
    ----------
    cost
        The estimate for the job; None if its stage has none.
    attempt
        The number of the attempt: 1 at first, 2 when the job is tried again.
    at_most
        The largest request; None if there is no limit.
    """
    needed = MEMORY_OF_THE_START + 2.0 * (cost or UNKNOWN).memory
    return _asked(needed / MIB, attempt, at_most)


def runtime(cost: Cost | None, attempt: int = 1, at_most: int | None = None) -> int:
    """Time limit that a job requests, in minutes.

    Parameters
    ----------
    cost
        The estimate for the job; None if its stage has none.
    attempt
        The number of the attempt: 1 at first, 2 when the job is tried again.
    at_most
        The largest request; None if there is no limit.
    """
    return runtime_of_group([cost], attempt, at_most)


def runtime_of_group(
    costs: Iterable[Cost | None], attempt: int = 1, at_most: int | None = None
) -> int:
    """Time limit, in minutes, for jobs that run one after the other as one job of a scheduler.

    The parameters are those of :func:`runtime`. The time of the start counts once.
    """
    seconds = sum((cost or UNKNOWN).seconds for cost in costs)
    return _asked(TIME_OF_THE_START + MARGIN * seconds / 60.0, attempt, at_most)


def _asked(needed: float, attempt: int, at_most: int | None) -> int:
    asked = math.ceil(needed) * 2 ** (attempt - 1)
    return asked if at_most is None else min(asked, at_most)


def check_paths(paths: Iterable[str | Path]) -> None:
    """Refuse paths that would not pass unchanged through the command of a job on a cluster.

    Raises
    ------
    CampaignError
        If one of them holds a blank, a quote, a dollar sign or another special character.
    """
    for path in map(str, paths):
        special = sorted(set(PLAIN.sub("", path)))
        if special:
            named = " and ".join(repr(character) for character in special)
            raise CampaignError(
                f"the path {path} holds {named}, and jobs of a cluster take paths of letters, "
                "digits and . _ - + , : = @ / alone: rename that folder or file, or move the "
                "project to another place and run start.py there."
            )
