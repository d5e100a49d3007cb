"""Maximum energy in [t/2, t]: how high the trajectory climbs on its way between traps.

Source: M. Hartarsky, M. Baity-Jesi, R. Ravasio, A. Billoire, G. Biroli, J. Stat. Mech. (2019).
"""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.interface import observe, record_visit
from glasscore.files.store import quantity
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
    times = recorder.times
    index = recorder.next_time[sample]
    while index < times.size and 0.5 * times[index] < departure:
        if arrival <= times[index]:
            highest = max(recorder.maxima[sample, index], position.energy[0])
            recorder.maxima[sample, index] = highest
        if times[index] < departure:
            recorder.next_time[sample] = index + 1
        index += 1


@observe.register
def _(recorder: MaximumEnergyRecorder, sample, departure, position):
    # The visit going on where a run is continued may reach beyond the times known when it began.
    times = recorder.times
    index = recorder.next_time[sample]
    while index < times.size and 0.5 * times[index] < departure:
        highest = max(recorder.maxima[sample, index], position.energy[0])
        recorder.maxima[sample, index] = highest
        if times[index] < departure:
            recorder.next_time[sample] = index + 1
        index += 1


def variables(
    recorder: MaximumEnergyRecorder, landscape: Any, schedule: Schedule
) -> dict[str, xr.Variable]:
    """``maximum_energy(sample, time)``."""
    seen = recorder.maxima[:, : schedule.times.size]
    return {
        "time": quantity("time", schedule.times, "time since the quench", "t", "attempts"),
        "maximum_energy": quantity(
            ("sample", "time"), seen, "maximum energy in [t/2, t]", "E_max", "J"
        ),
    }
