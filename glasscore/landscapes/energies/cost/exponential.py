"""What exponential energies cost: nothing is stored, and trajectories visit traps."""

from typing import Any

from glasscore.landscapes.energies.cost import FLICKERING, trap_visits


def visits(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """As to the traps of Bouchaud's model, and their neighbours."""
    return min(t, max(t**FLICKERING, 2.0 * trap_visits(T, N, t)))


def visits_and_leaps(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """Without the flickering."""
    return min(t, 3.0 * trap_visits(T, N, t))
