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


class MaximumEnergyRecorder(NamedTuple):
    """Observation times, the first that is not over for each sample, and maxima (sample, time).

    The times go on to twice the end: of these the run sees the beginning of [t/2, t], and a longer
    run that goes on from there the rest.
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
    # The visit going on where a run is continued may reach beyond the times known when it began.
    _raise_maxima(recorder, sample, -np.inf, departure, position.energy[0])


@inlined_kernel
def _raise_maxima(recorder, sample, arrival, departure, energy):
    """Raise the maxima of all [t/2, t] that a visit overlaps with to its energy."""
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
    """``maximum_energy(sample, time)``."""
    seen = recorder.maxima[:, : schedule.times.size]
    return {
        **coordinate_of_times(schedule),
        "maximum_energy": quantity(
            ("sample", "time"), seen, "maximum energy in [t/2, t]", "E_max", "J"
        ),
    }
