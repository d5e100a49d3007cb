"""Energy at the observation times."""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.interface import next_observation, observe
from glasscore.schedule import Schedule
from glasscore.store import quantity


class EnergyRecorder(NamedTuple):
    """Observation times, the next of them for each sample, and energies (sample, time)."""

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
    index = recorder.next_time[sample]
    return recorder.times[index] if index < recorder.times.size else np.inf


@observe.register
def _(recorder: EnergyRecorder, sample, departure, position):
    index = recorder.next_time[sample]
    while index < recorder.times.size and recorder.times[index] < departure:
        recorder.energies[sample, index] = position.energy[0]
        index += 1
    recorder.next_time[sample] = index


def variables(
    recorder: EnergyRecorder, landscape: Any, schedule: Schedule
) -> dict[str, xr.Variable]:
    """``energy(sample, time)``."""
    return {
        "time": quantity("time", recorder.times, "time since the quench", "t", "attempts"),
        "energy": quantity(("sample", "time"), recorder.energies, "energy", "E", "J"),
    }
