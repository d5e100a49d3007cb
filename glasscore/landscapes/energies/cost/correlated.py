"""What correlated energies cost: all 2^N of them are drawn and kept."""

import math
from typing import Any

from glasscore.common.cost import NANOSECOND
from glasscore.landscapes.energies.cost import visits_over_barriers


def seconds(N: float, options: dict[str, Any]) -> float:
    """Fifteen nanoseconds a state."""
    return 15.0 * NANOSECOND * 2.0**N


def memory(N: float, options: dict[str, Any]) -> float:
    """A double a state, of two samples."""
    return 2 * 8 * 2.0**N


def visits(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """As in a model of p = alpha N spins, with energies larger by sqrt 2."""
    return visits_over_barriers(options["alpha"] * N, math.sqrt(2.0), T, t)
