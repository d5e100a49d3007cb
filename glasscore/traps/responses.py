r"""Integrated responses, their correlations and the fluctuation-dissipation ratio.

The ratio is defined at fixed time t of the response by the change with the waiting time t_w,

.. math:: X(t, t_w) = -T \frac{\partial \chi / \partial t_w}{\partial C / \partial t_w},

and estimated from each waiting time and the next one, up to t itself, where chi = 0 and C = 1. In
equilibrium X = 1. The slope of chi(C) at fixed t_w is another number out of equilibrium, unless chi
depends on C alone (L. F. Cugliandolo and J. Kurchan, J. Phys. A 27, 5749 (1994)).
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from glasscore.estimates.samples import jackknifed_ratio, mean_and_error
from glasscore.files.store import measured

PAIR, LATER = ("waiting_time", "window"), ("field_time", "response_time")
# The ratio is known where its denominator is this many standard errors from zero.
LEAST_CHANGE = 4.0


def responses(blocks: xr.Dataset, windows: Sequence[float], T: float) -> dict[str, xr.Variable]:
    """Means with errors at the chosen windows and at all later waiting times, and the ratio.

    Parameters
    ----------
    blocks
        What the recorder ``responses`` wrote for all samples.
    windows
        Values of omega; each must have been recorded.
    T
        The temperature.

    Returns
    -------
    dict
        Responses in 1/J, correlations and ratios; NaN where the later time lies beyond the end of
        the run, and ratios also where the change of the correlation is less than four standard
        errors. The error of a ratio is that of the jackknife over samples.
    """
    chosen = blocks.sel(window=list(windows))
    ends = "t_w and t_w (1 + omega)", "the field time and the response time"
    times = ("waiting_time", "window", "field_time", "response_time")
    found = {name: chosen[name].variable for name in times}
    for prefix, dims, end in (("", PAIR, ends[0]), ("later_", LATER, ends[1])):
        found |= measured(
            f"{prefix}response", dims, *mean_and_error(chosen[f"{prefix}response"].values),
            f"integrated response to a field between {end}", r"\chi", "1 / J",
        )  # fmt: skip
        found |= measured(
            f"{prefix}correlation", dims, *mean_and_error(chosen[f"{prefix}correlation"].values),
            f"correlation between {end}", "C",
        )  # fmt: skip
    violation = T * chosen.response.values + chosen.correlation.values - 1.0
    ratio, error = _ratio(blocks, T)
    return {
        **found,
        **measured(
            "fluctuation_dissipation_violation", PAIR, *mean_and_error(violation),
            "distance from the fluctuation-dissipation theorem, T chi - (1 - C)",
            r"T \chi + C - 1",
        ),
        **measured(
            "fluctuation_dissipation_ratio", LATER, ratio, error,
            "fluctuation-dissipation ratio between the field time and the next one", "X",
        ),
    }  # fmt: skip


def _ratio(blocks: xr.Dataset, T: float) -> tuple[np.ndarray, np.ndarray]:
    """The ratio at all times of the field and of the response, with its error."""
    # From each time to the next one; nothing follows the last one.
    response, correlation = (
        np.diff(blocks[name].values, axis=1, append=np.nan)
        for name in ("later_response", "later_correlation")
    )
    change, error = mean_and_error(correlation)
    ratio, ratio_error = jackknifed_ratio(-T * response, correlation)
    known = np.abs(change) > LEAST_CHANGE * error
    return np.where(known, ratio, np.nan), np.where(known, ratio_error, np.nan)
