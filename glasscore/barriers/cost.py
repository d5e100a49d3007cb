"""What all minima and barriers of small landscapes cost."""

from typing import Any

from glasscore.common.cost import EMPTY, START, Cost

# Drawing, sorting and flooding 2^20 states; more states than a cache holds take longer each.
SECONDS_AT_20 = 0.3
GROWTH = 2.0**1.25
# Two transforms of 2^20 weights, and what is done with each of them, at one temperature.
SECONDS_OF_A_TEMPERATURE_AT_20 = 0.08
BYTES_OF_A_STATE = 40.0


def estimate(parameters: dict[str, Any], inputs: list[dict[str, Any]]) -> Cost:
    """Cost of one size."""
    N, samples = parameters["N"], parameters["samples"]
    temperatures = len(parameters.get("overlap_temperatures", ()))
    at_20 = SECONDS_AT_20 + SECONDS_OF_A_TEMPERATURE_AT_20 * temperatures
    seconds = samples * (1e-3 + at_20 * GROWTH ** (N - 20))
    return Cost(START + seconds, EMPTY + BYTES_OF_A_STATE * 2.0**N)
