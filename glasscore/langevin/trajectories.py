r"""Trajectories of one disorder sample, with measurements on the way.

All trajectories of a sample, and the displaced copies that measure the response, are columns of one
matrix, so that one pass over the couplings serves all of them.

The response R(t, t_w) = (1/N) sum_i dS_i(t)/dh_i(t_w) to short fields is measured along each
trajectory: a copy is displaced at t_w by epsilon z, with independent signs z_i, and then moves with
the same noise. The mean of z.(S' - S)/(N epsilon) over the signs is R (M. F. Hutchinson, Commun.
Stat. Simul. Comput. 18, 1059 (1989), for traces), whether or not the fluctuation-dissipation
theorem holds. epsilon is so small that the displacement stays linear, and so large that rounding
leaves seven digits.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from glasscore.common.errors import CampaignError
from glasscore.langevin.schedule import Schedule
from glasscore.langevin.split_steps import SplitDynamics, Wells
from glasscore.langevin.steps import Dynamics, Model

Array = NDArray[np.float64]
Results = dict[str, Array]
DISPLACEMENT = 1e-7
# Spins that exceed this grow without bound, while their fourth powers still are finite numbers.
LARGEST = 1e50


def simulate_trajectories(
    dynamics: Dynamics | SplitDynamics,
    start: Array,
    noise: Callable[[], Array],
    schedule: Schedule,
    steps: int,
    probes: Array | None = None,
    has_field: bool = False,
) -> Results:
    """Simulate all trajectories of a sample and measure along them.

    Parameters
    ----------
    dynamics
        How the spins move in one time step.
    start
        The states at time 0, shape (N, n), one trajectory a column.
    noise
        Draws the noise of a step: see ``Dynamics.advance``.
    schedule
        When to measure.
    steps
        Number of steps of the dynamics in one unit of the schedule.
    probes
        The signs z, shape (waiting_times, N, n). If given, the response is measured with them.
    has_field
        Whether there is a field at any time. If so, the magnetisation is measured.

    Returns
    -------
    dict
        ``energy``, ``magnetisation`` and the model's own observables, shape (times, n), and
        ``correlation`` and ``response``, shape (waiting_times, lags), which are means over
        trajectories, and NaN where the later time lies beyond the end.

    Raises
    ------
    CampaignError
        If the steps are too long for the forces.
    """
    shape = (len(schedule.waiting_times), len(schedule.lags))
    two_time: Results = {"correlation": np.full(shape, np.nan)}
    if probes is not None:
        two_time["response"] = np.full(shape, np.nan)
    one_time: dict[str, list[Array]] = {}
    # states[:, 0] are the trajectories, states[:, k + 1] their copies displaced at waiting time k.
    states, now = start[:, np.newaxis, :], 0
    at_waiting_times: list[Array] = []
    times, lag_indices = set(schedule.times.tolist()), _indices(schedule.lags)
    for time in schedule.measurement_times():
        if time > now:
            states = _advance(dynamics, states, noise, (time - now) * steps, now * steps)
            now = time
        if time in times:
            model = dynamics.model_at(time * steps * dynamics.step)
            for name, values in _observables(model, states[:, 0], has_field).items():
                one_time.setdefault(name, []).append(values)
        if time in schedule.waiting_times:
            at_waiting_times.append(states[:, 0])
            if probes is not None:
                states = _with_displaced_copy(dynamics, states, probes[len(at_waiting_times) - 1])
        for index, before in enumerate(at_waiting_times):
            lag = lag_indices.get(time - int(schedule.waiting_times[index]))
            if lag is not None:
                two_time["correlation"][index, lag] = _correlation(before, states)
                if probes is not None:
                    two_time["response"][index, lag] = _response(probes[index], states, index)
    return two_time | {name: np.array(values) for name, values in one_time.items()}


def _advance(
    dynamics: Dynamics | SplitDynamics,
    states: Array,
    noise: Callable[[], Array],
    count: int,
    before: int,
) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        states = dynamics.advance(states, noise, count, before)
    if not np.all(np.abs(states) < LARGEST):
        raise CampaignError(
            "time_step must be shorter: the forces are so strong that steps of "
            f"{dynamics.step:g} run away."
        )
    return states


def _observables(model: Model | Wells, states: Array, has_field: bool) -> Results:
    """The energy, the magnetisation and the model's own observables, each of shape (n,)."""
    own = model.observables(states) if hasattr(model, "observables") else {}
    along_field = {"magnetisation": states.mean(axis=0)} if has_field else {}
    return {"energy": model.energy(states), **along_field, **own}


def _with_displaced_copy(dynamics: Dynamics | SplitDynamics, states: Array, probes: Array) -> Array:
    displaced = states[:, 0] + DISPLACEMENT * probes
    return np.concatenate([states, dynamics.project(displaced)[:, np.newaxis]], axis=1)


def _correlation(before: Array, states: Array) -> float:
    """Mean of S_i(t) S_i(t_w) over spins and trajectories."""
    return float(np.vdot(before, states[:, 0]) / before.size)


def _response(probes: Array, states: Array, index: int) -> float:
    """Mean response of the trajectories to the displacement at the waiting time of an index."""
    moved = np.vdot(probes, states[:, 1 + index] - states[:, 0])
    return float(moved / (probes.size * DISPLACEMENT))


def _indices(values: NDArray[np.int64]) -> dict[int, int]:
    return {int(value): index for index, value in enumerate(values)}
