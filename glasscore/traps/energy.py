"""Mean energy after the quench."""

import xarray as xr

from glasscore.statistics.samples import mean_and_error
from glasscore.store import measured, quantity


def energy(blocks: xr.Dataset) -> dict[str, xr.Variable]:
    """``energy(time)``: <E(t)> over disorder samples."""
    mean, error = mean_and_error(blocks.energy.values)
    return {
        "time": blocks.time.variable,
        **measured("energy", "time", mean, error, "mean energy", r"\langle E \rangle", "J"),
        **samples_used(blocks),
    }


def samples_used(blocks: xr.Dataset) -> dict[str, xr.Variable]:
    """How many disorder samples an average is over."""
    return {"samples": quantity((), blocks.sizes["sample"], "number of disorder samples", "n")}
