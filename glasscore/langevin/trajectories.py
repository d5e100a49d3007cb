r"""Trajectories of one disorder sample, and what is measured on the way.

All trajectories of a sample, and their displaced copies, are columns of one matrix, so that its
couplings are read once for all of them.

The response R(t, t_w) = (1/N) sum_i dS_i(t)/dh_i(t_w) to short fields is followed along each
trajectory: a copy is displaced at t_w by epsilon z, with independent signs z_i, and goes on in the
same noise. Then z.(S' - S)/(N epsilon) has the mean R over the signs (M. F. Hutchinson, Commun.
Stat. Simul. Comput. 18, 1059 (1989), for traces), and nothing is assumed of correlations. epsilon
is so small that the displacement stays linear, and so large that rounding leaves seven digits.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from glasscore.common.errors import CampaignError
from glasscore.langevin.schedule import Schedule
from glasscore.langevin.split_steps import SplitDynamics
from glasscore.langevin.steps import Dynamics

Array = NDArray[np.float64]
Results = dict[str, Array]
DISPLACEMENT = 1e-7
# Spins beyond it have run away, while their fourth powers are still numbers.
LARGEST = 1e50


def measured(
    dynamics: Dynamics | SplitDynamics,
    start: Array,
    noise: Callable[[], Array],
    schedule: Schedule,
    steps: int,
    probes: Array | None = None,
) -> Results:
    """Follow all trajectories of a sample.

    Parameters
    ----------
    dynamics
        What moves how.
    start
        Shape (N, n), one column a trajectory.
    noise
        See ``Dynamics.advanced``.
    schedule
        When to look.
    steps
        Steps of the dynamics to a unit of the schedule.
    probes
        Signs z, shape (waiting_times, N, n): the response is measured with them.

    Returns
    -------
    dict
        ``energy`` and the model's own observables, shape (times, n), ``correlation`` and
        ``response``, shape (waiting_times, lags), means over trajectories, NaN after the end.

    Raises
    ------
    CampaignError
        If the steps are too long for the forces.
    """
    N, n = start.shape
    shape = (len(schedule.waiting_times), len(schedule.lags))
    found: Results = {"correlation": np.full(shape, np.nan)}
    if probes is not None:
        found["response"] = np.full(shape, np.nan)
    states, references, now = start[:, np.newaxis, :], [], 0
    rows: dict[str, list[Array]] = {}
    at_times, lag_numbers = set(schedule.times.tolist()), _numbers(schedule.lags)
    for look in schedule.looks():
        if look > now:
            states = _advanced(dynamics, states, noise, (look - now) * steps)
            now = look
        one = states[:, 0]
        if look in at_times:
            for name, values in _at_one_time(dynamics, one).items():
                rows.setdefault(name, []).append(values)
        if look in schedule.waiting_times:
            references.append(one)
            if probes is not None:
                copy = one + DISPLACEMENT * probes[len(references) - 1]
                copies = dynamics.restored(copy)[:, np.newaxis]
                states = np.concatenate([states, copies], axis=1)
        for number, reference in enumerate(references):
            lag = lag_numbers.get(look - int(schedule.waiting_times[number]))
            if lag is None:
                continue
            found["correlation"][number, lag] = np.vdot(reference, one) / (N * n)
            if probes is not None:
                moved = np.vdot(probes[number], states[:, 1 + number] - one)
                found["response"][number, lag] = moved / (N * n * DISPLACEMENT)
    return found | {name: np.array(values) for name, values in rows.items()}


def _advanced(
    dynamics: Dynamics | SplitDynamics, states: Array, noise: Callable[[], Array], count: int
) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        states = dynamics.advanced(states, noise, count)
    if not np.all(np.abs(states) < LARGEST):
        raise CampaignError(
            "time_step must be shorter: the forces are so strong that steps of "
            f"{dynamics.step:g} run away."
        )
    return states


def _at_one_time(dynamics: Dynamics | SplitDynamics, states: Array) -> Results:
    model = dynamics.model
    own = model.observables(states) if hasattr(model, "observables") else {}
    return {"energy": model.energy(states), **own}


def _numbers(values: NDArray[np.int64]) -> dict[int, int]:
    return {int(value): number for number, value in enumerate(values)}
