"""What exact laws and stationary equations cost: seconds, but two grow with what is asked."""

from typing import Any

from glasscore.common.cost import EMPTY, START, Cost

SOLVING = 2.0
# Of one temperature and field with twelve steps of broken symmetry, as the square of the steps.
OF_TWELVE_STEPS = 3.0
# Of one strength of the signal, by overlap.
OF_AN_OVERLAP = 0.01


def estimate(parameters: dict[str, Any], inputs: list[dict[str, Any]]) -> Cost:
    """Cost of one study."""
    return Cost(START + SOLVING + _growing(parameters), EMPTY)


def _growing(parameters: dict[str, Any]) -> float:
    match parameters["solve"]:
        case "parisi_function":
            points = len(parameters["T"]) * len(parameters["h"])
            return OF_TWELVE_STEPS * points * (parameters["steps"] / 12.0) ** 2
        case "spiked_tensor":
            return OF_AN_OVERLAP * len(parameters["r"]) * parameters["overlaps"]
    return 0.0
