"""How long finite systems age: estimates of the time that they need to reach equilibrium."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.figures.drawing.curves import temperature_and_size, trap_exponent
from glasscore.figures.drawing.solved_models import (
    is_glassy,
    is_independent_gaussian,
    is_locally_random,
    is_random_energy_model,
    is_step_model,
    is_trap_model,
    size_is_infinite,
)
from glasscore.theory import random_energy

# Laws of aging hold once traps are found, which takes about this time, and up to this share of the
# time to equilibrium.
FIRST_TRAP_TIME = 1e3
SHARE_OF_EQUILIBRATION = 0.1


def ages(
    point: xr.Dataset, start: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Where a law of aging may hold between two times, which are arrays of the same shape."""
    return (start >= FIRST_TRAP_TIME) & (np.log(end) <= log_end_of_aging(point))


def log_end_of_aging(point: xr.Dataset) -> float:
    """The logarithm of the time up to which laws of aging are drawn, one tenth of that below."""
    return float(np.log(SHARE_OF_EQUILIBRATION)) + log_equilibration_time(point)


def log_equilibration_time(point: xr.Dataset) -> float:
    """Estimate of the logarithm of the time to equilibrium; infinite where none is known.

    Below T_c independent energies, and those of the number partitioning problem, which are random
    locally, need the time to leave the lowest state over the typical threshold. Finitely many traps
    need the time of the deepest of them, and the step model about as many attempts as states.
    """
    T, N = temperature_and_size(point)
    if not is_glassy(point) or size_is_infinite(point):
        return np.inf
    if is_trap_model(point):
        return float(N * np.log(2.0) / trap_exponent(point))
    if is_step_model(point):
        return float(N * np.log(2.0))
    if is_random_energy_model(point) or is_locally_random(point):
        return float(random_energy.log_equilibration_time(N, T, "exponential"))
    if is_independent_gaussian(point):
        return float(random_energy.log_equilibration_time(N, T, "gaussian"))
    return np.inf
