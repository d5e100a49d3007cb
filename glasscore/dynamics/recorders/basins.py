"""Basins: the parts of a trajectory below a threshold energy.

The trajectory enters a basin when it comes from above the threshold to an energy at or below it,
and leaves the basin when its energy rises above the threshold again. Every entry counts as another
basin, even if the trajectory returns to the basin that it has just left; the recorder
``metabasins`` merges such returns. A basin is identified by the lowest configuration that the
trajectory visits in it. The ridge before a basin is the highest energy since the basin before it.

Source: the dynamical basins of C. Cammarota, E. Marinari, Phys. Rev. E 92, 010301 (2015) and of
M. R. Carbone, M. Baity-Jesi, Phys. Rev. E 106, 024603 (2022).
"""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.interface import record_visit
from glasscore.dynamics.trap_record import (
    TRAP,
    TrapRecord,
    copy_of,
    empty_record,
    trap_variables,
    write_last_trap,
    write_trap,
)
from glasscore.kernels.compilation import borrowing_kernel, kernel, records
from glasscore.kernels.hashing import name_of
from glasscore.models.schedule import Schedule

NEEDS = ("threshold", "T", "trajectories")
NEEDS_EVERY_VISIT = True
AT_CONSTANT_RATES = True


class BasinRecorder(NamedTuple):
    """The threshold energy, the present basin of each sample, and the record of finished basins.

    ``inside``: whether each sample is in a basin now. ``highest``: the highest energy since the
    last basin. ``basins``: the present basin, if there is one.
    """

    threshold: float
    inside: np.ndarray
    highest: np.ndarray
    basins: np.ndarray
    record: TrapRecord


def create(
    landscape: Any,
    schedule: Schedule,
    samples: int,
    threshold: float,
    T: float = 1.0,
    trajectories: int = 0,
) -> BasinRecorder:
    """An empty record of basins below ``threshold``, an energy, at the temperature ``T``."""
    return BasinRecorder(
        threshold,
        np.zeros(samples, np.bool_),
        np.full(samples, -np.inf),
        records(samples, TRAP),
        empty_record(landscape, schedule, samples, threshold, T, trajectories),
    )


@record_visit.register
def _(recorder: BasinRecorder, sample, arrival, departure, position):
    _visited(recorder, sample, arrival, departure, name_of(position.words), position.energy[0])


@borrowing_kernel
def _visited(recorder, sample, arrival, departure, state, energy):
    basin = recorder.basins[sample]
    was_inside = recorder.inside[sample]
    is_inside = energy <= recorder.threshold
    recorder.inside[sample] = is_inside
    if was_inside and not is_inside:
        write_trap(recorder.record, sample, basin)
        recorder.highest[sample] = energy
    if is_inside:
        if not was_inside:
            basin.arrival = arrival
            basin.lowest_energy = np.inf
            basin.ridge_energy = recorder.highest[sample]
        if energy < basin.lowest_energy:
            basin.lowest = state
            basin.lowest_energy = energy
        basin.departure = departure
    else:
        recorder.highest[sample] = max(recorder.highest[sample], energy)


@kernel
def _complete(basins, inside, record, end):
    """Write down the basins occupied at the end of the run."""
    for sample in range(basins.size):
        if inside[sample]:
            write_last_trap(record, sample, basins[sample], end)


def variables(
    recorder: BasinRecorder, landscape: Any, schedule: Schedule
) -> dict[str, xr.Variable]:
    """Occupation of basins at pairs of times, trapping times, and the last basins."""
    complete = copy_of(recorder.record)
    _complete(recorder.basins, recorder.inside, complete, schedule.end)
    return trap_variables(complete, landscape, schedule, "basin")
