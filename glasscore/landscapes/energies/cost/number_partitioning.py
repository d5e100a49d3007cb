"""Cost of number partitioning; the logarithm of the difference behaves as a trap model."""

from typing import Any

from glasscore.landscapes.energies import cost
from glasscore.landscapes.energies.cost import exponential


def visits(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """Number of visits: that of exponential energies, or for E = |D| the default."""
    law = exponential if options.get("logarithm", True) else cost
    return law.visits(N, T, t, options)


def visits_and_leaps(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """Visits and leaps: those of exponential energies, or for E = |D| the default."""
    law = exponential if options.get("logarithm", True) else cost
    return law.visits_and_leaps(N, T, t, options)
