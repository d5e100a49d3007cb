"""Simulations at finite N that match a solution for a single site, and their correlation."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.files.store import parameters_of

Array = NDArray[np.float64]
# Temperatures that differ by less than this share of themselves count as equal.
NEAR = 1e-6
# Points are shown where they are at least this many standard errors above zero.
FEWEST_ERRORS = 3


# Dynamics of each model, and its couplings.
DYNAMICS = {
    "glauber": (
        "Ising spins with Sherrington-Kirkpatrick couplings of the strength $J={J:g}$ are updated "
        "by heat bath at the rate 1, so that times are in sweeps"
    ),
    "soft": (
        "Soft spins $S$ in the well $-r S^2/2 + u S^4/4$, with $r={r:g}$, $u={u:g}$ and couplings "
        "of the strength $J={J:g}$, follow Langevin dynamics of unit mobility"
    ),
}


class Correlation(NamedTuple):
    """A simulated correlation, after the longest waiting time where it depends on that.

    Attributes
    ----------
    lag
        Time lags in the unit of the single site, which is one sweep for Ising spins.
    value, error
        The correlation and its standard error, of the shape (lag,).
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
    """The temperature of a result."""
    return float(parameters_of(point)["T"])


def dynamics_in_words(site: xr.Dataset) -> str:
    """The model of a single site, its dynamics, unit of time and glass temperature."""
    model = parameters_of(site)["model"]
    words = DYNAMICS[model["single_site"]].format(**model)
    return f"{words}. The glass temperature is $T_g = {site.attrs['glass_temperature']:.4g}$."


def is_at_glass_temperature(site: xr.Dataset) -> bool:
    """Whether the temperature is T_g."""
    return temperature(site) <= site.attrs["glass_temperature"] * (1 + NEAR)


def same_model(site: xr.Dataset, finite: xr.Dataset) -> bool:
    """Whether a simulation has the spins and the temperature of a single site, at all times."""
    known, other = parameters_of(site), parameters_of(finite)
    if other.get("ramps") or other.get("field"):
        return False
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
    """The correlation of a simulation in or near equilibrium; ``None`` if it never waited."""
    N = float(parameters_of(finite)["N"])
    if "overlap" in finite:
        # The last waiting times have no long windows, which would exceed the run.
        complete = np.flatnonzero(np.isfinite(finite.overlap.values).all(axis=1))
        if not complete.size:
            return None
        late = finite.isel(waiting_time=int(complete[-1]))
        # Sweeps are the single site's unit of time.
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
