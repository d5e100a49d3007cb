"""Densities of trapping times: how long visits to, and stays in, single configurations last."""

import numpy as np
import xarray as xr

from glasscore.estimates.samples import ratio_and_error
from glasscore.files.store import measured, quantity

UNIT = "attempts"


def trapping_times(blocks: xr.Dataset) -> dict[str, xr.Variable]:
    """``trapping_time_density`` of visits and ``stay_density`` of stays, by ``trapping_time``.

    Shares of all visits (stays) per unit of time. A visit ends with the first jump; a stay goes on
    while every excursion leads straight back.
    """
    return {
        **density_of_counts(blocks, "trapping_time_count", "trapping_time_density", "visits"),
        **density_of_counts(blocks, "stay_count", "stay_density", "stays"),
    }


def density_of_counts(
    blocks: xr.Dataset, counts: str, name: str, of_what: str
) -> dict[str, xr.Variable]:
    """The density ``name`` of recorded ``counts``, with the axis ``trapping_time`` and its edges.

    Bins are named by the geometric mean of their edges; the two open bins of the record are left
    out, but are counted in the norm.
    """
    lower, upper = blocks.trapping_time_lower.values, blocks.trapping_time_upper.values
    closed = (lower > 0) & np.isfinite(upper)
    lower, upper = lower[closed], upper[closed]
    axis = "trapping_time"
    values = blocks[counts].values
    share, error = ratio_and_error(values, values.sum(axis=1, keepdims=True))
    return {
        axis: quantity(axis, np.sqrt(lower * upper), "trapping time, bin centre", r"\tau", UNIT),
        f"{axis}_lower": quantity(axis, lower, "lower edge of the bin", r"\tau_-", UNIT),
        f"{axis}_upper": quantity(axis, upper, "upper edge of the bin", r"\tau_+", UNIT),
        **measured(
            name, axis, share[closed] / (upper - lower), error[closed] / (upper - lower),
            f"density of the trapping times of {of_what}", r"\psi(\tau)", f"1/{UNIT}",
        ),
    }  # fmt: skip
