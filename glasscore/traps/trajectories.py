"""Single trajectories of the first samples: handed on as they were recorded.

``trajectory_energy(trajectory, trajectory_time)`` is the actual trajectory, and the traps that are
occupied at one of these times, with arrival, departure and lowest energy, are the renormalised one.
"""

import xarray as xr

NAME = "trajectory"


def taken_apart(block: xr.Dataset) -> tuple[xr.Dataset, xr.Dataset]:
    """What a block has of all its samples, and its trajectories, if it has any."""
    names = [str(name) for name in block.variables if str(name).startswith(NAME)]
    return block.drop_vars(names), block[names]


def trajectories(blocks: xr.Dataset) -> dict[str, xr.Variable]:
    """The trajectories, without the places that none of them uses."""
    _, found = taken_apart(blocks)
    for dimension in found.dims:
        if dimension not in found.coords:
            found = found.dropna(str(dimension), how="all")
    names = [str(name) for name in found.variables if str(name).startswith(NAME)]
    return {name: found[name].variable for name in names}
