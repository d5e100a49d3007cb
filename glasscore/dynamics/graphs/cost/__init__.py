"""Costs of the dynamics on each graph: one file per graph, with the name of the graph's file.

A graph without a file uses the functions of this module, which take the number of visits and the
time per visit from the cost of the energies. The cost files are separate from the graphs, so that
an estimate need not import the compiler, and a change of an estimate does not make results
outdated.
"""

import math
from typing import Any


def visits(
    law: Any, N: float, T: float, t: float, options: dict[str, Any], depend_on_destination: bool
) -> float:
    """Number of visits to states until the time t, returns included.

    ``law`` is the cost module of the energies. The last argument says whether the rule's rates
    depend on the energy of the destination.
    """
    if T == 0.0:
        # At T = 0 the trajectory descends to a local minimum and stays there.
        return min(t, 2.0 * N)
    return law.visits(N, T, t, options)


def visits_and_leaps(law: Any, N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """Number of visits and leaps that the superbasin clock makes; infinite if it never leaps."""
    return math.inf if N > 64 or T == 0.0 else law.visits_and_leaps(N, T, t, options)


def nanoseconds_of_a_visit(law: Any, N: float, options: dict[str, Any]) -> float:
    """CPU time of a visit: drawing its duration and the next move, and computing the rates."""
    return law.nanoseconds_of_a_visit(N, options)


def words(N: float) -> int:
    """Number of 64-bit words in which a state is stored."""
    return 1
