"""Energy at the observation times."""

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
from glasscore.models.schedule import Schedule

USES = ("times_per_decade",)


class EnergyRecorder(NamedTuple):
    """Observation times, the next one of each sample, and energies, shape (sample, time)."""

    times: np.ndarray
    next_time: np.ndarray
    energies: np.ndarray


def create(landscape: Any, schedule: Schedule, samples: int) -> EnergyRecorder:
    """An empty record."""
    return EnergyRecorder(
        schedule.times, np.zeros(samples, np.int64), np.full((samples, schedule.times.size), np.nan)
    )


@next_observation.register
def _(recorder: EnergyRecorder, sample):
    return next_time_of_sample(recorder.times, recorder.next_time, sample)


@observe.register
def _(recorder: EnergyRecorder, sample, departure, position):
    first, beyond = pass_times(recorder.times, recorder.next_time, sample, departure)
    for index in range(first, beyond):
        recorder.energies[sample, index] = position.energy[0]


def variables(
    recorder: EnergyRecorder, landscape: Any, schedule: Schedule
) -> dict[str, xr.Variable]:
    """The variable ``energy(sample, time)``."""
    return {
        **coordinate_of_times(schedule),
        "energy": quantity(("sample", "time"), recorder.energies, "energy", "E", "J"),
    }
