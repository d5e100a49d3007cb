"""Whether trajectories are in equilibrium from the start on, so that nothing ages."""

from typing import Any

# Starts whose states are in equilibrium at the temperature T of the start.
IN_EQUILIBRIUM = ("equilibrium", "planted")


def is_stationary(parameters: dict[str, Any]) -> bool:
    """Whether trajectories begin in equilibrium at the temperature of their run.

    All rules obey detailed balance, so that they stay there, unless a field acts besides, or
    temperature or field change. ``parameters`` are those of a job of the dynamics.
    """
    if parameters.get("field") or parameters.get("ramps"):
        return False
    start = parameters.get("start", {})
    return start.get("name") in IN_EQUILIBRIUM and start["T"] == parameters["T"]
