"""Cost of the Sherrington-Kirkpatrick model: that of the p-spin model with p = 2."""

from typing import Any

from glasscore.landscapes.energies.cost import pspin

PAIRS = {"p": 2}


def seconds(N: float, options: dict[str, Any]) -> float:
    """CPU seconds, at ten nanoseconds per coupling."""
    return pspin.seconds(N, PAIRS)


def memory(N: float, options: dict[str, Any]) -> float:
    """Bytes of all couplings, at four per coupling, for two samples."""
    return pspin.memory(N, PAIRS)


def visits(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """Number of visits over barriers as high as in the p-spin model with p = 2."""
    return pspin.visits(N, T, t, PAIRS)
