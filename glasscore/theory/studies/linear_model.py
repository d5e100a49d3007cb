"""The linear model's Dyson equations in frequency and time: solved, and in closed form."""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.common.errors import Refusal
from glasscore.dyson import linear_model
from glasscore.files.store import quantity
from glasscore.theory.tables import TEMPERATURE, Text, tabulate

OPTIONS = {
    "r0": {
        "description": "a list of coefficients of the restoring force from 0 to 1e6",
        "type": "array",
        "minItems": 1,
        "items": {
            "description": "a coefficient of the restoring force from 0 to 1e6",
            "type": "number",
            "minimum": 0,
            "maximum": 1e6,
        },
    },
    "T": {
        "description": "a list of temperatures from 0 to 1e6",
        "type": "array",
        "minItems": 1,
        "default": [1.0],
        "items": {
            "description": "a temperature from 0 to 1e6",
            "type": "number",
            "minimum": 0,
            "maximum": 1e6,
        },
    },
    "J": {
        "description": "a strength of the couplings from 1e-6 to 1e6",
        "type": "number",
        "default": 1.0,
        "minimum": 1e-6,
        "maximum": 1e6,
    },
    "iterations": {
        "description": "a whole number of iterations from 1 to 100000",
        "type": "integer",
        "default": 1000,
        "minimum": 1,
        "maximum": 100000,
    },
}
RESULTS = (
    "`r0`, `T`, `frequency`, `time`, `iteration`",
    "`response_real`, `response_imaginary`, `iterated_response_real`, "
    "`iterated_response_imaginary(r0, frequency)`, `change(r0, iteration)`; `response`, "
    "`marched_response` and its `_error_estimate(r0, time)`; `correlation_spectrum`, "
    "`iterated_correlation_spectrum(r0, T, frequency)`, `correlation(r0, T, time)`",
)
FORCE: Text = ("coefficient of the restoring force", "r_0")
# Frequencies are in units of J, times in units of 1 / J.
FREQUENCIES = np.geomspace(1e-3, 1e2, 101)
STEP, STEPS = 0.01, 5000
TIMES_PER_DECADE = 16
ORDER = 4
CONVERGED = 1e-10
RESPONSES = {
    "response_real:frequency": ("real part of the response, closed form", r"{\rm Re}\,G(\omega)"),
    "response_imaginary:frequency": (
        "imaginary part of the response, closed form", r"{\rm Im}\,G(\omega)",
    ),
    "iterated_response_real:frequency": (
        "real part of the response, by iteration", r"{\rm Re}\,G_n(\omega)",
    ),
    "iterated_response_imaginary:frequency": (
        "imaginary part of the response, by iteration", r"{\rm Im}\,G_n(\omega)",
    ),
    "change:iteration": (
        "largest change of J G at an iteration, over all frequencies", r"\Delta G_n",
    ),
    "response:time": ("response, closed form", "G(t)"),
    "marched_response:time": ("response, by convolution quadrature", "G(t)"),
    "marched_response_error_estimate:time": (
        "what halving the step changed, a bound of what is left", r"\delta G(t)",
    ),
}  # fmt: skip
CORRELATIONS = {
    "correlation_spectrum:frequency": ("correlation, closed form", r"C(\omega)"),
    "iterated_correlation_spectrum:frequency": (
        "correlation from the iterated response and the noise", r"C_n(\omega)",
    ),
    "correlation:time": ("correlation, closed form", "C(t)"),
}  # fmt: skip


def refusal(options: dict[str, Any]) -> Refusal | None:
    """Forces below the transition, or too few iterations for one of them."""
    J = options["J"]
    critical = linear_model.critical_coefficient(J)
    weakest = min(options["r0"])
    if weakest < critical:
        requirement = f"be at least 2 J = {critical:.12g}: below, the linear model is unstable"
        return "r0", weakest, requirement
    # The weakest force converges last.
    needed = linear_model.iterations_to(CONVERGED, FREQUENCIES * J, weakest, J)
    if options["iterations"] >= needed:
        return None
    requirement = (
        f"be at least {needed}: before, Dyson's equation at r0 = {weakest:.12g} has not converged, "
        f"an iteration still changes J G by more than {CONVERGED:g}"
    )
    return "iterations", options["iterations"], requirement


def solve(parameters: dict[str, Any]) -> xr.Dataset:
    """G and C by frequency and time, both in closed form and from Dyson's equation."""
    J, iterations = parameters["J"], parameters["iterations"]
    frequency, count = FREQUENCIES * J, _time_indices()
    time = STEP / J * (count + 1)

    def responses(r0: float) -> dict[str, Any]:
        return {
            **_responses_in_frequency(frequency, r0, J, iterations),
            **_responses_in_time(time, count, r0, J),
        }

    def correlations(r0: float, T: float) -> dict[str, Any]:
        iterated, _ = _iterated(frequency, r0, J, iterations)
        square = np.abs(iterated) ** 2
        return {
            "correlation_spectrum": linear_model.correlation_spectrum(frequency, r0, T, J),
            "iterated_correlation_spectrum": 2 * T * square / (1 - J**2 * square),
            "correlation": linear_model.correlation(time, r0, T, J),
        }

    forces = {"r0": (parameters["r0"], FORCE)}
    found = tabulate(responses, forces, RESPONSES)
    found |= tabulate(correlations, {**forces, "T": (parameters["T"], TEMPERATURE)}, CORRELATIONS)
    found["frequency"] = quantity("frequency", frequency, "frequency", r"\omega")
    found["time"] = quantity("time", time, "time difference", "t")
    number = np.arange(1, iterations + 1)
    found["iteration"] = quantity("iteration", number, "iteration of Dyson's equation", "n")
    return xr.Dataset(
        found,
        attrs={
            "time_unit": "1 (Langevin time: dS/dt = -r0 S + J S + xi, <xi xi> = 2T)",
            "energy_unit": "1 (couplings of variance J^2 / N)",
            "time_step": STEP / J / 2,
        },
    )


def _responses_in_frequency(frequency: Any, r0: float, J: float, iterations: int) -> dict[str, Any]:
    """The response by frequency, in closed form and by iteration."""
    exact = linear_model.response_spectrum(frequency, r0, J)
    iterated, change = _iterated(frequency, r0, J, iterations)
    return {
        "response_real": exact.real,
        "response_imaginary": exact.imag,
        "iterated_response_real": iterated.real,
        "iterated_response_imaginary": iterated.imag,
        "change": change,
    }


def _responses_in_time(time: Any, count: Any, r0: float, J: float) -> dict[str, Any]:
    """The response by time, in closed form and by integration with two time steps."""
    coarse = linear_model.convolution_response(STEP / J, STEPS, r0, J, ORDER)
    fine = linear_model.convolution_response(STEP / J / 2, 2 * STEPS, r0, J, ORDER)[1::2]
    return {
        "response": linear_model.response(time, r0, J),
        "marched_response": fine[count],
        "marched_response_error_estimate": np.abs(fine - coarse)[count],
    }


def _iterated(frequency: Any, r0: float, J: float, iterations: int) -> tuple[Any, Any]:
    """The response after all iterations, and the largest change of J G at each of them."""
    found = linear_model.iterated_response_spectrum(frequency, r0, J, iterations)
    return found[-1], J * np.abs(np.diff(found, axis=0)).max(axis=1)


def _time_indices() -> Any:
    """Indices of steps that are evenly spaced on a logarithmic axis, from the tenth step on."""
    decades = np.log10(STEPS / 10)
    wanted = np.geomspace(10, STEPS, int(TIMES_PER_DECADE * decades) + 1)
    return np.unique(np.round(wanted).astype(int)) - 1
