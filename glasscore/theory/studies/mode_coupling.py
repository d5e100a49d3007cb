"""Equilibrium dynamics of spherical p-spin models above T_d, from the mode-coupling equation."""

from typing import Any

import numpy as np
import xarray as xr
from scipy.interpolate import make_interp_spline

from glasscore.common.errors import CampaignError, Refusal
from glasscore.dyson import mode_coupling
from glasscore.files.store import quantity
from glasscore.kernels.compilation import compiled_once
from glasscore.models.covariance import Covariance, covariance
from glasscore.theory.spherical_pspin import dynamical_transition, static_transition
from glasscore.theory.tables import TEMPERATURE, tabulate

OPTIONS = {
    "covariance": {
        "description": "a mapping of powers p to coefficients a_p, such as {3: 0.5}",
        "type": "object",
        "minProperties": 1,
        "propertyNames": {
            "description": "powers p from 2 to 1000, each given once",
            "type": "number",
            "minimum": 2,
            "maximum": 1000,
        },
        "additionalProperties": {
            "description": "a coefficient above 0 and at most 1e6",
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1e6,
        },
    },
    "T": {
        "description": "a list of temperatures above 0 and at most 1e6",
        "type": "array",
        "minItems": 1,
        "items": {
            "description": "a temperature above 0 and at most 1e6",
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1e6,
        },
    },
    "t_max": {
        "description": "a time above 0 and at most 1e14",
        "type": "number",
        "default": 1e12,
        "exclusiveMinimum": 0,
        "maximum": 1e14,
    },
    "points": {
        "description": "a whole number of points from 32 to 4096",
        "type": "integer",
        "default": 512,
        "minimum": 32,
        "maximum": 4096,
    },
}
RESULTS = (
    "`T`, `time`",
    "`correlation` and its `_error_estimate(T, time)`; `relaxation_time` and its "
    "`_error_estimate(T)`; the attributes `dynamical_temperature`, `exponent_a`, `_b`, "
    "`_gamma`, `_parameter`, `fitted_gamma`, `fitted_gamma_change`",
)
TIMES_PER_DECADE = 12
FIRST_TIME = 1e-3
# Smallest ratio of t_max to the first time in the result.
SHORTEST_RUN = 100
COLUMNS = {
    "correlation:time": ("correlation in equilibrium", "C(t)"),
    "correlation_error_estimate:time": ("bound of the error of the correlation", r"\delta C"),
    "relaxation_time": ("time at which C falls below 1/e, infinite if it stays above", r"\tau"),
    "relaxation_time_error_estimate": (
        "bound of the error of the relaxation time, NaN where that is infinite", r"\delta \tau",
    ),
}  # fmt: skip
# Fewest and most corrections in the fit of gamma. With one correction, its change may be small by
# accident.
LEAST_CORRECTIONS, MOST_CORRECTIONS = 2, 3
# Largest (T - T_d) / T_d in the fit of gamma.
CLOSE = 0.005


def refusal(options: dict[str, Any]) -> Refusal | None:
    """A grid that does not double, temperatures without a replica-symmetric equilibrium, no time.

    ``relaxation`` begins at so short a time that the last condition is one on t_max alone.
    """
    points, t_max = options["points"], options["t_max"]
    if points % 4:
        return "points", points, "be a multiple of 4"
    model = covariance(options["covariance"])
    lowest = static_transition(model).temperature
    coldest = min(options["T"])
    if not coldest > lowest:
        return "T", coldest, f"be above {lowest:.6g}, the static transition of this model"
    shortest = SHORTEST_RUN * max(mode_coupling.first_time(model, T, points) for T in options["T"])
    if t_max < shortest:
        needed = f"{shortest * (1 + 1e-5):.6g}"
        return "t_max", t_max, f"be at least {needed}: before, correlations have not begun to decay"
    return None


def solve(parameters: dict[str, Any]) -> xr.Dataset:
    """Correlation and relaxation time at every temperature; exponents, and gamma from a fit."""
    model = covariance(parameters["covariance"])
    t_max, points = parameters["t_max"], parameters["points"]
    first = FIRST_TIME / float(np.sqrt(model.second_derivative(1.0)))
    first = min(first, t_max / SHORTEST_RUN)
    count = int(np.ceil(TIMES_PER_DECADE * np.log10(t_max / first))) + 1
    time = np.geomspace(first, t_max, count)
    with compiled_once("mode-coupling"):
        mode_coupling.relaxation(model, max(parameters["T"]), 1e-3, 32)

    def of_temperature(T: float) -> dict[str, Any]:
        # The solution extends beyond t_max, so that the last time lies inside of its range.
        found = mode_coupling.relaxation(model, T, 2 * t_max, points)
        log_time = np.log(found.time[1:])
        spline = make_interp_spline(log_time, found.correlation[1:], k=5)
        error = np.interp(np.log(time), log_time, found.error[1:])
        tau, uncertain = _relaxation_time(found)
        return {
            "correlation": spline(np.log(time)),
            "correlation_error_estimate": error,
            "relaxation_time": tau,
            "relaxation_time_error_estimate": uncertain,
        }

    found = tabulate(of_temperature, {"T": (parameters["T"], TEMPERATURE)}, COLUMNS)
    found["time"] = quantity("time", time, "time difference", "t")
    times, errors = (found[f"relaxation_time{kind}"].values for kind in ("", "_error_estimate"))
    return xr.Dataset(
        found,
        attrs={
            "time_unit": "1 (Langevin time: ds/dt = -mu s - dH/ds + xi, <xi xi> = 2T)",
            "energy_unit": "1 (energy per spin: <H(s) H(s')> = N f(s.s'/N))",
            "static_temperature": static_transition(model).temperature,
            **_exponents(model, np.asarray(parameters["T"]), times, errors),
        },
    )


def _relaxation_time(found: mode_coupling.Relaxation) -> tuple[float, float]:
    """The relaxation time, which is infinite if C does not decay, and a bound of its error."""
    try:
        tau = mode_coupling.relaxation_time(found)
    except CampaignError:
        return np.inf, np.nan
    place = int(np.clip(np.searchsorted(found.time, tau), 1, found.time.size - 2))
    rise = found.correlation[place + 1] - found.correlation[place - 1]
    steepness = abs(rise) / (found.time[place + 1] - found.time[place - 1])
    return tau, float(found.error[place] / steepness)


def _exponents(model: Covariance, T: Any, times: Any, errors: Any) -> dict[str, float]:
    """Exponents at T_d, and gamma fitted to the relaxation times above it.

    ``fitted_gamma_change`` is by how much the last correction of the fit and the errors of the
    times change gamma.
    """
    transition = dynamical_transition(model)
    found = {
        "dynamical_temperature": transition.temperature,
        "dynamical_overlap": transition.overlap,
    }
    if transition.overlap == 0:
        return found
    exact = mode_coupling.exponents(model)
    names = ("parameter", "a", "b", "gamma")
    found |= {f"exponent_{name}": getattr(exact, name) for name in names}
    distance = T / transition.temperature - 1
    fitted = (distance > 0) & (distance <= CLOSE) & np.isfinite(times)
    corrections = min(MOST_CORRECTIONS, int(np.sum(fitted)) - 3)
    if corrections >= LEAST_CORRECTIONS:
        gamma, change = mode_coupling.power_law_of_times(
            distance[fitted], times[fitted], corrections
        )
        longer = times[fitted] + errors[fitted]
        shifted, _ = mode_coupling.power_law_of_times(distance[fitted], longer, corrections)
        change += abs(shifted - gamma)
        found |= {"fitted_gamma": gamma, "fitted_gamma_change": change}
    return found
