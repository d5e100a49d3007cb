"""How trajectories forget the configuration in which they begin, and how long that takes.

``correlation_from_start`` is C(t, 0): for spins the overlap of the configurations at t and at 0,
the share of spins that are the same minus the share of those that are not; for other states the
probability that the state is the same. If trajectories begin in equilibrium at the temperature of
the run, C is the equilibrium correlation of any two times that are t apart, and ``relaxation_time``
is the time at which it has fallen to one half.
"""

import numpy as np
import xarray as xr

from glasscore.estimates.relaxation_time import relaxation_time
from glasscore.estimates.samples import mean_and_error, proportion_and_error
from glasscore.files.store import measured, parameters_of
from glasscore.traps.stationarity import is_stationary

NOT_REACHED = "unknown, since C(t, 0) has not fallen to 1/2 by the end of the run"


def memory(blocks: xr.Dataset, spins: float | None) -> dict[str, xr.Variable]:
    """The correlation with the start and, in equilibrium, the relaxation time.

    Parameters
    ----------
    blocks
        What the recorder ``memory`` wrote for all samples.
    spins
        Number of spins N, or ``None`` if states do not consist of spins.

    Returns
    -------
    dict
        ``correlation_from_start(time)`` and, if trajectories begin in equilibrium,
        ``relaxation_time`` in attempts, each with its error.
    """
    distance = blocks.start_distance.values
    if spins is None:
        each = (distance == 0).astype(np.float64)
        correlation = proportion_and_error(distance == 0)
        long_name = "probability of the configuration at t = 0"
    else:
        each = 1.0 - 2.0 * distance / spins
        correlation = mean_and_error(each)
        long_name = "overlap with the configuration at t = 0"
    found = {
        "time": blocks.time.variable,
        **measured("correlation_from_start", "time", *correlation, long_name, "C(t, 0)"),
    }
    if is_stationary(parameters_of(blocks)):
        tau, error = relaxation_time(blocks.time.values, each)
        said = {"missing": NOT_REACHED} if np.isnan(tau) else {}
        found |= measured(
            "relaxation_time", (), tau, error, "time at which C(t, 0) is 1/2 in equilibrium",
            r"\tau", "attempts", **said,
        )  # fmt: skip
    return found
