"""Aging functions of single configurations, between t_w and t_w (1 + omega).

``same_configuration``: the configuration at both times is the same, left in between or not.
``no_jump``: it was never left in between. ``overlap``: what share of the spins is the same, minus
the share that is not.
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from glasscore.schedule import later_times
from glasscore.statistics.samples import mean_and_error, proportion_and_error
from glasscore.store import measured

PAIR = ("waiting_time", "window")


def aging_functions(
    blocks: xr.Dataset, windows: Sequence[float], spins: float | None
) -> dict[str, xr.Variable]:
    """Aging functions at the chosen windows.

    Parameters
    ----------
    blocks
        What the recorder ``configurations`` wrote, all samples together.
    windows
        Values of omega; each must have been recorded.
    spins
        Number of spins N, or ``None`` where a state has no overlap with another.

    Returns
    -------
    dict
        Means and errors of shape (waiting_time, window), NaN where t_w (1 + omega) lies beyond
        the end of the run; the energy at the waiting times.
    """
    chosen = blocks.sel(window=list(windows))
    later = later_times(chosen.waiting_time.values, chosen.window.values)
    observed = (chosen.distance >= 0).all("sample").values

    same, same_error = proportion_and_error(chosen.distance.values == 0)
    stays = chosen.departure.values[:, :, None] > later
    never, never_error = proportion_and_error(stays)
    energy, energy_error = mean_and_error(chosen.waiting_energy.values)

    def where_observed(values: np.ndarray) -> np.ndarray:
        return np.where(observed, values, np.nan)

    result = {
        "waiting_time": chosen.waiting_time.variable,
        "window": chosen.window.variable,
        **measured(
            "same_configuration", PAIR, where_observed(same), where_observed(same_error),
            "probability of the same configuration at t_w and t_w (1 + omega)", r"\Pi_{\rm same}",
        ),
        **measured(
            "no_jump", PAIR, where_observed(never), where_observed(never_error),
            "probability of no jump between t_w and t_w (1 + omega)", r"\Pi",
        ),
        **measured(
            "waiting_energy", "waiting_time", energy, energy_error,
            "mean energy at the waiting time", r"\langle E(t_w) \rangle", "J",
        ),
    }  # fmt: skip
    if spins is not None:
        mean, error = mean_and_error(1.0 - 2.0 * chosen.distance.values / spins)
        result |= measured(
            "overlap", PAIR, where_observed(mean), where_observed(error),
            "overlap of the configurations at t_w and t_w (1 + omega)", "q",
        )  # fmt: skip
    return result
