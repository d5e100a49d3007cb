"""A clock that makes jump after jump, as the clock ``rejection_free`` does."""

from typing import Any

from glasscore.dynamics.clocks import rejection_free
from glasscore.dynamics.interface import workspace
from glasscore.kernels.compilation import kernel

jumps = rejection_free.trajectory


def create(landscape: Any, rule: Any, may_leap: bool) -> Any:
    """Room for the moves out of a state."""
    return workspace(landscape, rule)


@kernel
def trajectory(clock, landscape, rule, recorder, sample, position, visit, until, rng):
    """Run a sample until the visit that lasts beyond ``until``; return the visits begun."""
    return jumps(clock, landscape, rule, recorder, sample, position, visit, until, rng)
