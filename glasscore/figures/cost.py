"""What a figure costs. Most of it is the time to load the libraries that draw."""

from typing import Any

from glasscore.common.cost import EMPTY, MIB, START, Cost

DRAWING, READING = 2.0, 0.02
# Memory to draw the picture in its formats, and for the results behind the figure.
CANVAS = 120.0 * MIB


def estimate(parameters: dict[str, Any], inputs: list[dict[str, Any]]) -> Cost:
    """Cost of one figure."""
    return Cost(START + DRAWING + READING * len(inputs), EMPTY + CANVAS)
