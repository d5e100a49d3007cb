"""What the complete graph costs: a table of all states, if rates depend on where a move leads."""

import math

from glasscore.common.cost import NANOSECOND


def seconds(N: float, rates_depend_on_destination: bool) -> float:
    """A hundred nanoseconds a state, to sort them."""
    return 100.0 * NANOSECOND * _sorted_states(N, rates_depend_on_destination)


def memory(N: float, rates_depend_on_destination: bool) -> float:
    """Three doubles a state."""
    return 3 * 8 * _sorted_states(N, rates_depend_on_destination)


def _sorted_states(N: float, rates_depend_on_destination: bool) -> float:
    return 2.0**N if math.isfinite(N) and rates_depend_on_destination else 0.0
