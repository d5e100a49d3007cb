"""What a job asks of a cluster: memory and time, twice as much at each attempt, up to a limit.

Locally nothing is asked. A job that is cut off for its time goes on from its restart file where its
stage keeps one, so that little is lost.
"""

import math
import re
from collections.abc import Iterable
from pathlib import Path

from glasscore.common.cost import MIB, Cost
from glasscore.common.errors import CampaignError

# The estimate is good to about a factor of three, and nodes may be slower.
MARGIN = 4.0
# Compiling, and the libraries of a scheduler's job, beside the job itself.
MEMORY_OF_THE_START = 500.0 * MIB
# Start from a cold file system, and compilation in a cold cache.
TIME_OF_THE_START = 10.0  # minutes
# Of stages that do not estimate.
UNKNOWN = Cost(seconds=900.0, memory=500.0 * MIB)
# The command of a job passes through several shells, which give other characters a meaning.
PLAIN = re.compile(r"[\w./+,:=@-]")


def memory(cost: Cost | None, attempt: int = 1, at_most: int | None = None) -> int:
    """Memory that a job asks for, in MB.

    Parameters
    ----------
    cost
        The estimate for the job; None if its stage has none.
    attempt
        1 at first, 2 when it is tried again.
    at_most
        More is never asked for; None if there is no limit.
    """
    needed = MEMORY_OF_THE_START + 2.0 * (cost or UNKNOWN).memory
    return _asked(needed / MIB, attempt, at_most)


def runtime(cost: Cost | None, attempt: int = 1, at_most: int | None = None) -> int:
    """Time limit that a job asks for, in minutes.

    Parameters
    ----------
    cost
        The estimate for the job; None if its stage has none.
    attempt
        1 at first, 2 when it is tried again.
    at_most
        More is never asked for; None if there is no limit.
    """
    return runtime_of_group([cost], attempt, at_most)


def runtime_of_group(
    costs: Iterable[Cost | None], attempt: int = 1, at_most: int | None = None
) -> int:
    """Time limit for several jobs, one after the other, that a scheduler starts as one, in minutes.

    The parameters are those of :func:`runtime`. The time of the start counts once.
    """
    seconds = sum((cost or UNKNOWN).seconds for cost in costs)
    return _asked(TIME_OF_THE_START + MARGIN * seconds / 60.0, attempt, at_most)


def _asked(needed: float, attempt: int, at_most: int | None) -> int:
    asked = math.ceil(needed) * 2 ** (attempt - 1)
    return asked if at_most is None else min(asked, at_most)


def check_paths(paths: Iterable[str | Path]) -> None:
    """Refuse paths that the command of a job on a cluster would not hand on whole.

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
