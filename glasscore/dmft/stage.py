"""The workflow's stage ``dmft``: one quench of one model to one temperature."""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.common.errors import CampaignError, refuse
from glasscore.dmft import interpolation, quench
from glasscore.dmft.protocol import Protocol
from glasscore.dmft.refusal import refusal
from glasscore.dmft.two_time.solution import Solution
from glasscore.files.restart_file import RestartFile
from glasscore.files.store import quantity
from glasscore.kernels.compilation import compiled_once
from glasscore.models.covariance import Covariance, Values, covariance
from glasscore.models.ramps import ramp_of
from glasscore.theory.spherical_pspin import threshold

TIMES_PER_DECADE = 24
# the first time after 0, in units of 1 / sqrt(f''(1))
FIRST_TIME = 0.01
TIME_UNIT = "1 (dimensionless Langevin time: ds/dt = -mu s - dH/ds + xi, <xi xi> = 2T)"
ENERGY_UNIT = "1 (energy per spin: <H(s) H(s')> = N f(s.s'/N), f(q) = sum_p a_p q^p)"
PLANE = ("time", "fraction")


def run(
    parameters: dict[str, Any], inputs: list[str], restart: RestartFile | None = None
) -> xr.Dataset:
    """Solve one quench and lay the result out for its file.

    Parameters
    ----------
    parameters
        ``model`` (``{"covariance": {power: weight}}``), ``T``, ``T_initial`` (a temperature,
        infinity, or ``"equilibrium"``: the same as T), ``t_max``, ``tolerance``; ``field`` and
        ``ramps`` (mappings with ``begin``, ``end``, and ``T``, ``field`` or both) may be left out.
    inputs
        Not used: the stage reads no files.
    restart
        Restart file. The solution goes on from it if it fits, and its state is kept in it.

    Returns
    -------
    Dataset
        ``energy``, ``energy_error_estimate`` and ``multiplier`` by ``time``, ``correlation``,
        ``response`` and ``integrated_response`` by ``time`` and ``fraction``; no value is NaN.
        The times are 0 and then uniform on a logarithmic axis up to t_max. With ramps there is
        also ``temperature``; with a field there are also ``field``, ``magnetisation`` and its
        error estimate.

    Raises
    ------
    CampaignError
        If a parameter is out of range or the tolerance is out of reach.
    """
    model = covariance(parameters["model"]["covariance"])
    T = float(parameters["T"])
    T_initial, t_max = _initial_temperature(parameters["T_initial"], T), float(parameters["t_max"])
    tolerance = float(parameters["tolerance"])
    refuse(refusal({**parameters, "T": [T]}))
    with compiled_once("two-time"):
        quench.solve(covariance({2.0: 0.5}), 1.0, np.inf, t_max=0.2, tolerance=1e-2)
    ramps = [ramp_of(each) for each in parameters.get("ramps", [])]
    protocol = Protocol(T, float(parameters.get("field", 0.0)), tuple(ramps))
    solution = quench.solve(
        model, T, T_initial, t_max, tolerance, restart, protocol.ramps, protocol.field
    )
    dataset = _dataset(model, solution, t_max)
    time = dataset.time.values
    if ramps:
        course = [protocol.temperature_at(one) for one in time]
        dataset["temperature"] = quantity("time", course, "temperature of the noise", "T")
    if protocol.has_field():
        dataset["field"] = quantity("time", protocol.field_at(time), "strength of the field", "h")
        dataset["magnetisation"] = quantity(
            "time", solution.at("magnetisation", time), "magnetisation along the field", "m"
        )
        dataset["magnetisation_error_estimate"] = quantity(
            "time",
            solution.estimate("magnetisation", time),
            "estimated error of the magnetisation, the largest so far",
            r"\delta m",
        )
    return dataset


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


def _dataset(model: Covariance, solution: Solution, t_max: float) -> xr.Dataset:
    unit = 1 / float(np.sqrt(model.second_derivative(1.0)))
    time, fraction = output_times(t_max, FIRST_TIME * unit), interpolation.fractions(t_max / unit)
    correlation, response, integrated = solution.at_fractions(time, fraction)
    # At t = 0 both are exactly 1 by definition, but interpolation leaves rounding errors.
    correlation[time == 0], response[time == 0] = 1.0, 1.0
    reached = solution.estimate("energy", time)
    variables = {
        "energy": quantity("time", solution.at("energy", time), "energy per spin", "E"),
        "energy_error_estimate": quantity(
            "time", reached, "estimated error of the energy, the largest so far", r"\delta E"
        ),
        "multiplier": quantity(
            "time",
            solution.at("multiplier", time),
            "multiplier of the spherical constraint",
            r"\mu",
        ),
        "correlation": quantity(
            PLANE, correlation, "correlation of the states at t and t'", "C(t,t')"
        ),
        "response": quantity(
            PLANE, response, "response density at t to a field at t', R(t+,t) = 1", "R(t,t')"
        ),
        "integrated_response": quantity(
            PLANE, integrated, "response at t to a field switched on at t'", r"\chi(t,t')"
        ),
    }
    coordinates = {
        "time": quantity("time", time, "time since the quench", "t"),
        "fraction": quantity("fraction", fraction, "earlier over later time", "t'/t"),
    }
    errors = {
        f"{name}_error_estimate": float(solution.estimate(name, t_max))
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
            "first_step_of_ln_t": solution.step,
            "spacing_of_fractions": solution.spacing,
        },
    )


def output_times(t_max: float, first: float) -> Values:
    """Time 0 and about :data:`TIMES_PER_DECADE` times per decade from ``first`` to ``t_max``."""
    first = min(first, t_max / 100)
    count = int(np.ceil(TIMES_PER_DECADE * np.log10(t_max / first))) + 1
    times = np.geomspace(first, t_max, count)
    return np.concatenate([[0.0], times])
