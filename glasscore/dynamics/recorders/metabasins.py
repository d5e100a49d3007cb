"""Metabasins: traps below a threshold energy, with returns merged at every level.

Three steps lead from the trajectory to its sequence of metabasins:

1. Immediate returns are merged into stays (``glasscore.dynamics.stays``). A stay is identified by
   its lowest configuration.
2. Stays whose lowest energy lies above the threshold are called passages and are left out.
3. In the sequence of the remaining stays, a return to A merges everything since the last departure
   from A, if all stays in between are shallower than A: A B A and A B C A are one visit to the
   metabasin A, if A is the deepest of them. The merged sequence is the sequence of metabasins.

The ridge before a metabasin is the highest energy of a stay's anchor between the last departure
from the previous metabasin and the first arrival: the highest energy on the way, without the
excursions of stays.

A metabasin is occupied from its first arrival to its last departure, passages and excursions that
lead back included. A return after :data:`MOST_HELD` - 1 other metabasins or more is not recognised.
Clocks may leap over returns: a leap leaves the sequence of metabasins unchanged if its states are
no lower than the lowest state that the stay has met before. At the end of a run, an excursion that
has not led back counts as one that never does.

Source: the merging of returns follows B. Doliwa, A. Heuer, Phys. Rev. E 67, 031506 (2003), who
merge inherent structures that are visited in turn. This project adds the condition that the trap
returned to must be the deepest of the loop; without it, two equally deep traps that the trajectory
visits in turn would merge for ever.
"""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.interface import (
    leap_changes_nothing,
    next_observation,
    observe,
    record_excursion,
    record_return,
    record_visit,
)
from glasscore.dynamics.observation_times import next_time_of_sample, pass_times
from glasscore.dynamics.stays import (
    NOWHERE,
    add_visit,
    begin_next_stay,
    empty_stays,
    leave_for_excursion,
    lowest_energy_so_far,
    return_to_anchor,
    visit_ends_stay,
)
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
AT_CONSTANT_RATES = True
MOST_HELD = 256


class MetabasinRecorder(NamedTuple):
    """The present stay, the metabasins that may still merge, and the record of finished ones.

    ``threshold``: the threshold energy; ``stays``: the present stay of each sample; ``held``
    (sample, :data:`MOST_HELD`): metabasins that a return may still merge, in the order of time, the
    first of which is the deepest; ``number``: the number of these metabasins; ``highest``: the
    highest energy of an anchor since the departure from the last of them; ``next_time``: the index
    of the next observation time; ``record``: the metabasins that have been left for good.
    """

    threshold: float
    stays: np.ndarray
    held: np.ndarray
    number: np.ndarray
    highest: np.ndarray
    next_time: np.ndarray
    record: TrapRecord


def create(
    landscape: Any,
    schedule: Schedule,
    samples: int,
    threshold: float,
    T: float = 1.0,
    trajectories: int = 0,
) -> MetabasinRecorder:
    """An empty record of metabasins below ``threshold``, an energy, at the temperature ``T``."""
    return MetabasinRecorder(
        threshold,
        empty_stays(samples),
        records((samples, MOST_HELD), TRAP),
        np.zeros(samples, np.int64),
        np.full(samples, -np.inf),
        np.zeros(samples, np.int64),
        empty_record(landscape, schedule, samples, threshold, T, trajectories),
    )


@record_visit.register
def _(recorder: MetabasinRecorder, sample, arrival, departure, position):
    _visited(recorder, sample, arrival, departure, name_of(position.words), position.energy[0])


@record_return.register
def _(recorder: MetabasinRecorder, sample, departure):
    return_to_anchor(recorder.stays[sample], departure)


@record_excursion.register
def _(recorder: MetabasinRecorder, sample, time, departure, position):
    leave_for_excursion(
        recorder.stays[sample], time, departure, name_of(position.words), position.energy[0]
    )


@leap_changes_nothing.register
def _(recorder: MetabasinRecorder, sample, lowest_energy):
    return lowest_energy_so_far(recorder.stays[sample]) <= lowest_energy


# These verbs keep leaps from crossing an observation time: the label of the time depends on the
# position of the trajectory at that time.


@next_observation.register
def _(recorder: MetabasinRecorder, sample):
    return next_time_of_sample(recorder.record.times, recorder.next_time, sample)


@observe.register
def _(recorder: MetabasinRecorder, sample, departure, position):
    pass_times(recorder.record.times, recorder.next_time, sample, departure)


@borrowing_kernel
def _visited(recorder, sample, arrival, departure, state, energy):
    stay = recorder.stays[sample]
    if visit_ends_stay(stay, state):
        left = _stayed(
            stay, recorder.held, recorder.number, recorder.highest, recorder.threshold, sample
        )
        if left > 0:
            _write(recorder.record, recorder.held, recorder.number, sample, left)
    add_visit(stay, arrival, departure, state, energy)


@borrowing_kernel
def _stayed(stay, held, number, highest, threshold, sample):
    """Process a finished stay; return how many held metabasins have been left for good."""
    ridge = max(highest[sample], stay.anchor_energy)
    if stay.lowest_energy > threshold:
        highest[sample] = ridge
        return 0
    highest[sample] = stay.anchor_energy
    count = number[sample]
    index = count - 1
    while index >= 0 and held[sample, index].lowest != stay.lowest:
        if held[sample, index].lowest_energy <= stay.lowest_energy:
            index = -1
        else:
            index -= 1
    if index >= 0:
        held[sample, index].departure = stay.departure
        number[sample] = index + 1
        return 0
    trap = held[sample, count]
    trap.arrival = stay.arrival
    trap.departure = stay.departure
    trap.lowest = stay.lowest
    trap.lowest_energy = stay.lowest_energy
    trap.ridge_energy = ridge
    number[sample] = count + 1
    if count > 0 and stay.lowest_energy <= held[sample, 0].lowest_energy:
        return count
    if count + 1 < MOST_HELD:
        return 0
    deepest = 1
    for index in range(2, MOST_HELD):
        if held[sample, index].lowest_energy < held[sample, deepest].lowest_energy:
            deepest = index
    return deepest


@borrowing_kernel
def _write(record, held, number, sample, count):
    """Record the first ``count`` of the held metabasins, and keep the others."""
    for index in range(count):
        write_trap(record, sample, held[sample, index])
    for index in range(count, number[sample]):
        held[sample, index - count] = held[sample, index]
    number[sample] -= count


@kernel
def _complete(stays, held, number, highest, record, threshold, end):
    """Record all held metabasins at the end of the run, as if no excursion led back."""
    for sample in range(stays.size):
        stay = stays[sample]
        while stay.phase != NOWHERE:
            left = _stayed(stay, held, number, highest, threshold, sample)
            _write(record, held, number, sample, left)
            begin_next_stay(stay)
        for index in range(number[sample]):
            write_last_trap(record, sample, held[sample, index], end)


def variables(
    recorder: MetabasinRecorder, landscape: Any, schedule: Schedule
) -> dict[str, xr.Variable]:
    """Occupation of metabasins at pairs of times, trapping times, and the last metabasins."""
    complete = copy_of(recorder.record)
    _complete(
        recorder.stays.copy(),
        recorder.held.copy(),
        recorder.number.copy(),
        recorder.highest.copy(),
        complete,
        recorder.threshold,
        schedule.end,
    )
    return trap_variables(complete, landscape, schedule, "metabasin")
