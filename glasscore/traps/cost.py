"""What averages over all blocks of a point cost."""

from typing import Any

from glasscore.common.cost import EMPTY, START, Cost

SECONDS_OF_A_SAMPLE = 5e-5
# The fit of the subaging exponent and its bootstrap.
SECONDS_OF_A_FIT = 0.15
# The blocks, joined, and what is computed from them.
MEMORY_OF_A_SAMPLE = 12e3
# Responses between all waiting times, and what the jackknife computes from them.
MEMORY_OF_RESPONSES = 35e3


def estimate(parameters: dict[str, Any], inputs: list[dict[str, Any]]) -> Cost:
    """Cost of one point, by the samples in its blocks."""
    samples = sum(block["samples"] for block in inputs)
    memory = MEMORY_OF_A_SAMPLE
    memory += MEMORY_OF_RESPONSES if "responses" in parameters["recorders"] else 0.0
    seconds = SECONDS_OF_A_FIT + SECONDS_OF_A_SAMPLE * samples
    return Cost(START + seconds, EMPTY + memory * samples)
