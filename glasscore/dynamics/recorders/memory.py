"""Memory of the start: distance of the configuration at each observation time from that at t = 0.

For spins the distance is the number of spins that differ, for other states 0 or 1, whether the
state is another one. A trajectory that begins in equilibrium forgets its start in the time that
the system takes to relax.
"""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.interface import next_observation, observe
from glasscore.dynamics.observation_times import (
    coordinate_of_times,
    next_time_of_sample,
    pass_times,
)
from glasscore.files.store import quantity
from glasscore.landscapes.interface import copy_words, distance, position
from glasscore.models.schedule import Schedule

USES = ("times_per_decade",)


class MemoryRecorder(NamedTuple):
    """Time 0 and the observation times, the next one of each sample, and the states at them.

    ``states`` has the shape (sample, time, word).
    """

    times: np.ndarray
    next_time: np.ndarray
    states: np.ndarray


def create(landscape: Any, schedule: Schedule, samples: int) -> MemoryRecorder:
    """An empty record."""
    times = np.concatenate([[0.0], schedule.times])
    shape = (samples, times.size, position(landscape).words.size)
    return MemoryRecorder(times, np.zeros(samples, np.int64), np.zeros(shape, np.uint64))


@next_observation.register
def _(recorder: MemoryRecorder, sample):
    return next_time_of_sample(recorder.times, recorder.next_time, sample)


@observe.register
def _(recorder: MemoryRecorder, sample, departure, position):
    first, beyond = pass_times(recorder.times, recorder.next_time, sample, departure)
    for index in range(first, beyond):
        copy_words(position.words, recorder.states[sample, index])


def variables(
    recorder: MemoryRecorder, landscape: Any, schedule: Schedule
) -> dict[str, xr.Variable]:
    """The variable ``start_distance(sample, time)``."""
    states = recorder.states
    return {
        **coordinate_of_times(schedule),
        "start_distance": quantity(
            ("sample", "time"),
            distance(landscape, states[:, 1:], states[:, :1]),
            "distance of the configuration from that at t = 0",
            "d(t, 0)",
        ),
    }
