"""Which simulations, of finite N, are those of a single site, and their correlation."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.files.store import parameters_of

Array = NDArray[np.float64]
# How close to T_g, relative to it, a temperature counts as T_g, and two as one.
NEAR = 1e-6
# Points are shown where they are this many errors above zero.
FEWEST_ERRORS = 3


class Correlation(NamedTuple):
    """A simulated correlation, behind the longest waiting time where it depends on that.

    Attributes
    ----------
    lag
        In the single site's time: sweeps of Ising spins.
    value, error
        Of shape (lag,).
    N
        Number of spins.
    waited
        The waiting time, in units of the lag; infinite in equilibrium from the start on.
    """

    lag: Array
    value: Array
    error: Array
    N: float
    waited: float


def temperature(point: xr.Dataset) -> float:
    """T of a result."""
    return float(parameters_of(point)["T"])


def is_at_glass_temperature(site: xr.Dataset) -> bool:
    """Whether T is T_g."""
    return temperature(site) <= site.attrs["glass_temperature"] * (1 + NEAR)


def same_model(site: xr.Dataset, finite: xr.Dataset) -> bool:
    """Whether a simulation is of the spins and the temperature of a single site."""
    known, other = parameters_of(site), parameters_of(finite)
    model, spins = known["model"], other.get("model")
    if not np.isclose(known["T"], other["T"], rtol=NEAR, atol=0):
        return False
    if spins is None:
        of_ising = model["single_site"] == "glauber" and model["J"] == 1
        free = other["landscape"].get("field", 0) == 0
        return of_ising and free and other["rule"] == "heat_bath"
    keys = ("r", "u", "J")
    same = all(model.get(key) == spins[key] for key in keys) and spins["field"] == 0
    return model["single_site"] == "soft" and same


def equilibrium_correlation(finite: xr.Dataset) -> Correlation | None:
    """What a simulation says of equilibrium; ``None`` if it never waited."""
    N = float(parameters_of(finite)["N"])
    if "overlap" in finite:
        # Late ones have no long windows.
        complete = np.flatnonzero(np.isfinite(finite.overlap.values).all(axis=1))
        if not complete.size:
            return None
        late = finite.isel(waiting_time=int(complete[-1]))
        # In sweeps, which is the single site's time.
        lag = (late.window * late.waiting_time).values / N
        values = late.overlap.values, late.overlap_error.values
        return Correlation(lag, *values, N, float(late.waiting_time) / N)
    if "waiting_time" not in finite.dims:  # in equilibrium
        values = finite.correlation.values, finite.correlation_error.values
        return Correlation(finite.time.values, *values, N, np.inf)
    late = finite.isel(waiting_time=-1)
    if late.waiting_time == 0:  # at the start, far from equilibrium
        return None
    values = late.correlation.values, late.correlation_error.values
    return Correlation(late.lag.values, *values, N, float(late.waiting_time))
