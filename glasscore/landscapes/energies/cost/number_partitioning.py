"""What number partitioning costs: the logarithm of the difference is a model of traps."""

from typing import Any

from glasscore.landscapes.energies import cost
from glasscore.landscapes.energies.cost import exponential


def visits(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """As with exponential energies, or for the difference itself as with any."""
    law = exponential if options.get("logarithm", True) else cost
    return law.visits(N, T, t, options)


def visits_and_leaps(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """As with exponential energies, or for the difference itself as with any."""
    law = exponential if options.get("logarithm", True) else cost
    return law.visits_and_leaps(N, T, t, options)
