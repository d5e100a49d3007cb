"""Cost of a list of all states: their energies and weights, and the running sums of these."""

import math

from glasscore.common.cost import NANOSECOND


def seconds(N: float) -> float:
    """CPU seconds, at 60 nanoseconds and two nanoseconds per spin for each state."""
    return (60.0 + 2.0 * N) * NANOSECOND * 2.0**N if math.isfinite(N) else 0.0


def memory(N: float) -> float:
    """Bytes of three numbers for each state."""
    return 24.0 * 2.0**N if math.isfinite(N) else 0.0
