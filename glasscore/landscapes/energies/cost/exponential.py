"""Cost of exponential energies: nothing is stored, and trajectories visit traps."""

from typing import Any

from glasscore.landscapes.energies.cost import FLICKERING, trap_visits


def visits(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """Number of visits to the traps of Bouchaud's model and to their neighbours."""
    return min(t, max(t**FLICKERING, 2.0 * trap_visits(T, N, t)))


def visits_and_leaps(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """Number of visits and leaps, which do not include immediate returns."""
    return min(t, 3.0 * trap_visits(T, N, t))
