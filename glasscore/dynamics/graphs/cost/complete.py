"""Cost of the dynamics on the complete graph: the trap model and the step model.

The number of visits in the step model grows as t^(2 - 1/x) for T_c/2 < T < T_c, with x = T/T_c.

Source: A. Barrat and M. Mezard, J. Phys. I France 5, 941 (1995), for the step model.
"""

import math
from typing import Any

from glasscore.landscapes.energies.cost import trap_visits


def visits(
    law: Any, N: float, T: float, t: float, options: dict[str, Any], depend_on_destination: bool
) -> float:
    """Visits in the step model if rates depend on the destination, else in the trap model."""
    return step_visits(T, N, t) if depend_on_destination else trap_visits(T, N, t)


def visits_and_leaps(law: Any, N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """Infinite, since the superbasin clock never leaps on this graph."""
    return math.inf


def nanoseconds_of_a_visit(law: Any, N: float, options: dict[str, Any]) -> float:
    """CPU time of a visit, nearly the same for any number of states."""
    return 55.0


def step_visits(T: float, N: float, t: float) -> float:
    """Number of visits in Barrat's and Mezard's model with 2^N states; T is in units of T_c."""
    if T >= 1.0:
        return t * max(0.1, 1.6 * (1.0 - 1.0 / T))
    visits = 1.0 + 2.5 * math.log(t)
    if T > 0.5:
        visits += 2.0 * t ** (2.0 - 1.0 / T)
    if T > 0.0 and math.isfinite(N):
        visits = max(visits, 2.0 * t * 2.0**-N, 2.0 * trap_visits(T, N, t))
    return min(visits, t)
