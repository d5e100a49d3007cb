"""What exact laws and stationary equations cost: seconds, whichever they are."""

from typing import Any

from glasscore.cost import EMPTY, START, Cost

SOLVING = 2.0


def estimate(parameters: dict[str, Any], inputs: list[dict[str, Any]]) -> Cost:
    """Cost of one study."""
    return Cost(START + SOLVING, EMPTY)
