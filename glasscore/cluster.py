"""What a job asks of a cluster: memory and time, twice as much at each attempt.

Locally nothing is asked. A job that is cut off for its time goes on from its restart file where its
stage keeps one (``dynamics``, ``dmft``, ``langevin``), so that little is lost.
"""

import math

from glasscore.cost import MIB, Cost

# The estimate is good to about a factor of three, and nodes may be slower.
MARGIN = 4.0
# Compiling, and the libraries of a scheduler's job, beside the job itself.
MEMORY_OF_THE_START = 500.0 * MIB
# Start from a cold file system, and compilation in a cold cache.
TIME_OF_THE_START = 10.0  # minutes
# Of stages that do not estimate.
UNKNOWN = Cost(seconds=900.0, memory=500.0 * MIB)


def memory(cost: Cost | None, attempt: int = 1) -> int:
    """Memory that a job asks for, in MB.

    Parameters
    ----------
    cost
        The estimate for the job; None if its stage has none.
    attempt
        1 at first, 2 when it is tried again.
    """
    needed = MEMORY_OF_THE_START + 2.0 * (cost or UNKNOWN).memory
    return math.ceil(needed / MIB) * 2 ** (attempt - 1)


def runtime(cost: Cost | None, attempt: int = 1) -> int:
    """Time limit that a job asks for, in minutes.

    Parameters
    ----------
    cost
        The estimate for the job; None if its stage has none.
    attempt
        1 at first, 2 when it is tried again.
    """
    needed = TIME_OF_THE_START + MARGIN * (cost or UNKNOWN).seconds / 60.0
    return math.ceil(needed) * 2 ** (attempt - 1)
