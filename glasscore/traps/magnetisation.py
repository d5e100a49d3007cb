"""The mean magnetisation, and the course of temperature and field."""

import xarray as xr

from glasscore.estimates.samples import mean_and_error
from glasscore.files.store import measured


def magnetisation(blocks: xr.Dataset) -> dict[str, xr.Variable]:
    """The mean over disorder samples of the magnetisation per spin, with its error."""
    mean = mean_and_error(blocks.magnetisation.values)
    return {
        "time": blocks.time.variable,
        **measured("magnetisation", "time", *mean, "mean magnetisation per spin", "m"),
    }


def course(blocks: xr.Dataset) -> dict[str, xr.Variable]:
    """Temperature and field at the observation times, where they change or there is a field."""
    names = [name for name in ("temperature", "field") if name in blocks]
    return {name: blocks[name].variable for name in (*names, *(["time"] if names else []))}
