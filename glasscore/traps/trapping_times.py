"""Densities of trapping times in single configurations, by visits and by stays."""

import numpy as np
import xarray as xr

from glasscore.estimates.samples import ratio_and_error
from glasscore.files.store import measured, quantity

UNIT = "attempts"


def trapping_times(blocks: xr.Dataset) -> dict[str, xr.Variable]:
    """The variables ``trapping_time_density`` and ``stay_density``, by ``trapping_time``.

    They are shares of all visits and of all stays, per unit of time. A visit ends with the first
    jump. A stay continues as long as each jump to a neighbour is followed by the jump back.
    """
    return {
        **density_of_counts(blocks, "trapping_time_count", "trapping_time_density", "visits"),
        **density_of_counts(blocks, "stay_count", "stay_density", "stays"),
    }


def density_of_counts(
    blocks: xr.Dataset, counts: str, name: str, of_what: str
) -> dict[str, xr.Variable]:
    """The density ``name`` of a recorded histogram, with the axis ``trapping_time`` and its edges.

    The coordinate of a bin is the geometric mean of its edges. The two open bins of the histogram
    are left out, but their events count in the normalisation.
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
