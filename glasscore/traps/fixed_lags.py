"""Correlations between t_w and t_w + lag, with lags that do not grow with the waiting time.

``lag_same_configuration`` is the probability that the configuration is the same at both times,
``lag_no_jump`` that it was never left in between, and ``lag_overlap`` the share of spins that are
the same at both times minus the share of those that are not.
"""

import xarray as xr

from glasscore.estimates.samples import mean_and_error, proportion_and_error
from glasscore.files.store import measured
from glasscore.models.schedule import after_lags
from glasscore.traps.aging_functions import where_observed

PAIR = ("fixed_waiting_time", "fixed_lag")


def fixed_lags(blocks: xr.Dataset, spins: float | None) -> dict[str, xr.Variable]:
    """Averages over all samples.

    Parameters
    ----------
    blocks
        What the recorder ``fixed_lags`` wrote for all samples.
    spins
        Number of spins N, or ``None`` if states do not consist of spins.

    Returns
    -------
    dict
        Means and errors of shape (fixed_waiting_time, fixed_lag), which are NaN where t_w + lag
        lies beyond the end of the run.
    """
    apart = blocks.lag_distance
    observed = (apart >= 0).all("sample").values
    later = after_lags(apart.fixed_waiting_time.values, apart.fixed_lag.values)
    stays = blocks.lag_departure.values[:, :, None] > later
    averages = {
        "lag_same_configuration": (
            proportion_and_error(apart.values == 0),
            "probability of the same configuration at t_w and t_w + lag",
            r"\Pi_{\rm same}",
        ),
        "lag_no_jump": (
            proportion_and_error(stays),
            "probability of no jump between t_w and t_w + lag",
            r"\Pi",
        ),
    }
    if spins is not None:
        averages["lag_overlap"] = (
            mean_and_error(1.0 - 2.0 * apart.values / spins),
            "overlap of the configurations at t_w and t_w + lag",
            "q",
        )
    found: dict[str, xr.Variable] = {name: apart[name].variable for name in PAIR}
    for name, (average, text, symbol) in averages.items():
        found |= measured(name, PAIR, *where_observed(observed, *average), text, symbol)
    return found
