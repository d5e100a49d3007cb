"""Cost of the complete graph: a table of all states, if rates depend on the destination."""

import math

from glasscore.common.cost import NANOSECOND


def seconds(N: float, rates_depend_on_destination: bool) -> float:
    """CPU seconds for sorting all states, at a hundred nanoseconds per state."""
    return 100.0 * NANOSECOND * _sorted_states(N, rates_depend_on_destination)


def memory(N: float, rates_depend_on_destination: bool) -> float:
    """Bytes of the table, at three doubles per state."""
    return 3 * 8 * _sorted_states(N, rates_depend_on_destination)


def _sorted_states(N: float, rates_depend_on_destination: bool) -> float:
    return 2.0**N if math.isfinite(N) and rates_depend_on_destination else 0.0
