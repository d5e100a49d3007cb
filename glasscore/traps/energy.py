"""Mean energy after the quench."""

import xarray as xr

from glasscore.statistics.samples import mean_and_error
from glasscore.store import measured


def energy(blocks: xr.Dataset) -> dict[str, xr.Variable]:
    """``energy(time)``: <E(t)> over disorder samples."""
    mean, error = mean_and_error(blocks.energy.values)
    return {
        "time": blocks.time.variable,
        **measured("energy", "time", mean, error, "mean energy", r"\langle E \rangle", "J"),
    }
