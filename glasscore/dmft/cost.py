"""What a self-consistent solution costs: its time grows as a power of the logarithm of t_max."""

import math
from typing import Any

from glasscore.common.cost import EMPTY, MIB, START, Cost
from glasscore.dmft.single_site import cost as single_site

# CPU time for the covariance {3: 0.5}, from infinite temperature to t = 1e8, tolerance 1e-6.
SECONDS, DECADES = 10.0, 8.0
FASTEST_TOLERANCE, TOLERANCE_POWER = 1e-5, 0.25


def estimate(parameters: dict[str, Any], inputs: list[dict[str, Any]]) -> Cost:
    """Cost of one temperature."""
    if "single_site" in parameters["model"]:
        return single_site.estimate(parameters, inputs)
    decades = math.log10(10.0 + parameters["t_max"])
    tolerance = min(parameters["tolerance"], FASTEST_TOLERANCE)
    seconds = SECONDS * (decades / DECADES) ** 2 * (1e-6 / tolerance) ** TOLERANCE_POWER
    seconds *= 1 + len(parameters["ramps"])
    return Cost(START + seconds, EMPTY + 80.0 * MIB)
