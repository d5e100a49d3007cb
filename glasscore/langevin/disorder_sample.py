"""One disorder sample of continuous spins: drawn, simulated, and averaged over its trajectories."""

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from glasscore.kernels.random_streams import generator
from glasscore.langevin.protocol import protocol_of
from glasscore.langevin.schedule import Schedule, schedule
from glasscore.langevin.space import SPACES
from glasscore.langevin.spectra import half_line_transform
from glasscore.langevin.split_steps import SplitDynamics
from glasscore.langevin.steps import Array, Dynamics
from glasscore.langevin.trajectories import Results, simulate_trajectories

# One of so many samples is also simulated with steps of twice the length.
SAMPLES_A_STEP_CHECK = 4
# An average has the error h^2 c with steps h and 4 h^2 c with steps 2 h: a third of the difference
# of the two averages is the error with steps h.
ERROR_IN_DIFFERENCES = 1 / 3
STEP_ERROR = "_step_error"
OF_TRAJECTORY = "trajectory_"
TWO_TIME_NAMES = {"correlation", "response"}
# What is one number where the law of the states does not depend on time.
STATIONARY_NUMBERS = {"energy", "magnetisation"}


def simulate_sample(parameters: dict[str, Any], sample: int) -> Results:
    """Averages of one disorder sample, the same whichever job simulates it.

    Parameters
    ----------
    parameters
        As for :func:`glasscore.langevin.stage.run`.
    sample
        The number of the sample.

    Returns
    -------
    dict
        Averages over the trajectories by name; ``trajectory_<name>`` for observables that are kept
        for each trajectory; and ``<name>_step_error``, NaN for samples that are not simulated with
        steps of twice the length.
    """
    results = _simulate(parameters, sample, 1)
    if sample % SAMPLES_A_STEP_CHECK == 0:
        coarse = _simulate(parameters, sample, 2)
    else:
        coarse = {name: np.full_like(values, np.nan) for name, values in results.items()}
    with_errors = dict(results)
    for name in results:
        if not name.startswith(OF_TRAJECTORY):
            difference = coarse[name] - results[name]
            with_errors[name + STEP_ERROR] = ERROR_IN_DIFFERENCES * difference
    return with_errors


def model_module(parameters: dict[str, Any]) -> ModuleType:
    """The file in ``glasscore/langevin/models`` of the model of a job."""
    return import_module(f"glasscore.langevin.models.{parameters['model']['name']}")


def schedule_of_job(parameters: dict[str, Any]) -> Schedule:
    """When trajectories of a job are measured."""
    t_max, step, waiting = (parameters[key] for key in ("t_max", "time_step", "waiting_times"))
    changes = [time for ramp in protocol_of(parameters).ramps for time in dict.fromkeys(ramp[:2])]
    return schedule(t_max, step, waiting, changes)


def temperature_of_start(parameters: dict[str, Any]) -> float:
    """The temperature at which a start in equilibrium is drawn."""
    return float(parameters.get("T_initial", parameters["T"]))


def is_stationary(parameters: dict[str, Any]) -> bool:
    """Whether the law of the states does not depend on time.

    Planted states are in equilibrium without a field, which acts from the start of the run on.
    """
    if parameters["start"] == "random" or parameters.get("ramps"):
        return False
    if parameters["start"] == "planted" and parameters["model"].get("field"):
        return False
    return temperature_of_start(parameters) == parameters["T"]


def stationary_lags(when: Schedule) -> Array:
    """Lags within the run for all waiting times, in units of the schedule."""
    longest = when.times[-1] - when.waiting_times[-1]
    return when.lags[when.lags <= longest]


def _simulate(parameters: dict[str, Any], sample: int, steps_in_one: int) -> Results:
    """One sample with steps of ``steps_in_one`` (1 or 2) times the given length.

    Both lengths see the same noise.
    """
    model, start = _model_and_start(parameters, sample)
    when = schedule_of_job(parameters)
    probes = _probes(parameters, sample, (len(when.waiting_times), *start.shape))
    dynamics = _dynamics(parameters, sample, model, steps_in_one)
    noise = _noise(parameters, sample, steps_in_one)
    measured = simulate_trajectories(
        dynamics, start, noise, when, 2 // steps_in_one, probes, protocol_of(parameters).has_field()
    )
    return _averages(parameters, measured, when)


def _stream(parameters: dict[str, Any], sample: int, role: str) -> np.random.Generator:
    """The random numbers of a sample for one purpose."""
    study = parameters["study"]
    if role == "couplings":
        study = parameters.get("disorder", study)
    return generator(parameters["seed"], study, int(parameters["N"]), sample, role)


def _model_and_start(parameters: dict[str, Any], sample: int) -> tuple[Any, Array]:
    """The sample's couplings, and the states at time 0, shape (N, trajectories)."""
    N, n = int(parameters["N"]), int(parameters["trajectories"])
    T = temperature_of_start(parameters)
    module, options = model_module(parameters), parameters["model"]
    couplings = _stream(parameters, sample, "couplings")
    if parameters["start"] == "planted":
        of_state = _stream(parameters, sample, f"start T={T!r}")
        model, state = module.planted(N, options, T, couplings, of_state)
        return model, np.repeat(state[:, np.newaxis], n, axis=1)
    model = module.draw(N, options, couplings)
    if parameters["start"] == "equilibrium":
        of_states = _stream(parameters, sample, f"start T={T!r}")
        return model, module.equilibrium(model, T, (N, n), of_states)
    return model, SPACES[module.SPACE].random(N, n, _stream(parameters, sample, "start"))


def _noise(parameters: dict[str, Any], sample: int, steps_in_one: int) -> Callable[[], Array]:
    """A function that draws the noise of a step: the sum over the shortest steps within it."""
    shape = (int(parameters["N"]), 1, int(parameters["trajectories"]))
    thermal = _stream(parameters, sample, f"noise T={float(parameters['T'])!r}")

    def noise() -> Array:
        total = thermal.standard_normal(shape)
        for _ in range(1, steps_in_one):
            total += thermal.standard_normal(shape)
        return total / np.sqrt(steps_in_one)

    return noise


def _probes(parameters: dict[str, Any], sample: int, shape: tuple[int, ...]) -> Array | None:
    """Random signs in which trajectories are displaced, if the response is asked for."""
    if not parameters["response"]:
        return None
    return np.where(_stream(parameters, sample, "signs").random(shape) < 0.5, -1.0, 1.0)


def _dynamics(
    parameters: dict[str, Any], sample: int, model: Any, steps_in_one: int
) -> Dynamics | SplitDynamics:
    T, step = float(parameters["T"]), float(parameters["time_step"]) * steps_in_one
    protocol = protocol_of(parameters) if parameters.get("ramps") else None
    if not hasattr(model, "move_in_wells"):
        return Dynamics(model, SPACES[model_module(parameters).SPACE], T, step, protocol)
    shape = (int(parameters["N"]), 1, int(parameters["trajectories"]))
    inner = _stream(parameters, sample, f"noise within steps T={T!r}")
    return SplitDynamics(model, T, step, lambda: inner.standard_normal(shape), protocol)


def _averages(parameters: dict[str, Any], measured: Results, when: Schedule) -> Results:
    """Averages over trajectories; with stationary starts also over the waiting times."""
    results: Results = {}
    keep_trajectories = bool(getattr(model_module(parameters), "OBSERVABLES", {}))
    for name, values in measured.items():
        if name in TWO_TIME_NAMES:
            results[name] = values
            continue
        results[name] = values.mean(axis=1)
        if keep_trajectories:
            results[OF_TRAJECTORY + name] = values.T
    if is_stationary(parameters):
        lags = stationary_lags(when)
        for name in TWO_TIME_NAMES & results.keys():
            results[name] = results[name][:, : len(lags)].mean(axis=0)
        for name in STATIONARY_NUMBERS & results.keys():
            results[name] = np.array([results[name].mean()])
        results |= _spectra(parameters, results, lags)
    return results


def _spectra(parameters: dict[str, Any], results: Results, lags: Array) -> Results:
    """Spectra of the correlation and of the response at the frequencies that are asked for."""
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
