"""What a job of random walks costs."""

from typing import Any

from glasscore.common.cost import EMPTY, NANOSECOND, START, Cost


def estimate(parameters: dict[str, Any], inputs: list[dict[str, Any]]) -> Cost:
    """A few nanoseconds a step."""
    return Cost(START + 5 * NANOSECOND * parameters["samples"] * parameters["N"], EMPTY)
