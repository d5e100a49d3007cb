"""Which exactly solved model, if any, a result of activated dynamics belongs to.

The complete graph with exponential energies is the trap model under Arrhenius' rule. It is the step
model under rules that depend on the energy after the move. The laws of these models are those of
quenches from random states, so that no result with another start belongs to them.
"""

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import landscape_of, temperature_and_size, trap_exponent
from glasscore.files.store import parameters_of
from glasscore.theory.step_model import LARGEST_T, LEAST_T


def is_trap_model(point: xr.Dataset) -> bool:
    """Bouchaud's trap model: states of exponential energies, left at the rates exp(beta E)."""
    return _is_solvable(point) and parameters_of(point)["rule"] == "arrhenius"


def is_step_model(point: xr.Dataset) -> bool:
    """Barrat's and Mezard's step model: the same states, with moves down that are free."""
    return _is_solvable(point) and goes_down_freely(point)


def goes_down_freely(point: xr.Dataset) -> bool:
    """Whether moves down take a time of order one, so that barriers determine times at low T."""
    return parameters_of(point)["rule"] in ("metropolis", "heat_bath")


def has_exact_step_model_law(point: xr.Dataset) -> bool:
    """Whether the laws of :mod:`glasscore.theory.step_model` hold for this result.

    At T = 0 they hold for all rules of the step model, since these only descend there.
    """
    T = temperature_and_size(point)[0]
    known = parameters_of(point)["rule"] == "metropolis" and LEAST_T <= T <= LARGEST_T
    return is_step_model(point) and (T == 0 or known)


def infinite_size_label(point: xr.Dataset) -> tuple[str, bool]:
    """Label of a law of infinitely many states, and whether it is exact for this result."""
    limit, exact = r"$N=\infty$", size_is_infinite(point)
    return f"exact, {limit}" if exact else limit, exact


def is_random_energy_model(point: xr.Dataset) -> bool:
    """Spins with independent exponential energies, which trap as in Bouchaud's model."""
    model = landscape_of(point)
    is_model = (model["graph"], model["energies"]) == ("hypercube", "exponential")
    return is_model and is_quench(point)


def is_independent_gaussian(point: xr.Dataset) -> bool:
    """Spins with independent Gaussian energies: Derrida's random energy model."""
    model = landscape_of(point)
    is_model = (model["graph"], model["energies"]) == ("hypercube", "gaussian")
    return is_model and is_quench(point)


def has_independent_energies(point: xr.Dataset) -> bool:
    """Whether the energies of states are independent, with one of the laws of the theory."""
    return landscape_of(point)["energies"] in ("exponential", "gaussian")


def is_locally_random(point: xr.Dataset) -> bool:
    """Number partitioning whose energy is the logarithm of the difference of the two sums.

    Its deep states are those of a random energy model with T_c = 1.
    """
    model = landscape_of(point)
    partitions = model["energies"] == "number_partitioning" and model.get("logarithm", True)
    return bool(partitions) and model["graph"] == "hypercube" and is_quench(point)


def is_quench(point: xr.Dataset) -> bool:
    """Whether trajectories begin at random states, which are those of infinite temperature."""
    return bool(point.attrs.get("start", "random") == "random")


def start_in_words(point: xr.Dataset) -> str:
    """Where trajectories begin, as a sentence."""
    if is_quench(point):
        return "Trajectories begin at random states (a quench from infinite temperature)."
    return f"Trajectories begin in equilibrium (start: {point.attrs['start']})."


def is_glassy(point: xr.Dataset) -> bool:
    """Whether 0 < T < T_c, so that traps age."""
    return 0 < trap_exponent(point) < 1


def long_time_exponent(point: xr.Dataset) -> float:
    """The exponent x of trapping times tau^-(1 + x) at long times, for many states.

    It is T / T_c in the trap model and the random energy model, and max(0, 2 - T_c / T) in the step
    model. It is NaN where it is not known, and for infinitely many states of the step model: there
    the numbers of trapping times are known exactly at every time, and those at the times of a run
    are far from this limit.
    """
    x = trap_exponent(point)
    if has_exact_step_model_law(point) and size_is_infinite(point):
        return np.nan
    if is_step_model(point) and 0 <= x < 1:
        return max(0.0, 2.0 - 1.0 / x) if x > 0 else 0.0
    is_trapped = is_trap_model(point) or is_random_energy_model(point)
    return x if is_trapped and is_glassy(point) else np.nan


def size_is_infinite(point: xr.Dataset) -> bool:
    """Whether the states are infinitely many, so that none is met twice."""
    return temperature_and_size(point)[1] == np.inf


def _is_solvable(point: xr.Dataset) -> bool:
    model = landscape_of(point)
    is_model = (model["graph"], model["energies"]) == ("complete", "exponential")
    return is_model and is_quench(point)
