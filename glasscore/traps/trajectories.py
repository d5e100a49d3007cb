"""Single trajectories of the first samples, which are passed on as they were recorded.

``trajectory_energy(trajectory, trajectory_time)`` is the actual trajectory. The traps that are
occupied at one of these times, with arrival, departure and lowest energy, are the renormalised
trajectory.
"""

import xarray as xr

NAME = "trajectory"


def split_block(block: xr.Dataset) -> tuple[xr.Dataset, xr.Dataset]:
    """The variables of a block that hold all its samples, and its trajectories, if it has any."""
    names = [str(name) for name in block.variables if str(name).startswith(NAME)]
    return block.drop_vars(names), block[names]


def trajectories(blocks: xr.Dataset) -> dict[str, xr.Variable]:
    """The trajectories, without entries that are empty in all of them."""
    _, found = split_block(blocks)
    for dimension in found.dims:
        if dimension not in found.coords:
            found = found.dropna(str(dimension), how="all")
    names = [str(name) for name in found.variables if str(name).startswith(NAME)]
    return {name: found[name].variable for name in names}
