"""The result file of Langevin dynamics: averages over disorder samples, and their errors."""

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from glasscore.estimates.samples import mean_and_error
from glasscore.files.store import measured, quantity
from glasscore.langevin.disorder_sample import (
    OF_TRAJECTORY,
    SAMPLES_A_STEP_CHECK,
    STATIONARY_NUMBERS,
    STEP_ERROR,
    TWO_TIME_NAMES,
    is_stationary,
    model_module,
    schedule_of_job,
    stationary_lags,
)
from glasscore.langevin.protocol import protocol_of
from glasscore.langevin.trajectories import Results
from glasscore.models.ramps import Course

OF_SAMPLE = "correlation_of_sample"
TIME_UNIT = "1 (dimensionless Langevin time: dS/dt = -dH/dS + xi, <xi xi> = 2T)"
ENERGY_UNIT = "1 (energy per spin, as normalised in config/README.md)"
TWO_TIME = ("waiting_time", "lag")
DESCRIPTIONS = {
    "energy": ("energy per spin", "E"),
    "magnetisation": ("magnetisation along the field", "m"),
    "correlation": ("correlation of the spins at t and t_w", "C(t,t_w)"),
    "response": ("response of the spins at t to short fields at t_w", "R(t,t_w)"),
    "correlation_spectrum": ("spectrum of the correlation", r"C(\omega)"),
    "response_spectrum_real": ("spectrum of the response, real part", r"{\rm Re}\,G(\omega)"),
    "response_spectrum_imaginary": (
        "spectrum of the response, imaginary part",
        r"{\rm Im}\,G(\omega)",
    ),
}


def dataset_of_samples(parameters: dict[str, Any], samples: list[Results]) -> xr.Dataset:
    """The dataset of a job, from what ``simulate_sample`` returns for each of its samples."""
    stationary = is_stationary(parameters)
    descriptions = DESCRIPTIONS | getattr(model_module(parameters), "OBSERVABLES", {})
    variables = _coordinates(parameters, len(samples))
    for name in samples[0]:
        if name.endswith(STEP_ERROR):
            continue
        if name.startswith(OF_TRAJECTORY):
            text, symbol = descriptions[name.removeprefix(OF_TRAJECTORY)]
            variables[name] = quantity(
                ("sample", "trajectory", "time"),
                np.array([one[name] for one in samples]),
                f"{text} of each trajectory",
                symbol,
            )
            continue
        variables |= _average(name, samples, stationary, *descriptions[name])
    return xr.Dataset(variables, attrs={"time_unit": TIME_UNIT, "energy_unit": ENERGY_UNIT})


def _coordinates(parameters: dict[str, Any], samples: int) -> dict[str, xr.Variable]:
    """Times, waiting times, lags and frequencies, and the number of samples."""
    when, unit = schedule_of_job(parameters), 2 * float(parameters["time_step"])
    stationary = is_stationary(parameters)
    times = stationary_lags(when) if stationary else when.times
    variables = {
        "samples": quantity((), samples, "disorder samples", "n"),
        "time": quantity("time", times * unit, "time since the start", "t"),
    }
    if parameters["frequencies"]:
        variables["frequency"] = quantity(
            "frequency", np.array(parameters["frequencies"], float), "frequency", r"\omega"
        )
    if not stationary:
        variables["waiting_time"] = quantity(
            "waiting_time", when.waiting_times * unit, "waiting time", "t_w"
        )
        variables["lag"] = quantity("lag", when.lags * unit, "time since the waiting time", "t-t_w")
        variables |= _course(protocol_of(parameters), when.times * unit)
    return variables


def _course(protocol: Course, time: ArrayLike) -> dict[str, xr.Variable]:
    """The temperature if anything changes, and the field if there is one at any time."""
    found = {}
    if protocol.ramps:
        course = protocol.temperature_at(time)
        found["temperature"] = quantity("time", course, "temperature of the noise", "T")
    if protocol.has_field():
        found["field"] = quantity("time", protocol.field_at(time), "strength of the field", "h")
    return found


def _average(
    name: str, samples: list[Results], stationary: bool, text: str, symbol: str
) -> dict[str, xr.Variable]:
    """An average with its statistical error and with the error of the time steps."""
    dimensions = _dimensions(name, stationary)
    values = np.array([one[name] for one in samples])
    if dimensions == ():
        values = values[:, 0]
    variables = {}
    if stationary and name == "correlation":
        # The deviations of a sample at different times are correlated: the errors of fits to the
        # correlation need the samples themselves.
        variables[OF_SAMPLE] = quantity(
            ("sample", "time"), values, f"{text}, of each sample", symbol
        )
    variables |= measured(name, dimensions, *mean_and_error(values), text, symbol)
    step_errors = np.array([one[name + STEP_ERROR] for one in samples[::SAMPLES_A_STEP_CHECK]])
    variables[name + STEP_ERROR] = quantity(
        dimensions,
        step_errors.mean(axis=0).reshape(variables[name].shape),
        f"what the length of the time steps adds to the {text}",
        rf"\delta {symbol}",
    )
    return variables


def _dimensions(name: str, stationary: bool) -> tuple[str, ...]:
    if name.endswith(("_spectrum", "_real", "_imaginary")):
        return ("frequency",)
    if name in TWO_TIME_NAMES:
        return ("time",) if stationary else TWO_TIME
    return () if stationary and name in STATIONARY_NUMBERS else ("time",)
