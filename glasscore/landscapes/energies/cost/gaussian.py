"""Cost of Gaussian energies: nothing is stored; aging is slow and ends in equilibrium."""

import math
from typing import Any

from glasscore.landscapes.energies.cost import FLICKERING

T_C = 1.0 / math.sqrt(2.0 * math.log(2.0))


def visits(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """Number of visits in the random energy model, returns included."""
    return max(t**FLICKERING, visits_and_leaps(N, T, t, options))


def visits_and_leaps(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """Number of visits and leaps: a term for slow aging and a term for equilibrium."""
    wandering = 2.0 * t ** (0.33 + 0.1 * min(T / T_C, 1.0) ** 2)
    return min(t, wandering + t * math.exp(-(1.6 + 0.29 * N) / T))
