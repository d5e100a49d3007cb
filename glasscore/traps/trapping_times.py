"""Density of trapping times: how long visits to single configurations last."""

import numpy as np
import xarray as xr

from glasscore.statistics.samples import ratio_and_error
from glasscore.store import measured, quantity


def trapping_time_density(blocks: xr.Dataset) -> dict[str, xr.Variable]:
    """``trapping_time_density(trapping_time)``, the share of visits per unit of trapping time.

    Shares are of all visits; the two open bins of the record are left out, but are counted in the
    norm. Bins are named by the geometric mean of their edges.
    """
    counts = blocks.trapping_time_count.values
    lower, upper = blocks.trapping_time_lower.values, blocks.trapping_time_upper.values
    share, error = ratio_and_error(counts, counts.sum(axis=1, keepdims=True))
    closed = (lower > 0) & np.isfinite(upper)
    width = (upper - lower)[closed]
    centre = np.sqrt(lower[closed] * upper[closed])
    unit = "attempts"
    return {
        "trapping_time": quantity(
            "trapping_time", centre, "trapping time, bin centre", r"\tau", unit
        ),
        "trapping_time_lower": quantity(
            "trapping_time", lower[closed], "lower edge of the bin", r"\tau_-", unit
        ),
        "trapping_time_upper": quantity(
            "trapping_time", upper[closed], "upper edge of the bin", r"\tau_+", unit
        ),
        **measured(
            "trapping_time_density",
            "trapping_time",
            share[closed] / width,
            error[closed] / width,
            "density of trapping times",
            r"\psi(\tau)",
            f"1/{unit}",
        ),
    }
