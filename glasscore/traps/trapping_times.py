"""Densities of trapping times: how long visits to, and stays in, single configurations last."""

import numpy as np
import xarray as xr

from glasscore.statistics.samples import ratio_and_error
from glasscore.store import measured, quantity

UNIT = "attempts"


def trapping_times(blocks: xr.Dataset) -> dict[str, xr.Variable]:
    """``trapping_time_density`` of visits and ``stay_density`` of stays, by ``trapping_time``.

    Shares of all visits (stays) per unit of time. Bins are named by the geometric mean of their
    edges; the two open bins of the record are left out, but are counted in the norm. A visit ends
    with the first jump; a stay goes on while every excursion leads straight back.
    """
    lower, upper = blocks.trapping_time_lower.values, blocks.trapping_time_upper.values
    closed = (lower > 0) & np.isfinite(upper)
    lower, upper = lower[closed], upper[closed]
    centre = np.sqrt(lower * upper)
    axis = "trapping_time"
    return {
        axis: quantity(axis, centre, "trapping time, bin centre", r"\tau", UNIT),
        f"{axis}_lower": quantity(axis, lower, "lower edge of the bin", r"\tau_-", UNIT),
        f"{axis}_upper": quantity(axis, upper, "upper edge of the bin", r"\tau_+", UNIT),
        **_density(
            "trapping_time_density", blocks.trapping_time_count, closed, upper - lower, "visits"
        ),
        **_density("stay_density", blocks.stay_count, closed, upper - lower, "stays"),
    }


def _density(
    name: str, counts: xr.DataArray, closed: np.ndarray, width: np.ndarray, of_what: str
) -> dict[str, xr.Variable]:
    total = counts.values.sum(axis=1, keepdims=True)
    share, error = (values[closed] for values in ratio_and_error(counts.values, total))
    long_name = f"density of the trapping times of {of_what}"
    symbol, unit = r"\psi(\tau)", f"1/{UNIT}"
    return measured(name, "trapping_time", share / width, error / width, long_name, symbol, unit)
