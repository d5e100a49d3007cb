"""The cost of a job of random walks."""

from typing import Any

from glasscore.common.cost import EMPTY, NANOSECOND, START, Cost


def estimate(parameters: dict[str, Any], inputs: list[dict[str, Any]]) -> Cost:
    """A step of a walker takes a few nanoseconds."""
    return Cost(START + 5 * NANOSECOND * parameters["samples"] * parameters["N"], EMPTY)
