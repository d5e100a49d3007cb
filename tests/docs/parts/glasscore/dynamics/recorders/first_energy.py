"""The energy at the first observation time."""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.interface import next_observation, observe
from glasscore.files.store import quantity
from glasscore.models.schedule import Schedule


class FirstEnergy(NamedTuple):
    """The first observation time and, by sample, 1 if it has passed (else 0) and the energy."""

    time: float
    over: np.ndarray
    energy: np.ndarray


def create(landscape: Any, schedule: Schedule, samples: int) -> FirstEnergy:
    """An empty record."""
    return FirstEnergy(float(schedule.times[0]), np.zeros(samples), np.zeros(samples))


@next_observation.register
def _(recorder: FirstEnergy, sample):
    return recorder.time if recorder.over[sample] == 0.0 else np.inf


@observe.register
def _(recorder: FirstEnergy, sample, departure, position):
    if recorder.over[sample] == 0.0 and recorder.time < departure:
        recorder.over[sample] = 1.0
        recorder.energy[sample] = position.energy[0]


def variables(recorder: FirstEnergy, landscape: Any, schedule: Schedule) -> dict[str, xr.Variable]:
    """``first_energy(sample)``."""
    return {"first_energy": quantity("sample", recorder.energy, "first energy", "E_1", "J")}
