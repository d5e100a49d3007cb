"""What the Sherrington-Kirkpatrick model costs: as the p-spin model with p = 2."""

from typing import Any

from glasscore.landscapes.energies.cost import pspin

PAIRS = {"p": 2}


def seconds(N: float, options: dict[str, Any]) -> float:
    """Ten nanoseconds a coupling."""
    return pspin.seconds(N, PAIRS)


def memory(N: float, options: dict[str, Any]) -> float:
    """Four bytes a coupling, of two samples."""
    return pspin.memory(N, PAIRS)


def visits(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """Over barriers as high as those of pairs."""
    return pspin.visits(N, T, t, PAIRS)
