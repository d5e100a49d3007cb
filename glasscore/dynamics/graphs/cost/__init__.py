"""What the dynamics on each graph costs, one file a graph, with the name of the graph's file.

A graph without a file has what stands here: its moves are those of the energies' own cost. The
files stand apart from the graphs, so that an estimate starts no compiler, and a better estimate
makes no result look old.
"""

import math
from typing import Any


def visits(
    law: Any, N: float, T: float, t: float, options: dict[str, Any], depend_on_destination: bool
) -> float:
    """Visits to states until the time t, returns included.

    ``law`` is the cost of the energies; the last argument says whether the rule's rates depend on
    where a move leads.
    """
    if T == 0.0:
        # Downhill to a local minimum, and no further.
        return min(t, 2.0 * N)
    return law.visits(N, T, t, options)


def visits_and_leaps(law: Any, N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """Visits and leaps that the superbasin clock makes one by one; infinite if it never leaps."""
    return math.inf if N > 64 or T == 0.0 else law.visits_and_leaps(N, T, t, options)


def nanoseconds_of_a_visit(law: Any, N: float, options: dict[str, Any]) -> float:
    """CPU time of a visit: drawing where to and for how long, and the rates there."""
    return law.nanoseconds_of_a_visit(N, options)


def words(N: float) -> int:
    """Words of a state."""
    return 1
