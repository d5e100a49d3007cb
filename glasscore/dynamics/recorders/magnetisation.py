r"""Magnetisation at the observation times: the mean of all spins.

.. math:: m(t) = \frac{1}{N} \sum_i s_i(t)

Without a field it is zero on average. In a field that is switched on it grows (zero-field-cooled);
if the field is switched off, what is left decays (thermoremanent).
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
from glasscore.landscapes.in_field import spins_up
from glasscore.models.schedule import Schedule

GRAPHS = ("hypercube",)
USES = ("times_per_decade",)


class MagnetisationRecorder(NamedTuple):
    """Observation times, the next one of each sample, and numbers of spins that are up.

    ``up`` has the shape (sample, time); it is -1 at times that the sample has not reached.
    """

    times: np.ndarray
    next_time: np.ndarray
    up: np.ndarray


def create(landscape: Any, schedule: Schedule, samples: int) -> MagnetisationRecorder:
    """An empty record."""
    shape = (samples, schedule.times.size)
    return MagnetisationRecorder(
        schedule.times, np.zeros(samples, np.int64), np.full(shape, -1, np.int16)
    )


@next_observation.register
def _(recorder: MagnetisationRecorder, sample):
    return next_time_of_sample(recorder.times, recorder.next_time, sample)


@observe.register
def _(recorder: MagnetisationRecorder, sample, departure, position):
    first, beyond = pass_times(recorder.times, recorder.next_time, sample, departure)
    up = 0
    for word in range(position.words.size):
        up += spins_up(position.words[word])
    for index in range(first, beyond):
        recorder.up[sample, index] = up


def variables(
    recorder: MagnetisationRecorder, landscape: Any, schedule: Schedule
) -> dict[str, xr.Variable]:
    """The variable ``magnetisation(sample, time)``."""
    m = np.where(recorder.up < 0, np.nan, 2.0 * recorder.up / landscape.N - 1.0)
    return {
        **coordinate_of_times(schedule),
        "magnetisation": quantity(("sample", "time"), m, "magnetisation per spin", "m"),
    }
