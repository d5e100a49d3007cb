"""What Gaussian energies cost: nothing is stored; slow aging, then equilibrium."""

import math
from typing import Any

from glasscore.landscapes.energies.cost import FLICKERING

T_C = 1.0 / math.sqrt(2.0 * math.log(2.0))


def visits(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """Those of the random energy model, and returns."""
    return max(t**FLICKERING, visits_and_leaps(N, T, t, options))


def visits_and_leaps(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """Slow aging, then equilibrium."""
    wandering = 2.0 * t ** (0.33 + 0.1 * min(T / T_C, 1.0) ** 2)
    return min(t, wandering + t * math.exp(-(1.6 + 0.29 * N) / T))
