"""What exact dynamics from the master equation costs."""

from typing import Any

from glasscore.common.cost import EMPTY, START, Cost

# CPU seconds a sample at a size, and the factor that a spin more makes: observables that solve
# all 2^N linear equations or all eigenvalues need 8, those that know which rates vanish less.
MEASURED = {
    "aging_functions": (10, 3.0, 8.0),
    "escape_time": (12, 0.3, 7.0),
    "markov_states": (10, 5.0, 8.0),
    "relaxation_times": (10, 2.0, 8.0),
    "trap_aging": (10, 0.3, 4.0),
}
UNKNOWN = (10, 3.0, 8.0)
OVERHEAD = 5e-3
# Jumps of a passage differ by orders of magnitude; a sample makes at most 2e7.
PASSAGE, LONGEST = 5e-4, 2.0
BYTES_OF_A_PAIR = 4.5


def estimate(parameters: dict[str, Any], inputs: list[dict[str, Any]]) -> Cost:
    """Cost of one point."""
    N, seconds = parameters["N"], OVERHEAD
    for name in parameters["observables"]:
        size, at_size, growth = MEASURED.get(name, UNKNOWN)
        seconds += at_size * growth ** (N - size)
    seconds += min(LONGEST, PASSAGE * parameters.get("passages", 0))
    return Cost(START + parameters["samples"] * seconds, EMPTY + BYTES_OF_A_PAIR * 4.0**N)
