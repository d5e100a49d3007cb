"""The workflow's stage ``dmft``: one quench of one model to one temperature."""

from typing import Any

import numpy as np
import xarray as xr
from scipy.interpolate import make_interp_spline

from glasscore.compilation import compiled_once
from glasscore.dmft import quench, two_time, uniform_grid
from glasscore.dmft.quench import Quench
from glasscore.errors import CampaignError
from glasscore.store import quantity
from glasscore.theory.covariance import Covariance, Values, covariance
from glasscore.theory.spherical_pspin import threshold

TIMES_PER_DECADE = 48
TIME_UNIT = "1 (dimensionless Langevin time: ds/dt = -mu s - dH/ds + xi, <xi xi> = 2T)"
ENERGY_UNIT = "1 (energy per spin: <H(s) H(s')> = N f(s.s'/N), f(q) = sum_p a_p q^p)"


def run(parameters: dict[str, Any], inputs: list[str]) -> xr.Dataset:
    """Solve one quench and lay the result out for its file.

    Parameters
    ----------
    parameters
        ``model`` (``{"covariance": {power: weight}}``), ``T``, ``T_initial`` (a temperature,
        infinity, or ``"equilibrium"``: the same as T), ``t_max`` and ``tolerance``.
    inputs
        Not used: the stage reads no files.

    Returns
    -------
    Dataset
        ``energy``, ``energy_error_estimate`` and ``multiplier`` by ``time``, ``correlation`` and
        ``response`` by ``time`` and ``fraction``; no value is NaN. Times: 0, then about even on a
        logarithmic axis from twice the step on, and t_max.

    Raises
    ------
    CampaignError
        If a parameter is out of range or the tolerance is out of reach.
    """
    model = covariance(parameters["model"]["covariance"])
    T = float(parameters["T"])
    T_initial, t_max = _initial_temperature(parameters["T_initial"], T), float(parameters["t_max"])
    with compiled_once("two-time"):
        uniform_grid.solve(model, T, T_initial, t_max=1e-3, steps=2)
    solution = quench.solve(model, T, T_initial, t_max, float(parameters["tolerance"]))
    return _dataset(model, solution)


def _initial_temperature(given: float | str, T: float) -> float:
    if given != "equilibrium":
        try:
            return float(given)
        except ValueError:
            raise CampaignError(
                f"T_initial = {given} is neither a temperature, nor .inf, nor equilibrium."
            ) from None
    if T == 0:
        raise CampaignError("T_initial = equilibrium needs T > 0: T = 0 has no Boltzmann start.")
    return T


def _dataset(model: Covariance, solution: Quench) -> xr.Dataset:
    chosen = output_indices(solution.time.size - 1)
    fractions = two_time.fractions()
    correlation, response = (
        np.array([_at_fractions(solution.row(name, index), fractions) for index in chosen])
        for name in ("correlation", "response")
    )
    plane = ("time", "fraction")
    reached = solution.energy_error_estimate[chosen]
    variables = {
        "energy": quantity("time", solution.energy[chosen], "energy per spin", "E"),
        "energy_error_estimate": quantity(
            "time", reached, "estimated error of the energy, the largest so far", r"\delta E"
        ),
        "multiplier": quantity(
            "time", solution.multiplier[chosen], "multiplier of the spherical constraint", r"\mu"
        ),
        "correlation": quantity(
            plane, correlation, "correlation of the states at t and t'", "C(t,t')"
        ),
        "response": quantity(
            plane, response, "response density at t to a field at t', R(t+,t) = 1", "R(t,t')"
        ),
    }
    coordinates = {
        "time": quantity("time", solution.time[chosen], "time since the quench", "t"),
        "fraction": quantity("fraction", fractions, "earlier over later time", "t'/t"),
    }
    on_quarter = [index for index in chosen if index % 2 == 0]
    errors = {
        f"{name}_error_estimate": max(solution.row_error_estimate(name, i) for i in on_quarter)
        for name in ("correlation", "response")
    }
    return xr.Dataset(
        variables,
        coordinates,
        attrs={
            "time_unit": TIME_UNIT,
            "energy_unit": ENERGY_UNIT,
            "threshold_energy": threshold(model).energy,
            "energy_error_reached": float(reached[-1]),
            **errors,
            "steps": solution.fine.time.size - 1,
        },
    )


def output_indices(last: int) -> list[int]:
    """Indices 0..last thinned to at most :data:`TIMES_PER_DECADE` a decade, both ends kept."""
    decades = np.log10(last)
    logarithmic = np.geomspace(1, last, int(np.ceil(TIMES_PER_DECADE * decades)) + 1)
    return sorted({0, last, *np.rint(logarithmic).astype(int).tolist()})


def _at_fractions(row: Values, fractions: Values) -> Values:
    if row.size == 1:
        return np.full(fractions.size, row[0])
    points = np.linspace(0, 1, row.size)
    values = make_interp_spline(points, row, k=min(5, row.size - 1))(fractions)
    values[0], values[-1] = row[0], row[-1]
    return values
