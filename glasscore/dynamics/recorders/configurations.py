"""Configurations at pairs of times: distance of the states at t_w and t_w (1 + omega).

All times of the pairs together are dense enough to draw single trajectories, so that the energies
of the first samples are also written to the result file at all these times.
"""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.interface import next_observation, observe
from glasscore.dynamics.observation_times import (
    coordinates_of_pairs,
    distances_of_pairs,
    next_time_of_sample,
    pass_times,
)
from glasscore.files.store import quantity
from glasscore.landscapes.interface import copy_words, position
from glasscore.models.schedule import Schedule

NEEDS = ("trajectories",)
USES = ("windows", "waiting_times_per_decade", "replicas")


class ConfigurationRecorder(NamedTuple):
    """Observation times in order, the next one of each sample, and the observed quantities.

    ``states``: shape (sample, time, word). ``energies`` and ``departures`` (the times at which the
    states were left): shape (sample, time). ``trajectories``: the number of samples whose energies
    at all times are written.
    """

    times: np.ndarray
    next_time: np.ndarray
    states: np.ndarray
    energies: np.ndarray
    departures: np.ndarray
    trajectories: int


def create(
    landscape: Any, schedule: Schedule, samples: int, trajectories: int = 0
) -> ConfigurationRecorder:
    """An empty record."""
    shape = (samples, schedule.pair_times.size)
    return ConfigurationRecorder(
        schedule.pair_times,
        np.zeros(samples, np.int64),
        np.zeros((*shape, position(landscape).words.size), np.uint64),
        np.full(shape, np.nan),
        np.full(shape, np.nan),
        trajectories,
    )


@next_observation.register
def _(recorder: ConfigurationRecorder, sample):
    return next_time_of_sample(recorder.times, recorder.next_time, sample)


@observe.register
def _(recorder: ConfigurationRecorder, sample, departure, position):
    first, beyond = pass_times(recorder.times, recorder.next_time, sample, departure)
    for index in range(first, beyond):
        copy_words(position.words, recorder.states[sample, index])
        recorder.energies[sample, index] = position.energy[0]
        recorder.departures[sample, index] = departure


def variables(
    recorder: ConfigurationRecorder, landscape: Any, schedule: Schedule
) -> dict[str, xr.Variable]:
    """States and departures at t_w, and distances between t_w and t_w (1 + omega)."""
    at_waiting_time = np.searchsorted(recorder.times, schedule.waiting_times)
    states = recorder.states[:, at_waiting_time]
    pair = ("sample", "waiting_time")
    one_word = states.shape[-1] == 1
    trajectories = {
        "trajectory_time": quantity(
            "trajectory_time", recorder.times, "time since the quench", "t", "attempts"
        ),
        "trajectory_energy": quantity(
            ("trajectory", "trajectory_time"),
            recorder.energies[: recorder.trajectories],
            "energy of one sample",
            "E",
            "J",
        ),
    }
    return {
        **coordinates_of_pairs(schedule),
        "configuration": quantity(
            pair if one_word else (*pair, "word"),
            states[..., 0] if one_word else states,
            "configuration at the waiting time",
            "s(t_w)",
        ),
        "waiting_energy": quantity(
            pair, recorder.energies[:, at_waiting_time], "energy at the waiting time", "E(t_w)", "J"
        ),
        "departure": quantity(
            pair,
            recorder.departures[:, at_waiting_time],
            "time at which the configuration of the waiting time is left",
            "t_d",
            "attempts",
        ),
        "distance": quantity(
            (*pair, "window"),
            distances_of_pairs(landscape, schedule, recorder.times, recorder.states),
            "distance of the configurations at t_w and t_w (1 + omega); -1: not observed",
            "d",
        ),
        **(trajectories if recorder.trajectories else {}),
    }
