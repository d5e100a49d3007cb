"""What a self-consistent single site costs: its trajectories, at each of a few iterations."""

from importlib import import_module
from typing import Any

from glasscore.common.cost import EMPTY, MIB, NANOSECOND, START, Cost

# Duration of a trajectory in units of t_max, and CPU time of one of its steps.
DURATION, OF_A_STEP = 4.0, 110.0 * NANOSECOND
# Number of trajectories that are computed side by side, and memory of one step of each.
TOGETHER, BYTES_OF_A_STEP = 16, 200.0
# All trajectories are run in about three iterations, and once more for the averages at the end.
PASSES = 4


def estimate(parameters: dict[str, Any], inputs: list[dict[str, Any]]) -> Cost:
    """Cost of one temperature."""
    model = import_module(f"glasscore.dmft.single_site.models.{parameters['model']['single_site']}")
    steps = DURATION * parameters["t_max"] / parameters.get("time_step", model.TIME_STEP)
    trajectories = parameters["ensembles"] * parameters["trajectories"]
    seconds = PASSES * trajectories * steps * OF_A_STEP
    return Cost(START + seconds, EMPTY + 80.0 * MIB + TOGETHER * BYTES_OF_A_STEP * steps)
