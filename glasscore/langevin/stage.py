"""The workflow's stage ``langevin``: all disorder samples of one model, size and temperature."""

import time
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
import xarray as xr

from glasscore.common.errors import refuse
from glasscore.common.log import say
from glasscore.estimates.samples import mean_and_error
from glasscore.files.restart_file import RestartFile
from glasscore.files.store import measured as described
from glasscore.files.store import quantity
from glasscore.kernels.random_streams import generator
from glasscore.langevin.refusal import refusal
from glasscore.langevin.schedule import Schedule, schedule
from glasscore.langevin.space import SPACES
from glasscore.langevin.spectra import half_line_transform
from glasscore.langevin.split_steps import SplitDynamics
from glasscore.langevin.steps import Array, Dynamics
from glasscore.langevin.trajectories import Results, measured

SECONDS_BETWEEN_WRITES = 60.0
SECONDS_BETWEEN_REPORTS = 10.0
# Every so many samples, one is run with steps of twice the length, too.
SAMPLES_A_STEP_CHECK = 4
# Of averages h^2 c at h and 4 h^2 c at 2 h.
ERROR_IN_DIFFERENCES = 1 / 3
STEP_ERROR = "_step_error"
# Starts from which nothing but noise changes.
STATIONARY = {"equilibrium", "planted"}
OF_SAMPLE = "correlation_of_sample"
TIME_UNIT = "1 (dimensionless Langevin time: dS/dt = -dH/dS + xi, <xi xi> = 2T)"
ENERGY_UNIT = "1 (energy per spin, as normalised in config/README.md)"
TWO_TIME = ("waiting_time", "lag")
DESCRIPTIONS = {
    "energy": ("energy per spin", "E"),
    "correlation": ("correlation of the spins at t and t_w", "C(t,t_w)"),
    "response": ("response of the spins at t to short fields at t_w", "R(t,t_w)"),
    "correlation_spectrum": ("spectrum of the correlation", r"C(\omega)"),
    "response_spectrum_real": ("spectrum of the response, real part", r"{\rm Re}\,G(\omega)"),
    "response_spectrum_imaginary": (
        "spectrum of the response, imaginary part",
        r"{\rm Im}\,G(\omega)",
    ),
}


def run(
    parameters: dict[str, Any], inputs: list[str], restart: RestartFile | None = None
) -> xr.Dataset:
    """Simulate all samples, or those that a restart file lacks.

    Parameters
    ----------
    parameters
        ``seed``, ``study``, ``model``, ``start``, ``N``, ``T``, ``samples``, ``trajectories``,
        ``t_max``, ``time_step``, ``waiting_times``, ``response`` and ``frequencies``; and
        ``disorder``, if the couplings are those of another study: see config/README.md.
    inputs
        Not used: the stage reads no files.
    restart
        Where finished samples are kept if a job takes more than a minute.

    Returns
    -------
    Dataset
        Means over samples with their errors and, as ``_step_error``, what the length of the time
        steps adds to them: see results/README.md.

    Raises
    ------
    CampaignError
        If a sample is unstable or the time step is too long.
    """
    refuse(refusal({**parameters, "N": [int(parameters["N"])], "T": [float(parameters["T"])]}))
    samples = int(parameters["samples"])
    finished = _kept(restart, samples)
    if finished:
        say(f"goes on with {len(finished)} of {samples} samples")
    began = written = reported = time.monotonic()
    for sample in range(len(finished), samples):
        finished.append(of_sample(parameters, sample))
        now = time.monotonic()
        if now - reported > SECONDS_BETWEEN_REPORTS:
            reported = now
            say(f"{sample + 1} of {samples} samples")
        long = now - began > SECONDS_BETWEEN_WRITES
        due = now - written > SECONDS_BETWEEN_WRITES or sample == samples - 1
        if restart is not None and long and due:
            written = now
            restart.write({name: np.array([one[name] for one in finished]) for name in finished[0]})
    return _dataset(parameters, finished)


def of_sample(parameters: dict[str, Any], sample: int) -> Results:
    """What is measured of one disorder sample, whatever job it is part of."""
    results = _simulated(parameters, sample, 1)
    if sample % SAMPLES_A_STEP_CHECK == 0:
        coarse = _simulated(parameters, sample, 2)
    else:
        coarse = {name: np.full_like(values, np.nan) for name, values in results.items()}
    with_errors = dict(results)
    for name in results:
        if not name.startswith("trajectory_"):
            difference = coarse[name] - results[name]
            with_errors[name + STEP_ERROR] = ERROR_IN_DIFFERENCES * difference
    return with_errors


def _simulated(parameters: dict[str, Any], sample: int, steps_in_one: int) -> Results:
    """One sample, by time steps of once or twice the given length on the same noise."""
    N, T, n = int(parameters["N"]), float(parameters["T"]), int(parameters["trajectories"])
    module, when = _module(parameters), _schedule(parameters)

    def stream(role: str) -> np.random.Generator:
        study = parameters["study"]
        if role == "couplings":
            study = parameters.get("disorder", study)
        return generator(parameters["seed"], study, N, sample, role)

    space, of_start = SPACES[module.SPACE], f"start T={T!r}"
    if parameters["start"] == "planted":
        options = parameters["model"]
        model, one = module.planted(N, options, T, stream("couplings"), stream(of_start))
        start = np.repeat(one[:, np.newaxis], n, axis=1)
    else:
        model = module.draw(N, parameters["model"], stream("couplings"))
        if parameters["start"] == "equilibrium":
            start = module.equilibrium(model, T, (N, n), stream(of_start))
        else:
            start = space.random(N, n, stream("start"))
    thermal, signs = stream(f"noise T={T!r}"), None

    def noise() -> Array:
        total = thermal.standard_normal((N, 1, n))
        for _ in range(1, steps_in_one):
            total += thermal.standard_normal((N, 1, n))
        return total / np.sqrt(steps_in_one)

    if parameters["response"]:
        shape = (len(when.waiting_times), N, n)
        signs = np.where(stream("signs").random(shape) < 0.5, -1.0, 1.0)
    step = float(parameters["time_step"]) * steps_in_one
    dynamics: Dynamics | SplitDynamics
    if hasattr(model, "in_wells"):
        inner = stream(f"noise within steps T={T!r}")
        dynamics = SplitDynamics(model, T, step, lambda: inner.standard_normal((N, 1, n)))
    else:
        dynamics = Dynamics(model, space, T, step)
    found = measured(dynamics, start, noise, when, 2 // steps_in_one, signs)
    return _reduced(parameters, found, when)


def _reduced(parameters: dict[str, Any], found: Results, when: Schedule) -> Results:
    """Means over the trajectories of a sample; in equilibrium over waiting times, too."""
    results: Results = {}
    kept = set(getattr(_module(parameters), "OBSERVABLES", {}))
    for name, values in found.items():
        if name in TWO_TIME_NAMES:
            results[name] = values
            continue
        results[name] = values.mean(axis=1)
        if kept:
            results[f"trajectory_{name}"] = values.T
    if parameters["start"] in STATIONARY:
        end = _stationary_times(when)
        for name in TWO_TIME_NAMES & results.keys():
            results[name] = results[name][:, : len(end)].mean(axis=0)
        results["energy"] = np.array([results["energy"].mean()])
        results |= _spectra(parameters, results, end)
    return results


TWO_TIME_NAMES = {"correlation", "response"}


def _stationary_times(when: Schedule) -> Array:
    """Lags that all waiting times can see, in units of the schedule."""
    longest = when.times[-1] - when.waiting_times[-1]
    return when.lags[when.lags <= longest]


def _spectra(parameters: dict[str, Any], results: Results, lags: Array) -> Results:
    frequency = np.array(parameters["frequencies"], float)
    if not frequency.size:
        return {}
    times = lags * 2 * float(parameters["time_step"])
    of_correlation = half_line_transform(times, results["correlation"], frequency)
    found = {"correlation_spectrum": 2 * of_correlation.real}
    if "response" in results:
        of_response = half_line_transform(times, results["response"], frequency)
        found["response_spectrum_real"] = of_response.real
        found["response_spectrum_imaginary"] = of_response.imag
    return found


def _module(parameters: dict[str, Any]) -> ModuleType:
    return import_module(f"glasscore.langevin.models.{parameters['model']['name']}")


def _schedule(parameters: dict[str, Any]) -> Schedule:
    keys = ("t_max", "time_step", "waiting_times")
    return schedule(*(parameters[key] for key in keys))


def _kept(restart: RestartFile | None, samples: int) -> list[Results]:
    arrays = restart.read() if restart is not None else None
    if restart is None or arrays is None:
        return []
    counts = {len(values) for values in arrays.values()}
    if "energy" not in arrays or len(counts) != 1:
        restart.refuse("does not hold what it should")
        return []
    count = min(samples, counts.pop())
    return [{name: values[k] for name, values in arrays.items()} for k in range(count)]


def _dataset(parameters: dict[str, Any], finished: list[Results]) -> xr.Dataset:
    when, unit = _schedule(parameters), 2 * float(parameters["time_step"])
    stationary = parameters["start"] in STATIONARY
    times = _stationary_times(when) if stationary else when.times
    own = getattr(_module(parameters), "OBSERVABLES", {})
    texts = DESCRIPTIONS | own
    variables = {
        "samples": quantity((), len(finished), "disorder samples", "n"),
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
    for name in finished[0]:
        if name.endswith(STEP_ERROR):
            continue
        values = np.array([one[name] for one in finished])
        if name.startswith("trajectory_"):
            long_name, symbol = texts[name.removeprefix("trajectory_")]
            variables[name] = quantity(
                ("sample", "trajectory", "time"), values, f"{long_name} of each trajectory", symbol
            )
            continue
        dimensions = _dimensions(name, stationary)
        if dimensions == ():
            values = values[:, 0]
        if stationary and name == "correlation":
            # Of which errors of fits follow: a sample's deviations at different times are related.
            text, symbol = texts[name]
            variables[OF_SAMPLE] = quantity(
                ("sample", "time"), values, f"{text}, of each sample", symbol
            )
        variables |= described(name, dimensions, *mean_and_error(values), *texts[name])
        errors = np.array([one[name + STEP_ERROR] for one in finished[::SAMPLES_A_STEP_CHECK]])
        variables[name + STEP_ERROR] = quantity(
            dimensions,
            errors.mean(axis=0).reshape(variables[name].shape),
            f"what the length of the time steps adds to the {texts[name][0]}",
            rf"\delta {texts[name][1]}",
        )
    return xr.Dataset(variables, attrs={"time_unit": TIME_UNIT, "energy_unit": ENERGY_UNIT})


def _dimensions(name: str, stationary: bool) -> tuple[str, ...]:
    if name.endswith(("_spectrum", "_real", "_imaginary")):
        return ("frequency",)
    if name in TWO_TIME_NAMES:
        return ("time",) if stationary else TWO_TIME
    return () if stationary and name == "energy" else ("time",)
