"""Maximum energy in [t/2, t]: how high the trajectory climbs on its way between traps.

Source: M. Hartarsky, M. Baity-Jesi, R. Ravasio, A. Billoire, G. Biroli, J. Stat. Mech. (2019).
"""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.interface import observe, record_visit
from glasscore.dynamics.observation_times import coordinate_of_times
from glasscore.files.store import quantity
from glasscore.kernels.compilation import inlined_kernel
from glasscore.models.schedule import Schedule, logarithmic_times

USES = ("times_per_decade",)
NEEDS_EVERY_VISIT = True
AT_CONSTANT_RATES = True


class MaximumEnergyRecorder(NamedTuple):
    """Observation times, the first time that each sample has not passed, and maxima.

    ``maxima`` has the shape (sample, time). The times t extend to twice the end of the run: for
    those beyond the end, the run sees the first part of [t/2, t], and a longer run that continues
    it sees the rest.
    """

    times: np.ndarray
    next_time: np.ndarray
    maxima: np.ndarray


def create(landscape: Any, schedule: Schedule, samples: int) -> MaximumEnergyRecorder:
    """An empty record."""
    times = logarithmic_times(2.0 * schedule.end, schedule.times_per_decade)
    return MaximumEnergyRecorder(
        times, np.zeros(samples, np.int64), np.full((samples, times.size), -np.inf)
    )


@record_visit.register
def _(recorder: MaximumEnergyRecorder, sample, arrival, departure, position):
    _raise_maxima(recorder, sample, arrival, departure, position.energy[0])


@observe.register
def _(recorder: MaximumEnergyRecorder, sample, departure, position):
    # The visit in which a run is continued may overlap intervals of times beyond those of the
    # shorter run.
    _raise_maxima(recorder, sample, -np.inf, departure, position.energy[0])


@inlined_kernel
def _raise_maxima(recorder, sample, arrival, departure, energy):
    """Raise the maxima of all intervals [t/2, t] that a visit overlaps to at least its energy."""
    times = recorder.times
    index = recorder.next_time[sample]
    while index < times.size and 0.5 * times[index] < departure:
        if arrival <= times[index]:
            recorder.maxima[sample, index] = max(recorder.maxima[sample, index], energy)
        if times[index] < departure:
            recorder.next_time[sample] = index + 1
        index += 1


def variables(
    recorder: MaximumEnergyRecorder, landscape: Any, schedule: Schedule
) -> dict[str, xr.Variable]:
    """The variable ``maximum_energy(sample, time)``."""
    seen = recorder.maxima[:, : schedule.times.size]
    return {
        **coordinate_of_times(schedule),
        "maximum_energy": quantity(
            ("sample", "time"), seen, "maximum energy in [t/2, t]", "E_max", "J"
        ),
    }
