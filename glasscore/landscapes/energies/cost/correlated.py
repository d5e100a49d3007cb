"""Cost of correlated energies, all 2^N of which are drawn and stored."""

import math
from typing import Any

from glasscore.common.cost import NANOSECOND
from glasscore.landscapes.energies.cost import visits_over_barriers


def seconds(N: float, options: dict[str, Any]) -> float:
    """CPU seconds, at fifteen nanoseconds per state."""
    return 15.0 * NANOSECOND * 2.0**N


def memory(N: float, options: dict[str, Any]) -> float:
    """Bytes of one double per state, for two samples."""
    return 2 * 8 * 2.0**N


def visits(N: float, T: float, t: float, options: dict[str, Any]) -> float:
    """Number of visits in a p-spin model with p = alpha N and energies larger by sqrt 2."""
    return visits_over_barriers(options["alpha"] * N, math.sqrt(2.0), T, t)
